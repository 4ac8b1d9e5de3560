"""fast_p: the share of workloads that a line gets right and more than p times as fast.

KernelBench's measure (Ouyang et al., 2025, arXiv:2502.10517, section 3.3; strict, as in its
`score.py`), for every p, as FlashInfer-Bench draws it; "fast" is over the baseline, and a workload
that failed never counts.
"""

from collections.abc import Iterator, Sequence

from bench.analysis.leaderboard import Leaderboard, Line
from bench.text import one_line
from hooks.report.charts.chart import ENDING, Chart, DataRow
from hooks.report.charts.over_lengths import (
    MOST_LABELS,
    divided,
    labelled,
    look_of,
    outliers,
    strong_last,
)
from hooks.report.formats import significant
from hooks.report.metrics import METRICS
from hooks.report.reading.report import Report

_ROOM = 1.1
"""The factor by which the axis reaches over the largest speed-up, and below the smallest."""


def speedups(board: Leaderboard, line: Line) -> list[float]:
    """Over the baseline at each workload that both completed, the smallest first."""
    speedup = METRICS["speedup"]
    found = (speedup.of(board, line, workload) for workload in board.workloads)
    return sorted(one.value for one in found if one)


def share(ratios: Sequence[float], p: float, workloads: int) -> float:
    """The share of all workloads that are more than `p` times as fast, in percent."""
    return 100 * sum(ratio > p for ratio in ratios) / workloads


def fastp_chart(report: Report, board: Leaderboard) -> Chart | None:
    """The curve of each line that has a speed-up; none where there is no baseline."""
    ratios = {line.key: speedups(board, line) for line in board.lines}
    shown = [line for line in board.lines if ratios[line.key]]
    if not shown:
        return None
    within, beyond = divided(shown)
    every = [1.0, *(ratio for line in within for ratio in ratios[line.key])]
    ends = min(every) / _ROOM, max(every) * _ROOM
    looks = {line.key: look_of(report, board, line) for line in shown}
    curves = [
        [point | looks[line.key] for point in _curve(board, line, ratios[line.key], ends)]
        for line in within
    ]
    last = [
        {"line": line.label, "value": f"{significant(ratios[line.key][-1])}×"} | looks[line.key]
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
    """Where the share changes: it falls at each point, and holds from there on."""
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
