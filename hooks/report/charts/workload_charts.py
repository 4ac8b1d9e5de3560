"""The charts of one workload: ranked dots, accuracy against speed, and memory."""

from collections.abc import Iterable
from typing import NamedTuple

from bench.analysis.leaderboard import Leaderboard
from bench.text import one_line
from bench.workload import Workload
from hooks.report.charts.chart import ENDING, Chart, DataRow
from hooks.report.charts.over_lengths import MOST_LABELS
from hooks.report.charts.spots import Spot, bounds, spots
from hooks.report.charts.standings import STANDINGS
from hooks.report.reading.report import Report


class Section(NamedTuple):
    """The section of a page that shows a chart."""

    file: str
    """Name of the chart of the longest workload among the files to download."""
    title: str
    caption: str


SECTIONS = {
    "dots": Section(
        "workload",
        "Ranked",
        "Median latency with its 95 % interval; overlapping intervals are a tie.",
    ),
    "accuracy": Section(
        "accuracy",
        "Accuracy against speed",
        "Lower left is better. Quantised lines are named with their precision: they compute "
        "something else, within a bound of their own.",
    ),
    "footprint": Section(
        "memory",
        "Memory",
        "The most that a call allocates beyond its inputs. Lines that keep memory of their own "
        "between calls are left out: it is not known how much.",
    ),
}
"""By the kind of the chart, in the order of the page."""


def workload_charts(report: Report, board: Leaderboard, workload: Workload) -> dict[str, Chart]:
    """Each chart of `workload` that shows anything, by the name of its kind."""
    found = spots(board, workload)
    where = one_line(f"{workload.name} on {board.scope.device}")
    looks = {
        label: {"colour": look.colour, "shape": look.shape}
        for label, (line, _) in found.items()
        for look in (report.looks[line.key],)
    }
    drawn = [spot for _, spot in found.values()]
    made = (_dots(drawn, where), _accuracy(drawn, where, looks), _footprint(drawn, where))
    return {chart.kind: chart for chart in made if chart.data["points"]}


def _dots(found: list[Spot], where: str) -> Chart:
    present = {spot.standing for spot in found}
    return Chart(
        kind="dots",
        description=_told("Median latency", where, found),
        data={"points": [vars(spot) for spot in found]},
        params={"standings": [name for name in STANDINGS if name in present]},
    )


def _accuracy(found: list[Spot], where: str, looks: dict[str, DataRow]) -> Chart:
    known = [spot for spot in found if spot.error]
    points = [vars(spot) | looks[spot.line] for spot in known]
    return Chart(
        kind="accuracy",
        description=_told("Relative error over median latency", where, known),
        data={
            "points": points,
            "labels": [{"line": spot.line} | looks[spot.line] for spot in known[:MOST_LABELS]],
            "bounds": [{"bound": bound, "label": label} for bound, label in bounds(known)],
        },
        params={"unnamed": max(0, len(known) - MOST_LABELS)},
    )


def _footprint(found: list[Spot], where: str) -> Chart:
    known = sorted(
        (spot for spot in found if spot.memory is not None), key=lambda spot: spot.memory or 0.0
    )
    return Chart(
        kind="footprint",
        description=_told("Peak memory", where, known),
        data={"points": [vars(spot) for spot in known]},
    )


def _told(title: str, where: str, found: Iterable[Spot]) -> str:
    names = ", ".join(spot.line for spot in found)
    return f"{title} at {where}: {names}. {ENDING}"
