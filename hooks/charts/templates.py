"""Vega-Lite specifications without data, filled wherever data is.

They are made with Altair (`python -m hooks.charts.make_templates`) and kept beside this module. The
browser fills them with what a reader chose (theme/assets/report/lines.js and its neighbours); here
they are filled for downloads.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from hooks.charts.axes import Axis
from hooks.charts.drawing import Drawing

VEGA_LITE = "6.4"
"""What Altair writes and the bundled Vega draws; a test holds that they are the same."""

TEMPLATES = Path(__file__).with_name("templates.json")

Specification = dict[str, Any]


def templates() -> dict[str, Specification]:
    """The template of each kind of chart."""
    made: dict[str, Specification] = json.loads(TEMPLATES.read_text(encoding="utf-8"))
    return made


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
