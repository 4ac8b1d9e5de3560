"""A chart with a row for each line as a still picture: ranked dots and memory.

It draws what fills the live chart, so that the two cannot disagree on a value, an axis or an order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hooks.charts.filling import STEP, Filling
from hooks.charts.svg import INK, WIDTH, fitting, marker, sheet, words
from hooks.reading.looks import DASHES, Look

LEFT, TOP, RIGHT = 300, 44, WIDTH - 40
MOST_ROWS = 24
"""Beyond these a picture would be too tall to be looked at."""

_BELOW = 62
"""Room under the last row, for the axis and its title."""

_LEGEND_STEP = 190

_LONGEST_NAME = 40
"""Characters of this size that fit left of the axis."""


@dataclass(frozen=True)
class Columns:
    """Which fields of a point are drawn."""

    low: str | None
    """Where its bar begins; at the low end of the axis where none is named."""
    high: str
    at: str
    text: str
    group: str
    """By what the legend tells points apart."""


COLUMNS = {
    "dots": Columns("low", "high", "us", "latency", "standing"),
    "footprint": Columns(None, "memory", "memory", "size", "precision"),
}
"""The kinds of charts that have rows."""


def height_of(filling: Filling) -> int:
    """Of the picture, in px."""
    return TOP + STEP * min(len(filling.spots), MOST_ROWS) + _BELOW


def still_rows(kind: str, filling: Filling, scheme: str) -> bytes:
    """The SVG of a chart of this kind, without a background, for pages of the colour scheme."""
    points, rest = fitting([vars(spot) for spot in filling.spots], MOST_ROWS)
    ink = INK[scheme]
    height = height_of(filling)
    bottom = height - _BELOW
    body = [*_legend(filling), *_axis(filling, bottom, ink)]
    for place, point in enumerate(points):
        body += _row(TOP + STEP * (place + 0.5), point, COLUMNS[kind], filling)
    if rest:
        body.append(words(LEFT - 12, bottom - STEP / 2 + 4, rest, "end"))
    return sheet(
        body,
        height=height,
        title=filling.description.partition(":")[0],
        description=filling.description,
        scheme=scheme,
    )


def _row(y: float, point: dict[str, Any], columns: Columns, filling: Filling) -> Iterator[str]:
    look = _look(filling, point[columns.group])
    x = _x(filling, point[columns.at])
    low = LEFT if columns.low is None else _x(filling, point[columns.low])
    yield words(LEFT - 12, y + 4, _shortened(point["line"]), "end")
    high = _x(filling, point[columns.high])
    bar = f'stroke="{look.colour}" stroke-width="3" stroke-opacity="0.55"'
    yield f'<path d="M{low:.1f} {y:.1f}H{high:.1f}" {bar}/>'
    yield marker(x, y, look)
    yield words(x + 12, y + 4, point[columns.text], "start")


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def _axis(filling: Filling, bottom: int, ink: dict[str, str]) -> Iterator[str]:
    for tick in filling.x_axis.ticks:
        x = _x(filling, tick)
        yield f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="{ink["grid"]}"/>'
        yield words(x, bottom + 20, f"{tick:,g}", "middle")
    yield f'<path d="M{LEFT} {TOP}V{bottom}H{RIGHT}" fill="none" stroke="{ink["line"]}"/>'
    yield words((LEFT + RIGHT) / 2, bottom + 46, filling.x_title, "middle")


def _legend(filling: Filling) -> Iterator[str]:
    for place, name in enumerate(filling.looks):
        x = LEFT + 8 + _LEGEND_STEP * place
        yield marker(x, 20, _look(filling, name))
        yield words(x + 14, 24, name, "start")


def _look(filling: Filling, name: str) -> Look:
    colour, shape = filling.looks[name]
    return Look(colour, DASHES[0], shape)


def _x(filling: Filling, value: float) -> float:
    return LEFT + filling.x_axis.place(value) * (RIGHT - LEFT)
