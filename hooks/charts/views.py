"""The charts of a leaderboard."""

from bench.verdicts.leaderboard import Leaderboard
from hooks.charts.drawing import Drawing, drawing
from hooks.charts.fastp import fastp_drawing
from hooks.metrics import METRICS
from hooks.reading.report import Report


def drawings(report: Report, board: Leaderboard) -> dict[str, Drawing]:
    """By the name of the metric, and the fast_p curve; those without a value are not there."""
    made: dict[str, Drawing | None] = {
        name: drawing(report, board, metric) for name, metric in METRICS.items()
    }
    made["fastp"] = fastp_drawing(report, board)
    return {name: one for name, one in made.items() if one and (one.points or name == "latency")}
