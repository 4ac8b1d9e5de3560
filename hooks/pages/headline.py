"""The sentence at the top of a board, made from its verdicts."""

from collections.abc import Iterator, Sequence

from bench.text import one_line
from bench.verdicts.summary import BASELINE, Board, Line
from bench.workload import Workload
from hooks.markup import escape, microseconds

CLOSE = 0.01
"""A lead under this share is none where there is no interval: processes differ by as much."""

_NAMED = 3
"""Names in a list; of more, the rest is counted."""


def headline(board: Board) -> str:
    """Which implementation is fastest where, with whom it is level, and by how much, as HTML."""
    ran = [w for w in board.workloads if w in board.fastest]
    if not ran:
        return f"<p>Nothing ran on <strong>{_text(board.scope.device)}</strong> yet.</p>"
    workload = max(ran, key=lambda w: (w.seqlen_q, w.name))
    first = board.fastest[workload]
    near = _near(board, first, workload)
    level = [line for line in near if _has_interval(first, line, workload)]
    leaders = [line for line in board.exact if line is first or line in level]
    parts = [*_compared(board, first, near, workload)]
    tail = f": {_listed(parts)}" if parts else ""
    return (
        f"<p>On <strong>{_text(board.scope.device)}</strong>, {_lead(leaders, near)} at "
        f"{workload.seqlen_q:,} tokens ({workload.dtype}, {workload.q_heads} heads of "
        f"{workload.head_dim}{', causal' if workload.causal else ''}) with <strong>"
        f"{_latency(leaders, workload)}&nbsp;µs</strong>{tail}. {_coverage(board, leaders[0])}</p>"
    )


def _lead(leaders: Sequence[Line], near: Sequence[Line]) -> str:
    """Who is in front; those that are level are named together, in the table's order."""
    names = _names([f"<strong>{_text(line.title)}</strong>" for line in leaders])
    if len(leaders) > 1:
        return f"{names} are level"
    return f"{names} {'has the lowest latency' if near else 'is the fastest'}"


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


def _compared(board: Board, first: Line, near: Sequence[Line], workload: Workload) -> Iterator[str]:
    """Who may be level, whom the first leads, and how it stands to the baseline."""
    unsure = [line for line in near if not _has_interval(first, line, workload)]
    if unsure:
        yield f"too close to {_names([_text(line.title) for line in unsure])} for one round to tell"
    others = [line for line in _others(board, first, workload) if line not in near]
    for line in [line for line in others if line.implementation != BASELINE][:1]:
        yield _ahead(first, line, workload)
    for line in others:
        if line.implementation == BASELINE:
            yield _times(first, line, workload)


def _others(board: Board, first: Line, workload: Workload) -> list[Line]:
    """The other exact lines that ran, the fastest first."""
    found = [line for line in board.exact if workload in line.measured and line is not first]
    return sorted(found, key=lambda line: line.measured[workload])


def _near(board: Board, first: Line, workload: Workload) -> list[Line]:
    """The lines of which nobody can tell that `first` is faster."""
    places = board.places_at(workload)

    def close(line: Line) -> bool:
        if places[line.implementation, line.variant].rank == 1:
            return True
        small = line.measured[workload] < (1 + CLOSE) * first.measured[workload]
        return small and not _has_interval(first, line, workload)

    return [line for line in _others(board, first, workload) if close(line)]


def _has_interval(first: Line, second: Line, workload: Workload) -> bool:
    return all(line.cells[workload].interval_us for line in (first, second))


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
