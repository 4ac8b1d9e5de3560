"""The sentence at the top of a board, made from its numbers."""

from bench.summary import Board, Line
from bench.text import one_line
from bench.workload import Workload
from hooks.markup import escape, microseconds
from hooks.rows import LEVEL

BASELINE = "math_attention"
"""The page of PyTorch's unfused math: the denominator of every speed-up."""


def headline(board: Board) -> str:
    """Which implementation is fastest where, and by how much, as HTML."""
    ran = [w for w in board.workloads if w in board.fastest]
    if not ran:
        return f"<p>Nothing ran on <strong>{_text(board.device)}</strong> yet.</p>"
    workload = max(ran, key=lambda w: (w.seqlen_q, w.name))
    first, *others = sorted(
        (line for line in board.lines if line.precision == "exact" and workload in line.measured),
        key=lambda line: line.measured[workload],
    )
    latency = microseconds(first.measured[workload])
    rivals = [line for line in others if line.implementation != BASELINE]
    parts = [_ahead(first, line, workload) for line in rivals[:1]]
    parts += [
        _baseline(first, line, workload) for line in others if line.implementation == BASELINE
    ]
    tail = f": {' and '.join(parts)}" if parts else ""
    return (
        f"<p>On <strong>{_text(board.device)}</strong>, <strong>{_text(first.title)}</strong> "
        f"is the fastest at {workload.seqlen_q:,} tokens ({workload.dtype}, {workload.q_heads} "
        f"heads of {workload.head_dim}{', causal' if workload.causal else ''}) with "
        f"<strong>{latency}&nbsp;µs</strong>{tail}.</p>"
    )


def baseline(board: Board) -> Line | None:
    """The line that speed-ups are measured against."""
    return next((line for line in board.lines if line.implementation == BASELINE), None)


def _ahead(first: Line, second: Line, workload: Workload) -> str:
    ratio = second.measured[workload] / first.measured[workload]
    name = _text(second.title)
    if ratio < 1 + LEVEL:
        return f"level with {name}"
    by = f"{(ratio - 1) * 100:.1f}&nbsp;%" if ratio < 1.5 else f"{ratio:.1f}×"
    return f"{by} faster than {name}" if ratio < 1.5 else f"{by} as fast as {name}"


def _baseline(first: Line, line: Line, workload: Workload) -> str:
    ratio = line.measured[workload] / first.measured[workload]
    return f"{ratio:.1f}× as fast as {_text(line.title)}"


def _text(text: str) -> str:
    return escape(one_line(text))
