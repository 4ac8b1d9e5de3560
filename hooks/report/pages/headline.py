"""The headline of a leaderboard, generated from its ranks."""

from collections.abc import Iterator, Sequence

from bench.analysis.leaderboard import Leaderboard, Line, by_latency
from bench.analysis.verdict import Rank
from bench.operations.operation import Workload
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import SPACE, microseconds, percent

_NAMED = 3
"""Largest number of names in a list; further ones are only counted."""


def headline(board: Leaderboard) -> h.Element:
    """A paragraph: which implementations are fastest at the longest workload, and by how much."""
    return h.element("p", _sentences(board))


def plain(board: Leaderboard) -> str:
    """The headline as plain text."""
    return _text(headline(board))


def _text(content: h.Content) -> str:
    return content if isinstance(content, str) else "".join(map(_text, content.content))


def _sentences(board: Leaderboard) -> Iterator[h.Contents]:
    ran = [workload for workload in board.workloads if workload in board.fastest]
    device = _strong(board.scope.device)
    if not ran:
        yield from ("Nothing ran on ", device, " yet.")
        return
    workload = max(ran, key=lambda workload: (workload.size, workload.name))
    first = board.fastest[workload]
    yield from ("On ", device)
    if first.cases[workload].interval_us is None:
        yield ", each case was timed in a single round: without intervals nobody can tell which is "
        yield "the fastest."
        return
    leaders = [line for line in board.exact if line is first or _leads(line.ranks.get(workload))]
    yield (", ", _enumerated([_strong(line.label) for line in leaders]))
    yield " are tied" if len(leaders) > 1 else " is the fastest"
    yield f" at {workload.label} with "
    yield h.element("strong", f"{_latency(leaders, workload)}{SPACE}µs")
    if comparisons := list(_compared(board, first, leaders, workload)):
        yield (": ", _enumerated(comparisons))
    yield f". {_coverage(board, leaders[0])}"
    yield _unranked(board, workload)


def _enumerated(parts: Sequence[h.Content]) -> Iterator[h.Content]:
    """A list in words: `a`, `a and b`, `a, b and c`, `a, b, c and 2 more`."""
    if len(parts) > _NAMED:
        parts = [*parts[:_NAMED], f"{len(parts) - _NAMED} more"]
    for index, part in enumerate(parts):
        if index:
            yield " and " if index == len(parts) - 1 else ", "
        yield part


def _strong(text: str) -> h.Element:
    return h.element("strong", one_line(text))


def _leads(rank: Rank | None) -> bool:
    """Whether no line is significantly faster than one with this rank."""
    return rank is not None and rank.number == 1


def _latency(leaders: Sequence[Line], workload: Workload) -> str:
    """The latency of the leader, or the range of latencies of tied leaders."""
    latencies = [line.measured[workload] for line in leaders]
    low, high = microseconds(min(latencies)), microseconds(max(latencies))
    return low if low == high else f"{low} – {high}"


def _coverage(board: Leaderboard, line: Line) -> str:
    """A sentence: at how many workloads no line is significantly faster than `line`."""
    ranks = [line.ranks.get(workload) for workload in board.workloads]
    ahead = [rank for rank in ranks if rank and rank.number == 1]
    tied = sum(rank.tied for rank in ahead)
    ties = f", tied at {tied}" if tied else ""
    count = len(board.workloads)
    return f"{line.label} is first at {len(ahead)} of {count} workloads{ties}."


def _unranked(board: Leaderboard, workload: Workload) -> Iterator[h.Contents]:
    """The exact lines that are not ranked because they were timed in a single round."""
    lines = [
        line.label
        for line in board.exact
        if workload in line.measured and workload not in line.ranks
    ]
    if lines:
        are = "is" if len(lines) == 1 else "are"
        yield (" ", _enumerated(lines), f", timed in a single round, {are} not ranked.")


def _compared(
    board: Leaderboard, first: Line, leaders: Sequence[Line], workload: Workload
) -> Iterator[str]:
    """Comparisons of the fastest line with the first after the leaders, and with the baseline."""
    behind = [
        line
        for line in by_latency(board.exact, workload)
        if workload in line.ranks and line not in leaders
    ]
    second = next((line for line in behind if line is not board.baseline), None)
    for line in (second, board.baseline):
        if line in behind:
            ratio = line.measured[workload] / first.measured[workload]
            ahead = (
                f"{ratio:.1f}× as fast as" if ratio >= 1.5 else f"{percent(ratio - 1)} faster than"
            )
            yield f"{ahead} {line.label}"
