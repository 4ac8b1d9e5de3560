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
    parts = [*_compared(board, first, workload)]
    alone = not any(part.startswith(("level", "too close")) for part in parts)
    verb = "is the fastest" if alone else "has the lowest latency"
    tail = f": {_listed(parts)}" if parts else ""
    device = _text(board.scope.device)
    return (
        f"<p>On <strong>{device}</strong>, <strong>{_text(first.title)}</strong> "
        f"{verb} at {workload.seqlen_q:,} tokens ({workload.dtype}, {workload.q_heads} "
        f"heads of {workload.head_dim}{', causal' if workload.causal else ''}) with "
        f"<strong>{microseconds(first.measured[workload])}&nbsp;µs</strong>{tail}. "
        f"{_coverage(board, first)}</p>"
    )


def _coverage(board: Board, first: Line) -> str:
    """At how many of all workloads none is certainly faster."""
    key = (first.implementation, first.variant)
    places = [board.places_at(workload).get(key) for workload in board.workloads]
    ahead = [place for place in places if place and place.rank == 1]
    tied = sum(place.tied for place in ahead)
    shared = f"; at {tied} it shares the first place" if tied else ""
    return f"No other is faster at {len(ahead)} of {len(board.workloads)} workloads{shared}."


def _compared(board: Board, first: Line, workload: Workload) -> Iterator[str]:
    """With whom the fastest line is level, whom it leads, and how it stands to the baseline."""
    others = sorted(
        (line for line in board.exact if workload in line.measured and line is not first),
        key=lambda line: line.measured[workload],
    )
    rivals = [line for line in others if line.implementation != BASELINE]
    near = [line for line in rivals if _near(board, first, line, workload)]
    sure = [line for line in near if _has_interval(first, line, workload)]
    unsure = [line for line in near if line not in sure]
    if sure:
        yield f"level with {_names(sure)}"
    if unsure:
        yield f"too close to {_names(unsure)} for one round to tell"
    for line in [line for line in rivals if line not in near][:1]:
        yield _ahead(first, line, workload)
    for line in others:
        if line.implementation == BASELINE:
            yield _times(first, line, workload)


def _near(board: Board, first: Line, line: Line, workload: Workload) -> bool:
    """Whether nobody can tell that `first` is faster than `line`."""
    if board.places_at(workload)[line.implementation, line.variant].rank == 1:
        return True
    close = line.measured[workload] < (1 + CLOSE) * first.measured[workload]
    return close and not _has_interval(first, line, workload)


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


def _names(lines: Sequence[Line]) -> str:
    names = [_text(line.title) for line in lines[:_NAMED]]
    more = len(lines) - len(names)
    return _listed([*names, f"{more} more"] if more else names)


def _listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def _text(text: str) -> str:
    return escape(one_line(text))
