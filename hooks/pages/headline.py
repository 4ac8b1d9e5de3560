"""The sentence at the top of a board, made from its verdicts."""

from collections.abc import Iterator, Sequence

from bench.text import one_line
from bench.verdicts.summary import BASELINE, Board, Line
from bench.workload import Workload
from hooks.markup import escape, microseconds

_NAMED = 3
"""Names in a list; of more, the rest is counted."""


def headline(board: Board) -> str:
    """Which implementation is fastest where, with whom it is level, and by how much, as HTML."""
    ran = [w for w in board.workloads if w in board.fastest]
    if not ran:
        return f"<p>Nothing ran on <strong>{_text(board.scope.device)}</strong> yet.</p>"
    workload = max(ran, key=lambda w: (w.seqlen_q, w.name))
    first = board.fastest[workload]
    if first.cells[workload].interval_us is None:
        return (
            f"<p>On <strong>{_text(board.scope.device)}</strong> each case was timed in one round: "
            "without intervals nobody can tell which is the fastest.</p>"
        )
    level = _level(board, first, workload)
    leaders = [line for line in board.exact if line is first or line in level]
    parts = [*_compared(board, first, level, workload)]
    tail = f": {_listed(parts)}" if parts else ""
    return (
        f"<p>On <strong>{_text(board.scope.device)}</strong>, {_lead(leaders)} at "
        f"{workload.seqlen_q:,} tokens ({workload.dtype}, {workload.q_heads} heads of "
        f"{workload.head_dim}{', causal' if workload.causal else ''}) with <strong>"
        f"{_latency(leaders, workload)}&nbsp;µs</strong>{tail}. "
        f"{_coverage(board, leaders[0])}{_unranked(board, workload)}</p>"
    )


def _unranked(board: Board, workload: Workload) -> str:
    """The exact lines that were timed in one round, of which nobody can tell how they stand."""
    ranked = board.places_at(workload)
    names = [
        _text(line.title)
        for line in board.exact
        if workload in line.measured and (line.implementation, line.variant) not in ranked
    ]
    if not names:
        return ""
    are = "is" if len(names) == 1 else "are"
    return f" {_names(names)}, timed in one round, {are} not ranked."


def _lead(leaders: Sequence[Line]) -> str:
    """Who is in front; those that are level are named together, in the table's order."""
    names = _names([f"<strong>{_text(line.title)}</strong>" for line in leaders])
    return f"{names} are level" if len(leaders) > 1 else f"{names} is the fastest"


def _latency(leaders: Sequence[Line], workload: Workload) -> str:
    """The latency of the first, or the lowest and the highest of those that are level."""
    found = [line.measured[workload] for line in leaders]
    low, high = microseconds(min(found)), microseconds(max(found))
    return low if low == high else f"{low} – {high}"


def _coverage(board: Board, line: Line) -> str:
    """At how many of all workloads none is shown to be faster."""
    key = (line.implementation, line.variant)
    places = [board.places_at(workload).get(key) for workload in board.workloads]
    ahead = [place for place in places if place and place.rank == 1]
    tied = sum(place.tied for place in ahead)
    level = f", level with another at {tied}" if tied else ""
    count = len(board.workloads)
    return f"{_text(line.title)} is first at {len(ahead)} of {count} workloads{level}."


def _compared(
    board: Board, first: Line, level: Sequence[Line], workload: Workload
) -> Iterator[str]:
    """Whom the first leads, and how it stands to the baseline."""
    others = [line for line in _others(board, first, workload) if line not in level]
    for line in [line for line in others if line.implementation != BASELINE][:1]:
        yield _ahead(first, line, workload)
    for line in others:
        if line.implementation == BASELINE:
            yield _times(first, line, workload)


def _others(board: Board, first: Line, workload: Workload) -> list[Line]:
    """The other lines with a rank at `workload`, the fastest first."""
    ranked = board.places_at(workload)
    found = [
        line
        for line in board.exact
        if (line.implementation, line.variant) in ranked and line is not first
    ]
    return sorted(found, key=lambda line: line.measured[workload])


def _level(board: Board, first: Line, workload: Workload) -> list[Line]:
    """The lines of which nobody can tell that `first` is faster."""
    places = board.places_at(workload)
    return [
        line
        for line in _others(board, first, workload)
        if places[line.implementation, line.variant].rank == 1
    ]


def _ahead(first: Line, second: Line, workload: Workload) -> str:
    ratio = second.measured[workload] / first.measured[workload]
    if ratio >= 1.5:
        return _times(first, second, workload)
    return f"{(ratio - 1) * 100:.1f}&nbsp;% faster than {_text(second.title)}"


def _times(first: Line, line: Line, workload: Workload) -> str:
    ratio = line.measured[workload] / first.measured[workload]
    return f"{ratio:.1f}× as fast as {_text(line.title)}"


def _names(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return _listed([*names[:_NAMED], f"{more} more"] if more > 0 else names)


def _listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def _text(text: str) -> str:
    return escape(one_line(text))
