"""The charts of one workload: ranked dots, accuracy against speed, and memory.

The twin of browser/workload_charts.js; a test holds that both fill the templates alike.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from bench.text import one_line
from bench.workload import Workload
from hooks.charts.accuracy import LATENCY, TITLE, accuracy_drawing
from hooks.charts.axes import Axis, log_axis
from hooks.charts.drawn import SCHEMES, picture
from hooks.charts.spots import BEST, QUANTISED, SLOWER, Spot, bounds, longest, spots
from hooks.charts.still import still
from hooks.charts.templates import Specification
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


@dataclass(frozen=True)
class Filling:
    """What a template of one of these charts lacks."""

    description: str
    datasets: dict[str, list[dict[str, Any]]]
    looks: dict[str, tuple[str, str]]
    """Colour and marker by the name that the legend gives them."""
    x: dict[str, Any]
    y: dict[str, Any]
    rows: int = 1
    """As many times as high as its template is the chart."""


def fill(template: Specification, filling: Filling) -> Specification:
    """The template with all that `filling` says."""
    spec: Specification = json.loads(json.dumps(template))
    spec["description"] = filling.description
    spec["data"] = {"name": "points"}
    spec["datasets"] = filling.datasets
    spec["height"] *= filling.rows
    domain = list(filling.looks)
    ranges = {"color": 0, "shape": 1}
    for layer in spec["layer"]:
        for channel, definition in layer["encoding"].items():
            if channel in ranges:
                values = [look[ranges[channel]] for look in filling.looks.values()]
                definition["scale"] = {"domain": domain, "range": values}
            elif channel in ("x", "y") and "field" in definition:
                more = filling.x if channel == "x" else filling.y
                axis = {**definition.get("axis", {}), **more.get("axis", {})}
                definition.update(more | {"axis": axis})
    return spec


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


FILES = {"dots": "workload", "accuracy": "accuracy", "footprint": "memory"}
"""What the file of each kind is called."""


def workload_files(
    report: Report, view: View, templates: dict[str, Specification]
) -> dict[str, bytes]:
    """The charts of the workload that is shown first, by their path on the site.

    All that show anything as Vega-Lite, and accuracy against speed as pictures too.
    """
    workload = longest(view)
    made = {
        f"charts/{FILES[kind]}.vl.json": msgspec.json.encode(fill(templates[kind], filling))
        for kind, filling in workload_charts(report, view, workload).items()
        if filling.datasets["points"]
    }
    drawing = accuracy_drawing(report, view, workload)
    pictures = {picture("accuracy", s): still(drawing, s) for s in SCHEMES} if drawing else {}
    return made | pictures


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
