"""Vega-Lite specifications without data: made with Altair once, filled wherever data is.

The browser fills them with what a reader chose (theme/assets/report/lines.js and its neighbours);
here they are filled for downloads. Altair is imported only where no template is in the cache.
"""

import importlib
import json
from pathlib import Path
from typing import Any

import msgspec

from hooks.charts.axes import Axis
from hooks.charts.drawing import Drawing
from hooks.reading.cache import Cache, versions

VEGA_LITE = "6.4"
"""What Altair writes and the bundled Vega draws; a test holds that they are the same."""

KINDS = {
    "lines": "vega_lines",
    "fastp": "vega_fastp",
    "samples": "vega_samples",
    "history": "vega_history",
    "ratios": "vega_ratios",
    "dots": "vega_dots",
    "accuracy": "vega_accuracy",
    "footprint": "vega_footprint",
}
"""The kinds of charts, each a function of this name in a module beside this one."""

Specification = dict[str, Any]


def templates(cache: Cache) -> dict[str, Specification]:
    """The template of each kind of chart."""
    here = Path(__file__)
    modules = [here.stem, *KINDS.values()]
    code = [here.with_name(f"{module}.py").read_bytes() for module in modules]
    content = cache.get(".templates.json", [*code, versions("altair")], _make)
    made: dict[str, Specification] = json.loads(content)
    return made


def _make() -> bytes:
    import altair as alt

    made = {}
    # A test validates them: here that would take as long as all the rest.
    with alt.data_transformers.enable(consolidate_datasets=False):
        for kind, module in KINDS.items():
            chart = getattr(importlib.import_module(f"hooks.charts.{module}"), kind)()
            made[kind] = chart.to_dict(validate=False)
            # Altair's default theme: the page has its own colours and sizes.
            made[kind].pop("config", None)
            _share_points(made[kind])
    return json.dumps(made, ensure_ascii=False).encode()


def _share_points(spec: Specification) -> None:
    """Layers draw the points of the whole, unless they have values of their own."""
    for layer in spec.get("layer", ()):
        if layer.get("data", {}).get("name") == "points":
            del layer["data"]


def filled(template: Specification, drawing: Drawing) -> Specification:
    """A template of lines with all that `drawing` says; a layer with data of its own keeps it."""
    spec: Specification = json.loads(json.dumps(template))
    spec["data"] = {"values": msgspec.to_builtins(drawing.points)}
    spec["description"] = drawing.description
    scales = {part: _scale(drawing, part) for part in ("colour", "dash", "shape")}
    for encoding in (layer["encoding"] for layer in spec["layer"] if "data" not in layer):
        for channel, part in _PARTS.items():
            if channel in encoding:
                encoding[channel]["scale"] = scales[part]
        encoding["x"] |= _x(drawing)
        encoding["y"] |= _numeric(drawing.y_title, drawing.y_axis)
    return spec


_PARTS = {"color": "colour", "strokeDash": "dash", "shape": "shape"}


def _scale(drawing: Drawing, part: str) -> dict[str, Any]:
    """Each line's own colour, dash or marker, whichever lines the board has."""
    return {
        "domain": list(drawing.lines),
        "range": msgspec.to_builtins([getattr(look, part) for look in drawing.looks]),
    }


def _x(drawing: Drawing) -> dict[str, Any]:
    axis = drawing.x_axis
    if isinstance(axis, Axis):
        return _numeric(drawing.x_title, axis)
    if axis.named:
        names = [str(length) for length in axis.ticks]
        return {"type": "nominal", "title": drawing.x_title, "sort": names}
    kind = {"type": "log"} if axis.wide else {"zero": False}
    return {
        "title": drawing.x_title,
        # Vega-Lite warns of `zero` on a logarithmic scale, where it means nothing.
        "scale": {**kind, "nice": False, "padding": 24},
        "axis": {
            "values": list(axis.ticks),
            "format": "d",
            "labelOverlap": False,
            "grid": False,
        },
    }


def _numeric(title: str, axis: Axis) -> dict[str, Any]:
    kind = "log" if axis.log else "linear"
    return {
        "title": title,
        "scale": {"type": kind, "domain": [axis.low, axis.high], "nice": False},
        "axis": {"values": list(axis.ticks), "format": ",.6~r"},
    }
