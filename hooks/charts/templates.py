"""Vega-Lite specifications without data: made with Altair once, filled wherever data is.

The browser fills them with what a reader chose (theme/assets/report/lines.js and its neighbours);
here they are filled for downloads. Altair is imported only where no template is in the cache.
"""

import importlib
import json
from pathlib import Path
from typing import Any

import msgspec

from hooks.charts.drawing import Drawing
from hooks.reading.cache import Cache, versions

VEGA_LITE = "6.4"
"""What Altair writes and the bundled Vega draws; a test holds that they are the same."""

KINDS = {
    "lines": "vega_lines",
    "ratios": "vega_ratios",
    "dots": "vega_dots",
    "accuracy": "vega_accuracy",
    "memory": "vega_memory",
}
"""The kinds of charts, each a function of this name in a module beside this one."""

Specification = dict[str, Any]


def templates(cache: Cache) -> dict[str, Specification]:
    """The template of each kind of chart."""
    here = Path(__file__)
    code = [here.with_name(f"{module}.py").read_bytes() for module in KINDS.values()]
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
    return json.dumps(made, ensure_ascii=False).encode()


def filled(template: Specification, drawing: Drawing) -> Specification:
    """The template of lines with all that `drawing` says."""
    spec: Specification = json.loads(json.dumps(template))
    spec["data"] = {"values": msgspec.to_builtins(drawing.points)}
    spec["description"] = drawing.description
    scales = {part: _scale(drawing, part) for part in ("colour", "dash", "shape")}
    for layer in spec["layer"]:
        encoding = layer["encoding"]
        for channel, part in _PARTS.items():
            if channel in encoding:
                encoding[channel]["scale"] = scales[part]
        encoding["x"] |= _x(drawing)
        encoding["y"] |= _y(drawing)
    return spec


_PARTS = {"color": "colour", "strokeDash": "dash", "shape": "shape"}


def _scale(drawing: Drawing, part: str) -> dict[str, Any]:
    """Each line's own colour, dash or marker, whichever lines the board has."""
    return {
        "domain": list(drawing.lines),
        "range": msgspec.to_builtins([getattr(look, part) for look in drawing.looks]),
    }


def _x(drawing: Drawing) -> dict[str, Any]:
    if drawing.named:
        names = [str(length) for length in drawing.lengths]
        return {"type": "nominal", "title": drawing.x_title, "sort": names}
    kind = {"type": "log"} if drawing.wide else {"zero": False}
    return {
        "title": drawing.x_title,
        # Vega-Lite warns of `zero` on a logarithmic scale, where it means nothing.
        "scale": {**kind, "nice": False, "padding": 24},
        "axis": {
            "values": list(drawing.lengths),
            "format": "d",
            "labelOverlap": False,
            "grid": False,
        },
    }


def _y(drawing: Drawing) -> dict[str, Any]:
    axis = drawing.axis
    kind = "log" if axis.log else "linear"
    return {
        "title": drawing.y_title,
        "scale": {"type": kind, "domain": [axis.low, axis.high], "nice": False},
        "axis": {"values": list(axis.ticks), "format": ",~r"},
    }
