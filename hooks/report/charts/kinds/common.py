"""What several kinds of charts share: parameters, looks, labels and tooltips."""

from typing import Any, Literal

import altair as alt

from hooks.report.charts.ink import INK

Chart = alt.LayerChart | alt.FacetChart
"""What Altair makes of layers."""

NUMBERS = ",.6~r"
"""Axis labels: thousands apart, no zeros at the end, never an exponent."""

STEP = 26
"""Height of a row in px."""

_LABEL_STEP = 17
"""Distance between the labels of neighbouring lines in px."""

_FADED = 0.2


def points(name: str = "points") -> alt.Chart:
    """A chart of the data set called `name`."""
    return alt.Chart(alt.NamedData(name))


def whole(*layers: alt.Chart, height: Any, title: str | alt.ExprRef = "", **params: Any) -> Chart:
    """The layers as one chart, as wide as its place, with parameters that have these values.

    `title` is that of the y axis: above it, where it is read without turning one's head.
    Texts are in the colour `ink`, axes in `line`, the lines across the plot in `grid`.
    `room` is `wide`, `narrow` or `tight`: what is left out or moved where there is little.
    `picked` holds the names of the lines that a reader has picked; `unnamed` is the number of lines
    that are drawn without a name.
    """
    every = {**INK["light"], "room": "wide", "picked": [], "unnamed": 0, **params}
    return alt.layer(
        *layers,
        params=[alt.param(name=name, value=value).param for name, value in every.items()],
        width="container",
        height=height,
        title=alt.Title(text=title, anchor="start", frame="bounds") if title else alt.Undefined,
    )


def rows(field: str) -> alt.Y:
    """A row for each name, from the top in the order of the data.

    The names stand beside the plot, or where there is no room for that above their marks.
    """
    tight = "room === 'tight' ? {} : {}"
    axis = alt.Axis(
        grid=False,
        ticks=False,
        domain=False,
        labelAlign=alt.ExprRef(tight.format("'left'", "'right'")),
        labelBaseline=alt.ExprRef(tight.format("'bottom'", "'middle'")),
        labelOffset=alt.ExprRef(tight.format(-7, 0)),
        labelPadding=alt.ExprRef(tight.format(-3, 8)),
        labelLimit=alt.ExprRef(tight.format("width", 260)),
    )
    return alt.Y(f"{field}:N", title=None, sort=None, axis=axis)


def own(channel: Any, field: str) -> Any:
    """A channel that takes each mark's own value, such as a colour or a dash."""
    return channel(f"{field}:N", scale=None)


def shade() -> Any:
    """The colour channel of lines: their own, but `grey` for those that do not stand out."""
    return alt.value(alt.ExprRef("datum.strong === false ? grey : datum.colour"))


def clear(opacity: float = 1) -> Any:
    """The opacity channel of lines that can be picked: where any is, the others fade."""
    faded = "length(picked) && indexof(picked, datum.line) < 0"
    return alt.value(alt.ExprRef(f"{faded} ? {opacity * _FADED} : {opacity}"))


def slanted() -> dict[str, Any]:
    """The properties of an axis whose labels would touch where there is little room."""
    tight = "room === 'tight' ? {} : {}"
    return {
        "labelAngle": alt.ExprRef(tight.format(-45, 0)),
        "labelAlign": alt.ExprRef(tight.format("'right'", "'center'")),
    }


def marker(chart: alt.Chart, **more: Any) -> Any:
    """A filled marker for each row."""
    return chart.mark_point(filled=True, opacity=1, **more)


def told(*fields: str) -> alt.ExprRef:
    """What a point is called for those who cannot see it: its fields, one after the other."""
    return alt.ExprRef(" + ', ' + ".join(f"datum.{field}" for field in fields))


