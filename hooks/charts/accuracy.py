"""Accuracy against speed as a drawing, for the still picture: error over latency."""

from bench.text import one_line
from bench.verdicts.leaderboard import Leaderboard
from bench.workload import Workload
from hooks.charts.axes import log_axis
from hooks.charts.drawing import Drawing, Point
from hooks.charts.spots import Spot, bounds, spots
from hooks.reading.report import Report

TITLE = "Relative error (log scale)"
LATENCY = "Median latency (µs, log scale)"


def accuracy_drawing(report: Report, board: Leaderboard, workload: Workload) -> Drawing | None:
    """A marker for each line, named with its precision unless exact; none without an error."""
    found = {
        label: (line, spot) for label, (line, spot) in spots(board, workload).items() if spot.error
    }
    if not found:
        return None
    drawn = [spot for _, spot in found.values()]
    where = one_line(f"{workload.name} on {board.scope.device}")
    levels = {label: bound for bound, label in bounds(drawn)}
    names = tuple(map(_named, drawn))
    return Drawing(
        title=f"{where}: {TITLE} over median latency",
        description=f"{TITLE} over median latency at {where}: {', '.join(names)}. "
        "A table holds the same numbers.",
        x_title=LATENCY,
        y_title=TITLE,
        x_axis=log_axis([spot.us for spot in drawn]),
        y_axis=log_axis([*(spot.error or 0.0 for spot in drawn), *levels.values()]),
        lines=names,
        looks=tuple(report.looks[line.key] for line, _ in found.values()),
        points=tuple(_point(spot, workload) for spot in drawn),
        form="points",
        levels=levels,
    )


def _named(spot: Spot) -> str:
    return spot.line if spot.precision == "exact" else f"{spot.line} ({spot.precision})"


def _point(spot: Spot, workload: Workload) -> Point:
    error = spot.error or 0.0
    return Point(
        line=_named(spot),
        x=spot.us,
        y=error,
        low=error,
        high=error,
        workload=workload.name,
        value=spot.accuracy,
        interval=spot.interval,
        latency=spot.latency,
    )
