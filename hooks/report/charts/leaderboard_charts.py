"""The charts of a leaderboard that the site also serves as files."""

from bench.analysis.leaderboard import Leaderboard
from hooks.report.charts.chart import Chart
from hooks.report.charts.fastp import fastp_chart
from hooks.report.charts.lines import lines_chart, lines_with
from hooks.report.charts.workload_charts import SECTIONS, longest, workload_charts
from hooks.report.metrics import METRICS
from hooks.report.reading.report import Report


def leaderboard_charts(report: Report, board: Leaderboard) -> dict[str, Chart]:
    """Charts of each metric, of fast_p and of the longest workload, by their file names.

    Charts without points are left out, except latency, which the front page always shows.
    """
    charts = {
        name: lines_chart(report, board, metric)
        for name, metric in METRICS.items()
        if name == "latency" or lines_with(board, metric)
    }
    if curves := fastp_chart(report, board):
        charts["fastp"] = curves
    for kind, chart in workload_charts(report, board, longest(board)).items():
        charts[SECTIONS[kind].file] = chart
    return charts
