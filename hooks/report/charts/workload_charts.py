"""The charts of one workload: ranked latencies, accuracy against speed, and memory."""

from collections.abc import Iterable
from typing import NamedTuple

from bench.analysis.leaderboard import Leaderboard
from bench.text import one_line
from bench.workload import Workload
from hooks.report.charts.chart import ENDING, Chart, DataRow
from hooks.report.charts.standings import STANDINGS
from hooks.report.charts.workload_points import WorkloadPoint, workload_points
from hooks.report.reading.report import Report


class Section(NamedTuple):
    """The section of the workloads page that shows a chart."""

    file: str
    """File name of the chart of the longest workload."""
    title: str
    caption: str


SECTIONS = {
    "ranked": Section(
        "workload",
        "Ranked",
        "Median latency with its 95 % interval; overlapping intervals are a tie.",
    ),
    "accuracy": Section(
        "accuracy",
        "Accuracy against speed",
        "Lower left is better. Quantised lines are labelled with their precision: their errors "
        "have bounds of their own.",
    ),
    "memory": Section(
        "memory",
        "Memory",
        "Peak memory that a call allocates beyond its inputs. Lines that keep memory between calls "
        "are left out, because its size is unknown.",
    ),
}
"""The sections by the kinds of their charts, in the order of the page."""


def workload_charts(report: Report, board: Leaderboard, workload: Workload) -> dict[str, Chart]:
    """The charts of `workload` that have points, by their kinds."""
    lines = workload_points(board, workload)
    where = one_line(f"{workload.name} on {board.scope.device}")
    styles = {
        line.label: {"colour": style.colour, "shape": style.shape}
        for line, _ in lines
        for style in (report.styles[line.key],)
    }
    points = [point for _, point in lines]
    charts = (_ranked(points, where), _accuracy(points, where, styles), _memory(points, where))
    return {chart.kind: chart for chart in charts if chart.data["points"]}


def _ranked(points: list[WorkloadPoint], where: str) -> Chart:
    present = {point.standing for point in points}
    return Chart(
        kind="ranked",
        description=_description("Median latency", where, points),
        data={"points": [vars(point) for point in points]},
        params={"standings": [name for name in STANDINGS if name in present]},
    )


def _accuracy(points: list[WorkloadPoint], where: str, styles: dict[str, DataRow]) -> Chart:
    known = [point for point in points if point.error]
    return Chart(
        kind="accuracy",
        description=_description("Relative error over median latency", where, known),
        data={"points": [vars(point) | styles[point.line] for point in known]},
    )


def _memory(points: list[WorkloadPoint], where: str) -> Chart:
    known = sorted(
        (point for point in points if point.memory is not None),
        key=lambda point: point.memory or 0.0,
    )
    return Chart(
        kind="memory",
        description=_description("Peak memory", where, known),
        data={"points": [vars(point) for point in known]},
    )


def _description(title: str, where: str, points: Iterable[WorkloadPoint]) -> str:
    names = ", ".join(point.line for point in points)
    return f"{title} at {where}: {names}. {ENDING}"
