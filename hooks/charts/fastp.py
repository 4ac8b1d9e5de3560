"""fast_p: the share of workloads that a line gets right and more than p times as fast.

KernelBench's measure (Ouyang et al., 2025, arXiv:2502.10517, section 3.3; strict, as in its
`score.py`), for every p, as FlashInfer-Bench draws it; "fast" is over the baseline, and a workload
that failed never counts.
"""

from collections.abc import Iterator, Sequence

from bench.text import one_line
from bench.verdicts.summary import Board, Line
from hooks.charts.chart import ENDING, Chart, DataRow
from hooks.charts.metrics import METRICS, measured
from hooks.charts.over_lengths import contends, labelled, look_of, outliers
from hooks.markup import number
from hooks.reading.report import Report
from hooks.reading.rows import Row

_ROOM = 1.1
"""The factor by which the axis reaches over the largest speed-up, and below the smallest."""


def speedups(board: Board, line: Line) -> list[float]:
    """Over the baseline at each workload that both completed, the smallest first."""
    found = (measured(METRICS["speedup"], board, line, workload) for workload in board.workloads)
    return sorted(one.value for one in found if one)


def share(ratios: Sequence[float], p: float, workloads: int) -> float:
    """The share of all workloads that are more than `p` times as fast, in percent."""
    return 100 * sum(ratio > p for ratio in ratios) / workloads


def fastp_chart(report: Report, board: Board, ranked: Sequence[Row]) -> Chart | None:
    """The curve of each line that has a speed-up; none where there is no baseline."""
    ratios = {row.label: speedups(board, row.line) for row in ranked}
    shown = [row for row in ranked if ratios[row.label]]
    within = [row for row in shown if contends(row)] or shown
    beyond = [row for row in shown if row not in within]
    if not shown:
        return None
    every = [1.0, *(ratio for row in within for ratio in ratios[row.label])]
    ends = min(every) / _ROOM, max(every) * _ROOM
    curves = {
        row.label: list(_curve(report, board, row, ratios[row.label], ends)) for row in within
    }
    names = ", ".join(row.label for row in shown)
    return Chart(
        kind="fastp",
        description=one_line(
            "Share of workloads that are correct and more than p times as fast as the baseline, "
            f"for every p, on {board.scope.name}: {names}. {ENDING}"
        ),
        data={
            "points": [point for curve in curves.values() for point in curve],
            "labels": labelled([curve[-1] for curve in curves.values()]),
            "outliers": outliers(
                [
                    {"line": row.label, "value": f"{number(ratios[row.label][-1])}×"}
                    | look_of(report, board, row)
                    for row in beyond
                ],
                "←",
            ),
            "chosen": [{"p": 1}],
        },
    )


def _curve(
    report: Report, board: Board, row: Row, ratios: list[float], ends: tuple[float, float]
) -> Iterator[DataRow]:
    """Where the share changes: it falls at each point, and holds from there on."""
    look = look_of(report, board, row)
    for p in (ends[0], *sorted(set(ratios)), ends[1]):
        y = share(ratios, p, len(board.workloads))
        yield {
            "line": row.label,
            "x": p,
            "y": y,
            "value": f"{y:.0f} %",
            "interval": f"from {number(p)}",
            "falls": p not in ends,
        } | look
