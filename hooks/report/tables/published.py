"""Figures of papers and vendors, next to ours where the two are comparable; never ranked."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bench.analysis.leaderboard import Line
from bench.operations.discovery import operation_of
from bench.operations.operation import Workload, dtype_label
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import SPACE, percent, significant
from hooks.report.metrics import METRICS
from hooks.report.reading.published import Published
from hooks.report.reading.report import Report
from hooks.report.tables.lines import name

NEAR = 2.0
"""Largest ratio of two sequence lengths that are still compared."""

AGREES = 0.05
"""Largest difference of two rates, as a share, that counts as agreement.

Two cards of one kind differ by up to 3 %, and harnesses by what they time.
"""

_AXES = {"seqlen_q": "tokens", "q_heads": "query heads", "kv_heads": "key heads"}
"""Axes in words; the others have their names."""


class _Pair(NamedTuple):
    """A figure of theirs, and the result of ours that stands beside it."""

    figure: Published
    line: Line
    workload: Workload
    rate: float

    @property
    def ratio(self) -> float:
        """Our rate over theirs."""
        return self.rate / self.figure.rate


def published_tables(report: Report, figures: tuple[Published, ...]) -> Iterator[h.Contents]:
    """Published figures next to ours, and folded tables of all published figures."""
    if not figures:
        yield h.element("p", "No published figures have been collected yet.")
        return
    pairs = [pair for figure in figures for pair in _pairs(report, figure)]
    if pairs:
        titles = (
            *h.names("Theirs"),
            *h.numbers("They say", "We measured", "Ours ÷ theirs"),
            *h.names("Ours"),
            *h.words("Their shape", "Our shape"),
            *h.names("What differs"),
        )
        caption = "Published rates and ours: same device, operation, dtype, mask and head dimension"
        same_shape = [pair for pair in pairs if pair.workload == pair.figure.workload]
        yield from _agreement([pair.ratio for pair in same_shape])
        yield h.table("published", caption, titles, (_row(report, pair) for pair in pairs))
    else:
        text = "No published figure matches a result of ours in device, operation, dtype, mask and"
        yield h.element("p", f"{text} head dimension.")
    yield _all(figures)


def _agreement(ratios: list[float]) -> Iterator[h.Element]:
    """How many of the figures of one shape agree with ours; nothing if there are none."""
    if ratios:
        near = sum(abs(ratio - 1) <= AGREES for ratio in ratios)
        text = f"Of {len(ratios)} figures of a shape that we measured, {near} are within "
        text += f"{percent(AGREES, 0)} of ours; ours are {min(ratios):.2f} to {max(ratios):.2f} "
        yield h.element("p", f"{text}times theirs.")


def _pairs(report: Report, figure: Published) -> Iterator[_Pair]:
    """A figure with each of our lines that is comparable with it."""
    pages, theirs = set(figure.pages.split()), figure.workload
    metric = METRICS["tflops" if figure.unit == "TFLOP/s" else "bandwidth"]
    for board in report.leaderboards if figure.comparable else ():
        scope, dtype = board.scope, dtype_label(theirs.dtype)
        ours = (scope.device, scope.operation, scope.dtype, scope.group, scope.direction)
        if ours == (figure.device, theirs.operation, dtype, theirs.group, theirs.direction):
            for line in sorted(board.lines, key=lambda line: line.key.order):
                workload = _nearest(theirs, line)
                rate = metric.of(board, line, workload) if workload else None
                if workload and rate and line.key.implementation in pages:
                    yield _Pair(figure, line, workload, rate.value)


def _nearest(theirs: Workload, line: Line) -> Workload | None:
    """The workload itself, if the line has a result of it, or the nearest along the size axis.

    Without a size axis, no other workload is near. With one, the `head_dim` has to be the same, and
    queries and keys as long as each other.
    """
    if theirs in line.measured:
        return theirs
    if not operation_of(theirs).sized:
        return None
    near = {
        workload: (abs(math.log(workload.size / theirs.size)), workload.size)
        for workload in line.measured
        if workload.axes.get("head_dim") == theirs.axes.get("head_dim")
        and workload.axes.get("seqlen_q") == workload.axes.get("seqlen_kv")
        and 1 / NEAR <= workload.size / theirs.size <= NEAR
    }
    return min(near, key=near.__getitem__, default=None)


def _row(report: Report, pair: _Pair) -> tuple[h.Contents, ...]:
    theirs = pair.figure
    return (
        (one_line(f"{theirs.implementation}, {theirs.direction}: "), " ", _source(theirs)),
        _rate(theirs),
        significant(pair.rate),
        f"{pair.ratio:.2f}",
        name(report, pair.line),
        h.cell(theirs.workload.label, class_="shape"),
        h.cell(pair.workload.label, class_="shape"),
        _differs(theirs.workload, pair.workload),
    )


def _rate(figure: Published) -> str:
    return f"{significant(figure.rate)}{SPACE}{figure.unit}"


def _differs(theirs: Workload, ours: Workload) -> str:
    """The differences between our shape, the nearest that was measured, and theirs."""
    axes = theirs.axes
    parts = [
        f"{_AXES.get(name, name)} {value:,}, not {axes[name]:,}"
        for name, value in ours.axes.items()
        if value != axes[name] and name != "seqlen_kv"
    ]
    return f"nearest shape: {'; '.join(parts)}" if parts else "same shape"


def _all(figures: tuple[Published, ...]) -> Iterator[h.Contents]:
    """All figures, in a folded table for each device and direction."""
    grouped: dict[str, list[Published]] = {}
    for figure in figures:
        grouped.setdefault(one_line(f"{figure.device}, {figure.direction}"), []).append(figure)
    for where, group in grouped.items():
        yield h.details(f"{where}: {len(group)} published figures", _table(where, group))


def _table(name: str, figures: Iterable[Published]) -> h.Element:
    titles = *h.words("Theirs", "Shape"), *h.numbers("Rate"), *h.names("Source", "Note")
    rows = (
        (
            one_line(figure.implementation),
            figure.workload.label,
            _rate(figure),
            _source(figure),
            one_line(figure.note) or "–",
        )
        for figure in figures
    )
    return h.table("published", f"Published rates, {name}", titles, rows)


def _source(figure: Published) -> h.Content:
    return h.link(one_line(figure.source), figure.url)
