"""What goes into a template of a chart: the values of a drawing, or of one workload."""

from dataclasses import dataclass

import msgspec

from hooks.charts.axes import Axis, Lengths
from hooks.charts.drawing import Drawing
from hooks.charts.spots import Spot
from hooks.charts.templates import Values

STEP = 26
"""Height of a line in px."""


def kind_of(drawing: Drawing) -> str:
    """The kind of the template that `drawing` goes into."""
    if isinstance(drawing.x_axis, Axis):
        return "fastp"
    return "named_lines" if drawing.x_axis.named else "lines"


def drawing_values(drawing: Drawing) -> Values:
    """The twin of `values` in browser/lines.js."""
    looks = {
        f"{part}s": msgspec.to_builtins([getattr(look, part) for look in drawing.looks])
        for part in ("colour", "shape")
    }
    return {
        "description": drawing.description,
        "points": list(msgspec.to_builtins(drawing.points)),
        "lines": list(drawing.lines),
        "named": list(drawing.lines),
        "dashes": msgspec.to_builtins([look.dash for look in drawing.looks]),
        **looks,
        **_axis("x", drawing.x_title, drawing.x_axis),
        **_axis("y", drawing.y_title, drawing.y_axis),
        "chosen": [{"p": 1}],
    }


def _axis(name: str, title: str, axis: Axis | Lengths) -> Values:
    ends: list[float] | list[str]
    if isinstance(axis, Axis):
        log, ends = axis.log, [axis.low, axis.high]
    else:
        log, ends = axis.wide, [str(tick) for tick in axis.ticks]
    return {
        f"{name}_title": title,
        f"{name}_type": "log" if log else "linear",
        f"{name}_domain": ends,
        f"{name}_ticks": list(axis.ticks),
    }


@dataclass(frozen=True)
class Filling:
    """A chart of one workload, before anything draws it."""

    description: str
    spots: list[Spot]
    """In the order in which they are drawn."""
    looks: dict[str, tuple[str, str]]
    """Colour and marker by the name that the legend gives them."""
    x_title: str
    x_axis: Axis
    y_title: str = ""
    y_axis: Axis | None = None
    """None where each spot has a row of its own."""
    bounds: tuple[tuple[float, str], ...] = ()
    """What errors had to stay under, and of what."""


def filling_values(filling: Filling) -> Values:
    """The twin of `values` in browser/workload_charts.js."""
    rows = [spot.line for spot in filling.spots]
    y = filling.y_axis
    return {
        "description": filling.description,
        "points": [vars(spot) for spot in filling.spots],
        "bounds": [{"bound": bound, "label": label} for bound, label in filling.bounds],
        "lines": list(filling.looks),
        "colours": [colour for colour, _ in filling.looks.values()],
        "shapes": [shape for _, shape in filling.looks.values()],
        **_axis("x", filling.x_title, filling.x_axis),
        **(_axis("y", filling.y_title, y) if y else {"y_domain": rows}),
        "height": STEP * max(1, len(rows)),
    }