def tooltip(titles: dict[str, str]) -> list[alt.Tooltip]:
    """These fields under these titles."""
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def ends() -> tuple[Any, ...]:
    """The name of each line in `labels` right of its last point, and a thin line to it.

    Where names would overlap they move apart, no farther than needed and never beyond the plot:
    with the labels sorted by their points, the largest shift that those above ask for and the
    smallest that those below do are averaged, which puts the middle of a heap where the heap is.
    In a narrow figure only the lines that stand out have a name; in a tight one it is below the
    plot, as beside it half of the room would be left for the lines.
    """
    step = _LABEL_STEP
    spread = (
        points("labels")
        .transform_filter("room === 'wide' || datum.strong")
        .transform_calculate(at="scale('y', datum.y)", start="scale('x', datum.x)")
        .transform_window(place="row_number()", sort=[alt.SortField("at")])
        .transform_joinaggregate(count="count()")
        .transform_calculate(shift=f"datum.at - {step} * datum.place")
        .transform_window(down="max(shift)", frame=[None, 0], sort=[alt.SortField("place")])
        .transform_window(up="min(shift)", frame=[0, None], sort=[alt.SortField("place")])
        .transform_calculate(
            free=f"{step} * datum.place + (datum.down + datum.up) / 2",
            top=f"{step} * (datum.place - 1) + 6",
            bottom=f"height - {step} * (datum.count - datum.place)",
            below=f"height + 64 + {step} * datum.place",
        )
        .transform_calculate(
            to="room === 'tight' ? datum.below : max(min(datum.free, datum.bottom), datum.top)"
        )
    )
    leader = spread.mark_rule(strokeWidth=1, aria=False).encode(
        x=alt.value(alt.ExprRef("datum.start + 8")),
        x2=alt.value(alt.ExprRef("width + 10")),
        y=alt.value(alt.ExprRef("datum.at")),
        y2=alt.value(alt.ExprRef("datum.to")),
        color=shade(),
        opacity=clear(0.6),
    )
    return (
        leader.transform_filter("room !== 'tight'"),
        _unnamed(),
        *_names(spread, x="(room === 'tight' ? 6 : width + 18)", y="datum.to", limit="400"),
    )


def key() -> tuple[Any, ...]:
    """The names in `labels` with their markers: beside the plot, or below it where it is narrow."""
    row = (
        points("labels")
        .transform_window(place="row_number()")
        .transform_calculate(
            column="room === 'narrow' ? (datum.place - 1) % 2 : 0",
            row="room === 'narrow' ? floor((datum.place - 1) / 2) : datum.place - 1",
        )
        .transform_calculate(
            left="room === 'wide' ? width + 24 : datum.column * width / 2",
            to=f"(room === 'wide' ? 6 : height + 62) + {_LABEL_STEP} * datum.row",
        )
    )
    limit = "room === 'wide' ? 400 : room === 'narrow' ? width / 2 - 24 : width"
    return (_unnamed(), *_names(row, x="datum.left", y="datum.to", limit=limit))


def _names(chart: alt.Chart, *, x: str, y: str, limit: str) -> tuple[Any, Any]:
    """Markers and names at these places and at most this long, which are expressions."""
    markers = marker(
        chart, x=alt.ExprRef(x), y=alt.ExprRef(y), size=55, cursor="pointer", aria=False
    ).encode(shape=own(alt.Shape, "shape"), color=shade(), opacity=clear())
    names = _text(chart, alt.ExprRef(f"{x} + 11"), alt.ExprRef(y), limit, align="left")
    return markers.properties(name="keys"), names.encode(text="line:N", opacity=clear()).properties(
        name="names"
    )


def _unnamed() -> Any:
    """How many lines there was no room to name, below those that have a name beside the plot."""
    one = alt.Chart(alt.InlineData(values=[{"line": ""}]))
    text = "unnamed ? 'and ' + unnamed + ' more, in the table' : ''"
    return (
        one.transform_filter("room === 'wide'")
        .mark_text(
            x=alt.ExprRef("width + 29"),
            y=alt.ExprRef("height + 20"),
            align="left",
            baseline="middle",
            fontSize=12,
            color=alt.ExprRef("ink"),
            aria=False,
        )
        .encode(text=alt.value(alt.ExprRef(text)))
    )


def beyond(side: Literal["left", "right"]) -> Any:
    """The lines in `outliers`, which lie beyond an axis, named above this side of the plot."""
    row = points("outliers").transform_window(place="row_number()")
    y = alt.ExprRef(f"{4 - _LABEL_STEP} - {_LABEL_STEP} * (datum.place - 1)")
    left = "true" if side == "left" else "room === 'tight'"
    x, align = alt.ExprRef(f"{left} ? 0 : width"), alt.ExprRef(f"{left} ? 'left' : 'right'")
    return (
        _text(row, x, y, "max(width, 200)", align=align)
        .encode(text="text:N")
        .properties(name="outliers")
    )


def _text(chart: alt.Chart, x: Any, y: Any, limit: str, *, align: Any) -> Any:
    """A text for each row, in bold where its line stands out."""
    return chart.mark_text(
        x=x,
        y=y,
        align=align,
        baseline="middle",
        fontSize=12,
        fontWeight=alt.ExprRef("datum.strong ? 600 : 400"),
        limit=alt.ExprRef(limit),
        color=alt.ExprRef("ink"),
        cursor="pointer",
        aria=False,
    )
