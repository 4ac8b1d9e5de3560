"""fast_p: the share of workloads where a line is correct and more than p times as fast.

The measure is KernelBench's (Ouyang et al., 2025, arXiv:2502.10517, section 3.3; with a strict
inequality as in its `score.py`), drawn for every p as in FlashInfer-Bench. Speeds are relative to
the baseline, and failed workloads never count.
"""

from collections.abc import Iterator, Sequence

from bench.analysis.leaderboard import Leaderboard, Line
from bench.text import one_line
from hooks.report.charts.chart import ENDING, Chart, DataRow
from hooks.report.charts.lines import line_fields
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
    ratios = {line.key: speedups(board, line) for line in board.lines}
    shown = [line for line in board.lines if ratios[line.key]]
    if not shown:
        return None
    names = ", ".join(line.label for line in shown)
    return Chart(
        kind="fastp",
        description=one_line(
            "Share of workloads that are correct and more than p times as fast as the baseline, "
            f"for every p, on {board.scope.name}: {names}. {ENDING}"
        ),
        data={
            "points": [
                line_fields(report, line) | point
                for line in shown
                for point in _curve(ratios[line.key], len(board.workloads))
            ],
            "chosen": [{"p": 1}],
        },
        params={"baseline": board.baseline.key.name if board.baseline else ""},
    )


def _curve(ratios: list[float], workloads: int) -> Iterator[DataRow]:
    """The share at the left end of the axis, at each ratio, where it falls, and at the right end.

    Points at the ends have no ratio.
    """
    yield {"ratio": None, "share": share(ratios, 0, workloads)}
    for ratio in sorted(set(ratios)):
        yield {"ratio": ratio, "share": share(ratios, ratio, workloads)}
    yield {"ratio": None, "share": 0.0}
