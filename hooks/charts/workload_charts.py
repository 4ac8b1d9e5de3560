"""The charts of one workload: ranked dots, accuracy against speed, and memory.

The twin of browser/workload_charts.js; a test holds that both draw the same.
"""

from bench.text import one_line
from bench.verdicts.leaderboard import Leaderboard
from bench.workload import Workload
from hooks.charts.accuracy import LATENCY, TITLE
from hooks.charts.axes import log_axis, symlog_axis
from hooks.charts.filling import Filling
from hooks.charts.spots import BEST, QUANTISED, SLOWER, UNRANKED, Spot, bounds, spots
from hooks.reading.looks import SHAPES
from hooks.reading.report import Report

_STANDINGS = {
    BEST: ("#0077bb", SHAPES[0]),
    SLOWER: ("#7c8492", SHAPES[0]),
    QUANTISED: ("#d9541e", SHAPES[3]),
    UNRANKED: ("#7c8492", SHAPES[3]),
}
_EXACT, _OTHER = ("#0077bb", SHAPES[0]), ("#d9541e", SHAPES[3])
_ROOM = 0.35
"""Of the axis, beyond the largest value: for the number beside it."""


def workload_charts(report: Report, board: Leaderboard, workload: Workload) -> dict[str, Filling]:
    """Each chart of `workload` by the name of its kind."""
    found = spots(board, workload)
    where = one_line(f"{workload.name} on {board.scope.device}")
    looks = {label: report.looks[line.key] for label, (line, _) in found.items()}
    marks = {label: (look.colour, look.shape) for label, look in looks.items()}
    drawn = [spot for _, spot in found.values()]
    return {
        "dots": _dots(drawn, where),
        "accuracy": _accuracy(drawn, where, marks),
        "footprint": _footprint(drawn, where),
    }


def _dots(found: list[Spot], where: str) -> Filling:
    title = LATENCY
    ends = [end for spot in found for end in (spot.low, spot.high)]
    standings = {spot.standing for spot in found}
    return Filling(
        description=_told(title, where, found),
        spots=found,
        looks={name: look for name, look in _STANDINGS.items() if name in standings},
        x_title=title,
        x_axis=log_axis([*ends, *_beyond(ends)]),
    )


def _accuracy(all_: list[Spot], where: str, marks: dict[str, tuple[str, str]]) -> Filling:
    title = TITLE
    found = [spot for spot in all_ if spot.error]
    limits = bounds(found)
    errors = [spot.error for spot in found if spot.error]
    return Filling(
        description=_told(f"{title} over median latency", where, found),
        spots=found,
        looks={spot.line: marks[spot.line] for spot in found},
        x_title=LATENCY,
        x_axis=log_axis([spot.us for spot in found]),
        y_title=title,
        y_axis=log_axis([*errors, *(bound for bound, _ in limits)]),
        bounds=tuple(limits),
    )


def _footprint(all_: list[Spot], where: str) -> Filling:
    title = "Peak memory (MiB, logarithmic above 1)"
    known = [spot for spot in all_ if spot.memory is not None]
    found = sorted(known, key=lambda spot: spot.memory or 0.0)
    classes = sorted({spot.precision for spot in found}, key=lambda name: (name != "exact", name))
    high = max([spot.memory or 0.0 for spot in found], default=0.0) * 6 + 1
    return Filling(
        description=_told(title, where, found),
        spots=found,
        looks={name: _EXACT if name == "exact" else _OTHER for name in classes},
        x_title=title,
        x_axis=symlog_axis(high),
    )


def _beyond(values: list[float]) -> list[float]:
    if not values:
        return []
    low, high = min(values), max(values)
    return [high * (high / low) ** _ROOM]


def _told(title: str, where: str, found: list[Spot]) -> str:
    names = ", ".join(spot.line for spot in found)
    return f"{title} at {where}: {names}. A table holds the same numbers."
