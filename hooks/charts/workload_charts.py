"""The charts of one workload: ranked dots, accuracy against speed, and memory.

The twin of browser/workload_charts.js; a test holds that both fill the templates alike.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bench.text import one_line
from bench.workload import Workload
from hooks.charts.accuracy import LATENCY, TITLE
from hooks.charts.axes import Axis, log_axis
from hooks.charts.filling import Filling
from hooks.charts.spots import BEST, QUANTISED, SLOWER, Spot, bounds, spots
from hooks.charts.views import View
from hooks.reading.looks import SHAPES
from hooks.reading.report import Report

_STANDINGS = {
    BEST: ("#0077bb", SHAPES[0]),
    SLOWER: ("#7c8492", SHAPES[0]),
    QUANTISED: ("#d9541e", SHAPES[3]),
}
_EXACT, _OTHER = ("#0077bb", SHAPES[0]), ("#d9541e", SHAPES[3])
_ROOM = 0.35
"""Of the axis, beyond the largest value: for the number beside it."""


def workload_charts(report: Report, view: View, workload: Workload) -> dict[str, Filling]:
    """Each chart of `workload` by the name of its kind."""
    found = spots(view, workload)
    where = one_line(f"{workload.name} on {view.board.scope.device}")
    looks = {label: report.look(row.line) for label, (row, _) in found.items()}
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
        datasets={"points": [asdict(spot) for spot in found]},
        looks={name: look for name, look in _STANDINGS.items() if name in standings},
        x=_log(title, [*ends, *_beyond(ends)], ",~r"),
        y=_rows(found),
        rows=max(1, len(found)),
    )


def _accuracy(all_: list[Spot], where: str, marks: dict[str, tuple[str, str]]) -> Filling:
    title = TITLE
    found = [spot for spot in all_ if spot.error]
    limits = [{"bound": bound, "label": label} for bound, label in bounds(found)]
    errors = [spot.error for spot in found if spot.error]
    return Filling(
        description=_told(f"{title} over median latency", where, found),
        datasets={"points": [asdict(spot) for spot in found], "bounds": limits},
        looks={spot.line: marks[spot.line] for spot in found},
        x=_log(LATENCY, [spot.us for spot in found], ",~r"),
        y=_log(title, [*errors, *(bound for bound, _ in bounds(found))], "~g"),
    )


def _footprint(all_: list[Spot], where: str) -> Filling:
    title = "Peak memory (MiB, log scale)"
    known = [spot for spot in all_ if spot.memory is not None]
    found = sorted(known, key=lambda spot: spot.memory or 0.0)
    classes = sorted({spot.precision for spot in found}, key=lambda name: (name != "exact", name))
    high = max([spot.memory or 0.0 for spot in found], default=0.0) * 6 + 1
    return Filling(
        description=_told(title, where, found),
        datasets={"points": [asdict(spot) for spot in found]},
        looks={name: _EXACT if name == "exact" else _OTHER for name in classes},
        x={
            "title": title,
            # Unlike a logarithm it has a place for zero.
            "scale": {"type": "symlog", "constant": 1, "domain": [0, high], "nice": False},
            "axis": {"values": [0, *_decades(high)], "format": ",~r"},
        },
        y=_rows(found),
        rows=max(1, len(found)),
    )


def _beyond(values: list[float]) -> list[float]:
    if not values:
        return []
    low, high = min(values), max(values)
    return [high * (high / low) ** _ROOM]


def _decades(high: float) -> list[int]:
    return [10**power for power in range(12) if 10**power <= high]


def _log(title: str, values: Sequence[float], numbers: str) -> dict[str, Any]:
    axis: Axis = log_axis(values)
    return {
        "title": title,
        "scale": {"type": "log", "domain": [axis.low, axis.high], "nice": False},
        "axis": {"values": list(axis.ticks), "format": numbers},
    }


def _rows(found: list[Spot]) -> dict[str, Any]:
    return {"scale": {"domain": [spot.line for spot in found]}}


def _told(title: str, where: str, found: list[Spot]) -> str:
    names = ", ".join(spot.line for spot in found)
    return f"{title} at {where}: {names}. A table holds the same numbers."
