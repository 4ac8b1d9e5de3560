"""The lines of a board in their places, each with the name that the whole report calls it by."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bench.text import one_line
from bench.verdicts.summary import Board, Line
from bench.verdicts.verdict import Place, Slowdown
from bench.workload import Workload


@dataclass(frozen=True)
class Row:
    """A line in its place on a board."""

    line: Line
    label: str
    place: Place | None
    """Among exact implementations; the others are listed and not ranked."""
    slowdown: Slowdown | None
    measured: dict[Workload, float]
    """Published latency in µs of each workload with an ok result."""


def rows(board: Board) -> tuple[Row, ...]:
    """The lines of `board`, ranked."""
    ranked = board.ranked()
    return tuple(
        Row(line, label, board.place(line), board.slowdown(line), line.measured)
        for line, label in zip(ranked, labels(ranked), strict=True)
    )


def by_latency(ranked: Iterable[Row], workload: Workload) -> list[Row]:
    """Those that ran `workload`, the fastest first; those of one latency by their names."""

    def order(row: Row) -> tuple[float, str, str]:
        line = row.line
        return row.measured[workload], line.implementation, line.variant or ""

    return sorted((row for row in ranked if workload in row.measured), key=order)


def labels(lines: Iterable[Line]) -> list[str]:
    """What to call each line: its title, and where two share one, its page too."""
    return told_apart([(line.title, line.implementation, line.variant) for line in lines])


def told_apart(names: Iterable[tuple[str, str, str | None]]) -> list[str]:
    """A label for each title, page and variant: the title, and where two share one, the rest."""
    found = [(one_line(title), slug, variant) for title, slug, variant in names]
    times = Counter(title for title, _, _ in found)
    return [
        f"{title} [{slug}{'#' + variant if variant else ''}]" if times[title] > 1 else title
        for title, slug, variant in found
    ]


def columns(workloads: Iterable[Workload]) -> dict[Workload, int | str]:
    """What tells the workloads of a board apart: the sequence length where that suffices."""
    workloads = list(workloads)
    lengths = [workload.seqlen_q for workload in workloads]
    alone = len(set(lengths)) == len(lengths)
    return {w: w.seqlen_q if alone else w.name for w in workloads}
