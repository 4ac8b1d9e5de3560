"""The charts of one workload: ranked latencies, accuracy against speed, and memory."""

from typing import NamedTuple

from bench.analysis.leaderboard import Leaderboard, Line, by_latency
from bench.operations.operation import Workload
from bench.text import one_line
from hooks.report.charts.chart import ENDING, Chart, DataRow
from hooks.report.charts.standings import BEST, QUANTISED, SLOWER, STANDINGS, UNRANKED
from hooks.report.formats import between, microseconds, significant
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import ONE_ROUND
from hooks.report.tables.workloads_page import error_with_bound


class Section(NamedTuple):
    """The section of the workloads page that shows a chart."""

    file: str
    """File name of the chart of the longest workload."""
    title: str
    caption: str
    shows: str
    """What the chart shows, for its description."""


SECTIONS = {
    "ranked": Section(
        "workload",
        "Ranked",
        "Median latency with its 95 % interval; overlapping intervals are a tie.",
        "Median latency",
    ),
    "accuracy": Section(
        "accuracy",
        "Accuracy against speed",
        "Lower left is better. Quantised lines are labelled with their precision: their errors "
        "have bounds of their own.",
        "Relative error over median latency",
    ),
    "memory": Section(
        "memory",
        "Memory",
        "Peak memory that a call allocates beyond its inputs. Lines that keep memory between calls "
        "are left out, because its size is unknown.",
        "Peak memory",
    ),
}
"""The sections by the kinds of their charts, in the order of the page."""


def longest(board: Leaderboard) -> Workload:
    """The longest workload with a result, which is shown unless a reader chooses another."""
    ran = [w for w in board.workloads if any(w in line.measured for line in board.lines)]
    return max(ran or board.workloads, key=lambda w: (w.size, w.name))


def workload_charts(report: Report, board: Leaderboard, workload: Workload) -> dict[str, Chart]:
    """The charts of `workload` that have points, by their kinds; the fastest line comes first."""
    points = [_point(report, line, workload) for line in by_latency(board.lines, workload)]
    known = [point for point in points if point["memory"] is not None]
    shown = {
        "ranked": points,
        "accuracy": [point for point in points if point["error"]],
        "memory": sorted(known, key=lambda point: point["memory"]),
    }
    where = one_line(f"{workload.name} on {board.scope.device}")
    standings = {point["standing"] for point in points}
    params = {"ranked": {"shown": [name for name in STANDINGS if name in standings]}}
    charts = {}
    for kind, rows in shown.items():
        names = ", ".join(row["line"] for row in rows)
        description = f"{SECTIONS[kind].shows} at {where}: {names}. {ENDING}"
        charts[kind] = Chart(kind, description, {"points": rows}, params.get(kind, {}))
    return {kind: chart for kind, chart in charts.items() if shown[kind]}


def _point(report: Report, line: Line, workload: Workload) -> DataRow:
    """A line at `workload`: latencies in µs, memory in MiB, and texts for tooltips."""
    style, case, us = report.styles[line.key], line.cases[workload], line.measured[workload]
    low, high = case.interval_us or (us, us)
    memory = None if case.peak_memory_bytes is None else case.peak_memory_bytes / 2**20
    return {
        "line": line.label,
        "colour": style.colour,
        "shape": style.shape,
        "precision": line.precision,
        "standing": _standing(line, workload),
        "us": us,
        "low": low,
        "high": high,
        "error": case.relative_error,
        "bound": case.relative_bound,
        "memory": memory,
        "latency": f"{microseconds(us)} µs",
        "interval": f"{between(case.interval_us)} µs" if case.interval_us else ONE_ROUND,
        "accuracy": error_with_bound(case) or "unknown",
        "size": "unknown" if memory is None else f"{significant(memory)} MiB",
    }


def _standing(line: Line, workload: Workload) -> str:
    if line.precision != "exact":
        return QUANTISED
    rank = line.ranks.get(workload)
    if rank is None:
        return UNRANKED
    return BEST if rank.number == 1 else SLOWER
