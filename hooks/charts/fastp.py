"""fast_p: the share of workloads that a line gets right and more than p times as fast.

KernelBench's measure (Ouyang et al., 2025, arXiv:2502.10517, section 3.3; strict, as in its
`score.py`), for every p, as FlashInfer-Bench draws it; "fast" is over the baseline, and a workload
that failed never counts.
"""

from collections.abc import Sequence

from bench.text import one_line
from bench.verdicts.leaderboard import Leaderboard, Line
from hooks.charts.axes import Axis, log_axis
from hooks.charts.drawing import Drawing, Point
from hooks.formats import significant
from hooks.metrics import METRICS
from hooks.reading.report import Report

TITLE = "Share of workloads (%)"


def speedups(board: Leaderboard, line: Line) -> list[float]:
    """Over the baseline at each workload that both completed, the smallest first."""
    speedup = METRICS["speedup"]
    found = (speedup.of(board, line, workload) for workload in board.workloads)
    return sorted(one.value for one in found if one)


def share(ratios: Sequence[float], p: float, workloads: int) -> float:
    """The share of all workloads that are more than `p` times as fast, in percent."""
    return 100 * sum(ratio > p for ratio in ratios) / workloads


def p_axis(board: Leaderboard) -> Axis:
    """From below the smallest speed-up, or 1, to over the largest."""
    return log_axis([1.0, *(ratio for line in board.lines for ratio in speedups(board, line))])


def fastp_drawing(report: Report, board: Leaderboard) -> Drawing | None:
    """The curve of each line that has a speed-up; none where there is no baseline."""
    curves = {line.label: speedups(board, line) for line in board.lines}
    shown = [line for line in board.lines if curves[line.label]]
    if not shown:
        return None
    axis, count = p_axis(board), len(board.workloads)
    names = tuple(line.label for line in shown)
    return Drawing(
        title=one_line(f"{board.scope.name}: fast_p"),
        description=one_line(
            "Share of workloads that are correct and more than p times as fast as the baseline, "
            f"for every p, on {board.scope.name}: {', '.join(names)}. "
            "A table holds the same numbers."
        ),
        x_title="p: times as fast as the baseline (log scale)",
        y_title=TITLE,
        x_axis=axis,
        y_axis=Axis(0.0, 102.0, (0.0, 25.0, 50.0, 75.0, 100.0), log=False),
        lines=names,
        looks=tuple(report.looks[line.key] for line in shown),
        points=tuple(point for name in names for point in _curve(name, curves[name], axis, count)),
        form="steps",
    )


def _curve(name: str, ratios: list[float], axis: Axis, count: int) -> list[Point]:
    """Where the share changes: it falls at each point, and holds from there on."""
    places = [axis.low, *sorted(set(ratios)), axis.high]
    return [_point(name, p, share(ratios, p, count)) for p in places]


def _point(name: str, p: float, y: float) -> Point:
    return Point(
        line=name,
        x=p,
        y=y,
        low=y,
        high=y,
        workload="",
        value=f"{y:.0f} %",
        interval=f"from {significant(p)}",
        latency="",
    )
