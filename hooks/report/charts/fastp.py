"""fast_p: the share of workloads where a line is correct and more than p times as fast.

The measure is KernelBench's (Ouyang et al., 2025, arXiv:2502.10517, section 3.3; with a strict
inequality as in its `score.py`), drawn for every p as in FlashInfer-Bench. Speeds are relative to
the baseline, and failed workloads never count.
"""

from collections.abc import Iterator, Sequence

from bench.analysis.leaderboard import Leaderboard, Line
from bench.text import one_line
from hooks.report.charts.chart import ENDING, Chart, DataRow
from hooks.report.charts.lines import (
    MOST_LABELS,
    divided,
    labelled,
    outliers,
    strong_last,
    style_of,
)
from hooks.report.formats import significant
from hooks.report.metrics import METRICS
from hooks.report.reading.report import Report

_ROOM = 1.1
"""Factor by which the axis extends beyond the largest and the smallest speed-up."""


def speedups(board: Leaderboard, line: Line) -> list[float]:
    """Speed-ups over the baseline at all workloads that both completed, in ascending order."""
    speedup = METRICS["speedup"]
    quantities = (speedup.of(board, line, workload) for workload in board.workloads)
    return sorted(quantity.value for quantity in quantities if quantity)


def share(ratios: Sequence[float], p: float, workloads: int) -> float:
    """The share of all workloads with a ratio above `p`, in percent."""
    return 100 * sum(ratio > p for ratio in ratios) / workloads


def fastp_chart(report: Report, board: Leaderboard) -> Chart | None:
    """The curve of each line that has a speed-up; None if no line has one."""
    ratios = {line.key: speedups(board, line) for line in board.lines}
    shown = [line for line in board.lines if ratios[line.key]]
    if not shown:
        return None
    within, beyond = divided(shown)
    covered = [1.0, *(ratio for line in within for ratio in ratios[line.key])]
    ends = min(covered) / _ROOM, max(covered) * _ROOM
    styles = {line.key: style_of(report, board, line) for line in shown}
    curves = [
        [point | styles[line.key] for point in _curve(board, line, ratios[line.key], ends)]
        for line in within
    ]
    last = [
        {"line": line.label, "value": f"{significant(ratios[line.key][-1])}×"} | styles[line.key]
        for line in beyond
    ]
    names = ", ".join(line.label for line in shown)
    return Chart(
        kind="fastp",
        description=one_line(
            "Share of workloads that are correct and more than p times as fast as the baseline, "
            f"for every p, on {board.scope.name}: {names}. {ENDING}"
        ),
        data={
            "points": strong_last(point for curve in curves for point in curve),
            "labels": labelled([curve[-1] for curve in curves]),
            "outliers": outliers(last, "←"),
            "chosen": [{"p": 1}],
        },
        params={"unnamed": max(0, len(curves) - MOST_LABELS)},
    )


def _curve(
    board: Leaderboard, line: Line, ratios: list[float], ends: tuple[float, float]
) -> Iterator[DataRow]:
    """The points where the share changes: it falls at each and is constant up to the next."""
    for p in (ends[0], *sorted(set(ratios)), ends[1]):
        y = share(ratios, p, len(board.workloads))
        yield {
            "line": line.label,
            "x": p,
            "y": y,
            "value": f"{y:.0f} %",
            "interval": f"from {significant(p)}",
            "falls": p not in ends,
        }
