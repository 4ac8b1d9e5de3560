"""fast_p: the share of workloads where a line is correct and more than p times as fast.

The measure is KernelBench's (Ouyang et al., 2025, arXiv:2502.10517, section 3.3; with a strict
inequality as in its `score.py`), drawn for every p as in FlashInfer-Bench. Speeds are relative to
the baseline, and failed workloads never count.
"""

from collections.abc import Sequence

from bench.analysis.leaderboard import Leaderboard, Line
from bench.text import one_line
from hooks.report.charts.chart import ENDING, Chart
from hooks.report.charts.lines import latency_rows
from hooks.report.metrics import METRICS
from hooks.report.reading.report import Report


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
    names = [line.label for line in board.lines if speedups(board, line)]
    if not names:
        return None
    return Chart(
        kind="fastp",
        description=one_line(
            "Share of workloads that are correct and more than p times as fast as the baseline, "
            f"for every p, on {board.scope.name}: {', '.join(names)}. {ENDING}"
        ),
        data={"points": latency_rows(report, board), "chosen": [{"p": 1}]},
        params={
            "baseline": board.baseline.key.name if board.baseline else "",
            "workloads": len(board.workloads),
        },
    )
