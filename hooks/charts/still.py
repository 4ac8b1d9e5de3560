"""The chart as a still picture: SVG for readers without JavaScript, for print and for a README.

Drawn here because starting vl-convert costs as much as building all the pages; it follows the same
drawing, axes and looks as the live chart.
"""

from collections.abc import Iterator, Sequence

from hooks.charts.axes import Axis
from hooks.charts.drawing import Drawing, Point
from hooks.charts.svg import INK, fitting, marker, sheet, stroke, words
from hooks.reading.looks import Look

Lines = Sequence[tuple[str, Look]]
"""What is drawn: names, each with its look."""

HEIGHT = 480
LEFT, TOP, RIGHT, BOTTOM = 72, 14, 700, 420
_INSET = 20
"""Room between the frame and the first and last points."""

_LEGEND_STEP = 22
_MOST = (HEIGHT - TOP) // _LEGEND_STEP
"""Lines that the legend has room for; with more, the best are drawn and the others counted."""


def still(drawing: Drawing, scheme: str) -> bytes:
    """The SVG of `drawing`, without a background, for pages of the colour scheme."""
    ink = INK[scheme]
    lines, rest = fitting(list(zip(drawing.lines, drawing.looks, strict=True)), _MOST)
    around = [*_axes(drawing, ink), *_levels(drawing, ink)]
    return sheet(
        [*around, *_lines(drawing, lines), *_legend(drawing, lines, rest)],
        height=HEIGHT,
        title=drawing.title,
        description=drawing.description,
        scheme=scheme,
    )


def _x(drawing: Drawing, value: float | str) -> float:
    axis = drawing.x_axis
    if isinstance(axis, Axis):
        return LEFT + axis.place(float(value)) * (RIGHT - LEFT)
    place = axis.place(value if isinstance(value, str) else int(value))
    return LEFT + _INSET + place * (RIGHT - LEFT - 2 * _INSET)


def _y(drawing: Drawing, value: float) -> float:
    return BOTTOM - drawing.y_axis.place(value) * (BOTTOM - TOP)


def _axes(drawing: Drawing, ink: dict[str, str]) -> Iterator[str]:
    for tick in drawing.y_axis.ticks:
        y = _y(drawing, tick)
        yield f'<path d="M{LEFT} {y:.1f}H{RIGHT}" stroke="{ink["grid"]}"/>'
        yield words(LEFT - 8, y + 4, f"{tick:,g}", "end")
    yield f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="{ink["line"]}"/>'
    for along in drawing.x_axis.ticks:
        text = str(along) if isinstance(along, str | int) else f"{along:,g}"
        yield words(_x(drawing, along), BOTTOM + 20, text, "middle")
    yield words((LEFT + RIGHT) / 2, BOTTOM + 46, drawing.x_title, "middle")
    middle = (TOP + BOTTOM) / 2
    title = words(16, middle, drawing.y_title, "middle")
    yield f'<g transform="rotate(-90 16 {middle})">{title}</g>'


def _levels(drawing: Drawing, ink: dict[str, str]) -> Iterator[str]:
    for name, value in drawing.levels.items():
        y = _y(drawing, value)
        yield f'<path d="M{LEFT} {y:.1f}H{RIGHT}" stroke="{ink["text"]}" stroke-dasharray="5 4"/>'
        yield words(LEFT + 6, y - 5, name, "start")


def _lines(drawing: Drawing, lines: Lines) -> Iterator[str]:
    points: dict[str, list[Point]] = {}
    for point in drawing.points:
        points.setdefault(point.line, []).append(point)
    for name, look in lines:
        own = points[name]
        places = [(_x(drawing, point.x), _y(drawing, point.y)) for point in own]
        if drawing.form != "points":
            yield f'<path d="{_path(places, drawing.form)}" fill="none" {stroke(look)}/>'
        if drawing.form != "steps":
            yield f'<path d="{_bars(drawing, own)}" stroke="{look.colour}"/>'
            yield from (marker(x, y, look) for x, y in places)


def _bars(drawing: Drawing, points: list[Point]) -> str:
    """The interval of each point."""
    ends = ((_x(drawing, p.x), _y(drawing, p.low), _y(drawing, p.high)) for p in points)
    return "".join(f"M{x:.1f} {low:.1f}V{high:.1f}" for x, low, high in ends)


def _path(places: list[tuple[float, float]], form: str) -> str:
    (x, y), *others = places
    if form == "lines":
        return "L".join([f"M{x:.1f} {y:.1f}", *(f"{x:.1f} {y:.1f}" for x, y in others)])
    return "".join([f"M{x:.1f} {y:.1f}", *(f"H{x:.1f}V{y:.1f}" for x, y in others)])


def _legend(drawing: Drawing, lines: Lines, rest: str) -> Iterator[str]:
    for place, (name, look) in enumerate(lines):
        y = TOP + 8 + _LEGEND_STEP * place
        if drawing.form != "points":
            yield f'<path d="M{RIGHT + 24} {y}h30" {stroke(look)}/>'
        yield marker(RIGHT + 39, y, look)
        yield words(RIGHT + 62, y + 4, name, "start")
    if rest:
        yield words(RIGHT + 24, TOP + 12 + _LEGEND_STEP * len(lines), rest, "start")
