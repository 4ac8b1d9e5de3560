"""The charts of a leaderboard that are files too."""

from bench.analysis.leaderboard import Leaderboard
from hooks.report.charts.chart import Chart
from hooks.report.charts.fastp import fastp_chart
from hooks.report.charts.over_lengths import lines_chart
from hooks.report.charts.spots import longest
from hooks.report.charts.workload_charts import SECTIONS, workload_charts
from hooks.report.metrics import METRICS
from hooks.report.reading.report import Report


def charts(report: Report, board: Leaderboard) -> dict[str, Chart]:
    """By their names: each metric, the fast_p curve, and the charts of the longest workload.

    Those that show nothing are left out, but for latency, which the front page always has.
    """
    made: dict[str, Chart | None] = {
        name: lines_chart(report, board, metric) for name, metric in METRICS.items()
    }
    made["fastp"] = fastp_chart(report, board)
    of_one = workload_charts(report, board, longest(board))
    made |= {SECTIONS[kind].file: chart for kind, chart in of_one.items()}
    return {n: one for n, one in made.items() if one and (one.data["points"] or n == "latency")}
