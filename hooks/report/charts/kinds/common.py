"""Building blocks that several kinds share: parameters, channels, labels and tooltips."""

from typing import Any, Literal

import altair as alt

from hooks.report.charts.figure import INK

Chart = alt.LayerChart | alt.FacetChart
"""The type that Altair makes from layers."""

NUMBERS = ",.6~r"
"""Format of axis labels: thousands separators, no trailing zeros, no exponent."""

MOST_LABELS = 24
"""Number of names that fit next to a plot."""

_LABEL_STEP = 17
"""Distance between the labels of neighbouring lines in px."""

_MOST_OUTLIERS = 3

_FADED = 0.2


def points(name: str) -> alt.Chart:
    """A chart of the data set `name`; charts of the rows in `points` name no data set."""
    return alt.Chart(alt.NamedData(name))


def layered(
    *layers: alt.Chart,
    height: Any,
    rows: alt.Chart | None = None,
    title: str | alt.ExprRef = "",
    **params: Any,
) -> Chart:
    """The layers as one chart of the rows in `points`, as wide as its container.

    `rows` holds transforms for all layers; adding them to the chart would copy it each time.
    `title` is the title of the y axis; it is horizontal, above the axis. `params` are parameters of
    the kind with their default values. All kinds also have the parameters `ink`, `line`, `grid` and
    `grey` (colours of text, axes, grid lines and lines that do not stand out); `room` (`wide`,
    `narrow` or `tight`, by the width of the figure); `picked` (names of the lines that a reader has
    highlighted); `baseline` (the key of a line); and `pages` and `only` (see `with_standing`).
    """
    choices = {"picked": [], "pages": [], "only": [], "baseline": ""}
    values = {**INK["light"], "room": "wide", **choices, **params}
    return alt.layer(
        *layers,
        data=alt.NamedData("points"),
        transform=rows.transform if rows else alt.Undefined,
        params=[alt.param(name=name, value=value).param for name, value in values.items()],
        width="container",
        height=height,
        title=alt.Title(text=title, anchor="start", frame="bounds") if title else alt.Undefined,
    )


def rows(field: str) -> alt.Y:
    """The y channel with a row for each name, from the top in the order of the data.

    Names are left of the plot or, in a tight figure, above their marks.
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


def unscaled(channel: Any, field: str) -> Any:
    """A channel that uses the values of `field` as they are, such as colours or dashes."""
    return channel(f"{field}:N", scale=None)


def line_colour() -> Any:
    """The colour channel of lines: their own colour, or `grey` if they do not stand out."""
    return alt.ColorValue(alt.ExprRef("datum.strong === false ? grey : datum.colour"))


def line_opacity(opacity: float = 1) -> Any:
    """The opacity channel of lines: once a reader picks some, the others fade."""
    faded = "length(picked) && indexof(picked, datum.line) < 0"
    return alt.OpacityValue(alt.ExprRef(f"{faded} ? {opacity * _FADED} : {opacity}"))


def with_baseline(rows: alt.Chart) -> alt.Chart:
    """Add to each row the latency and interval of `baseline` at its workload, as `base_us` etc."""
    own = "datum.key === baseline ? datum.{} : null"
    return rows.transform_calculate(
        own_us=own.format("us"), own_low=own.format("low"), own_high=own.format("high")
    ).transform_joinaggregate(
        base_us="max(own_us)",
        base_low="max(own_low)",
        base_high="max(own_high)",
        groupby=["workload"],
    )


def with_standing(rows: alt.Chart, *, axis_ends: bool, along: str = "") -> alt.Chart:
    """Add to each row whether its line is `strong` or `beyond` the axis, and where a line ends.

    Strong lines are in colour, over the others, which are grey. They are the lines that a reader
    has picked and, if `only` has keys, all lines with these keys; otherwise the lines of `pages`
    or, if that is empty, the best lines and the baseline. With `axis_ends`, the axis covers only
    the contenders, the picked lines and those of `pages` or, if there are none of these, all lines.
    `last` is whether the row is the last of its line: in the order of the data or, with `along`,
    the one with the largest value in that field.
    """
    wanted = "length(only) > 0 || indexof(picked, datum.line) >= 0"
    of_pages = "indexof(pages, datum.page) >= 0"
    usual = "datum.best || datum.key === baseline"
    covered = f"{wanted} || {of_pages} || datum.contends" if axis_ends else "true"
    return (
        rows.transform_calculate(
            strong=f"{wanted} || (length(pages) ? {of_pages} : {usual})",
            covered=f"{covered} ? 1 : 0",
        )
        .transform_window(
            place="row_number()", sort=[alt.SortField(along)] if along else alt.Undefined
        )
        .transform_joinaggregate(end="max(place)", groupby=["line"])
        .transform_joinaggregate(any_covered="max(covered)")
        .transform_calculate(
            beyond="datum.any_covered > datum.covered", last="datum.place === datum.end"
        )
    )


def strong_last(layer: alt.Chart) -> tuple[alt.Chart, alt.Chart]:
    """The lines of a layer that do not stand out, and over them those that do."""
    return layer.transform_filter("!datum.strong"), layer.transform_filter("datum.strong")


def line_ends() -> alt.Chart:
    """The last row of each line that the axis covers."""
    return alt.Chart().transform_filter("datum.last && !datum.beyond")


def slanted_if(tight: str) -> dict[str, Any]:
    """Axis properties that slant the labels where `tight`, a Vega expression, is true."""
    return {
        "labelAngle": alt.ExprRef(f"{tight} ? -45 : 0"),
        "labelAlign": alt.ExprRef(f"{tight} ? 'right' : 'center'"),
        "labelBaseline": alt.ExprRef(f"{tight} ? 'middle' : 'top'"),
    }


def marker(chart: alt.Chart, **more: Any) -> Any:
    """A filled marker for each row."""
    return chart.mark_point(filled=True, opacity=1, **more)


def paths(
    chart: alt.Chart, detail: tuple[str, ...] = ("line:N",), **more: Any
) -> tuple[alt.Chart, alt.Chart]:
    """A path through the rows of each line; lines that stand out are drawn over the others.

    Rows with the same values in the fields `detail` are on one path.
    """
    path = chart.mark_line(aria=False, **more).encode(
        detail=list(map(alt.Detail, detail)),
        strokeDash=unscaled(alt.StrokeDash, "dash"),
        strokeWidth=alt.StrokeWidthValue(alt.ExprRef("datum.strong ? 2.2 : 1.4")),
        opacity=line_opacity(),
    )
    return strong_last(path)


def line_markers(chart: alt.Chart, size: int, *names: str) -> Any:
    """A marker for each row, in the shape of its line; screen readers read the fields `names`."""
    return marker(chart, size=size, description=accessible_name(*names)).encode(
        shape=unscaled(alt.Shape, "shape"), opacity=line_opacity(), order=alt.Order("strong:O")
    )


def accessible_name(*fields: str) -> alt.ExprRef:
    """The name of a point for screen readers: its fields, separated by commas."""
    return alt.ExprRef(" + ', ' + ".join(f"datum.{field}" for field in fields))


def fixed(number: str, digits: int) -> str:
    """An expression that writes a number with `digits` decimals, halves rounded as in Python.

    Halfway values go to the even digit; D3 rounds them up. Only odd multiples of 1/2^(digits + 1)
    are halfway, and every other one of them goes down.
    """
    half = 0.5 ** (digits + 1)
    down = f"({number} % {4 * half} === {half} ? 1e-{digits + 1} : 0)"
    return f"format({number} - {down}, ',.{digits}f')"


def microseconds(number: str) -> str:
    """An expression that writes a latency as `formats.microseconds` does."""
    return f"({number} < 1000 ? {fixed(number, 1)} : {fixed(number, 0)})"


def significant(number: str) -> str:
    """An expression that writes a number of at least 0.001 as `formats.significant` does."""
    least = {100: 0, 10: 1, 1: 2, 0: 3}
    cases = [f"{number} >= {end} ? {fixed(number, digits)}" for end, digits in least.items()]
    return f"({' : '.join(cases)} : '')"


def tooltip(titles: dict[str, str]) -> list[alt.Tooltip]:
    """A tooltip of these fields under these titles."""
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def line_names(axis: int) -> tuple[Any, ...]:
    """The name of each line, right of its last point, with a thin line between the two.

    Names that would overlap move apart, but no farther than needed and never beyond the plot. For
    this, names are sorted by their points; the shift of each is the average of the largest shift
    that the names above it require and the smallest that those below it allow, which centres a
    cluster of names on its points. In a narrow figure, only lines that stand out have a name. In a
    tight one, the names are below the plot and its axis, which is `axis` px high, because next to
    the plot they would take half of the width.
    """
    step = _LABEL_STEP
    spread = (
        _named(line_ends())
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
            below=f"height + {axis} + {step} * datum.place",
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
        color=line_colour(),
        opacity=line_opacity(0.6),
    )
    return (
        leader.transform_filter("room !== 'tight'"),
        _unnamed(line_ends()),
        *_names(spread, x="(room === 'tight' ? 6 : width + 18)", y="datum.to", limit="400"),
    )


def line_key(ends: alt.Chart) -> tuple[Any, ...]:
    """The names in `ends` with their markers, right of the plot or, without room, below it."""
    row = (
        _named(ends)
        .transform_window(turn="row_number()")
        .transform_calculate(
            column="room === 'narrow' ? (datum.turn - 1) % 2 : 0",
            row="room === 'narrow' ? floor((datum.turn - 1) / 2) : datum.turn - 1",
        )
        .transform_calculate(
            left="room === 'wide' ? width + 24 : datum.column * width / 2",
            to=f"(room === 'wide' ? 6 : height + 62) + {_LABEL_STEP} * datum.row",
        )
    )
    limit = "room === 'wide' ? 400 : room === 'narrow' ? width / 2 - 24 : width"
    return (_unnamed(ends), *_names(row, x="datum.left", y="datum.to", limit=limit))


def _names(chart: alt.Chart, *, x: str, y: str, limit: str) -> tuple[Any, Any]:
    """Markers and names; `x`, `y` and `limit`, the greatest length, are Vega expressions."""
    markers = marker(
        chart, x=alt.ExprRef(x), y=alt.ExprRef(y), size=55, cursor="pointer", aria=False
    ).encode(shape=unscaled(alt.Shape, "shape"), color=line_colour(), opacity=line_opacity())
    names = _text(chart, alt.ExprRef(f"{x} + 11"), alt.ExprRef(y), limit, align="left")
    return markers.properties(name="keys"), names.encode(
        text=alt.Text("line:N"), opacity=line_opacity()
    ).properties(name="names")


def _named(ends: alt.Chart) -> alt.Chart:
    """The rows of `ends` for which there is room for a name; strong lines take precedence."""
    strong_first = ends.transform_window(
        turn="row_number()", sort=[alt.SortField("strong", order="descending")]
    )
    return strong_first.transform_filter(f"datum.turn <= {MOST_LABELS}")


def _unnamed(ends: alt.Chart) -> Any:
    """The number of lines without a name, below the names next to the plot."""
    text = f"'and ' + (datum.count - {MOST_LABELS}) + ' more in the table'"
    return (
        ends.transform_aggregate(count="count()")
        .transform_filter(f"room === 'wide' && datum.count > {MOST_LABELS}")
        .mark_text(
            x=alt.ExprRef("width + 29"),
            y=alt.ExprRef("height + 20"),
            align="left",
            baseline="middle",
            fontSize=12,
            color=alt.ExprRef("ink"),
            aria=False,
        )
        .encode(text=alt.TextValue(alt.ExprRef(text)))
    )


def outlier_names(
    side: Literal["left", "right"], value: str = "datum.value", arrow: str = "arrow"
) -> Any:
    """Labels above one side of the plot, for lines whose values are beyond the axis.

    If there are too many, the last label says how many more the table has.

    `value` and `arrow` are Vega expressions.
    """
    more = f"datum.count > {_MOST_OUTLIERS} && datum.turn === {_MOST_OUTLIERS}"
    row = (
        alt.Chart()
        .transform_filter("datum.last && datum.beyond")
        .transform_window(turn="row_number()")
        .transform_joinaggregate(count="count()")
        .transform_filter(f"datum.turn <= {_MOST_OUTLIERS}")
        .transform_calculate(
            text=f"({more} ? 'and ' + (datum.count - {_MOST_OUTLIERS - 1}) + ' more in the table'"
            f" : datum.line + ' ' + {value}) + ' ' + {arrow}",
            line=f"{more} ? '' : datum.line",
            strong=f"!({more}) && datum.strong",
        )
    )
    y = alt.ExprRef(f"{4 - _LABEL_STEP} - {_LABEL_STEP} * (datum.turn - 1)")
    left = "true" if side == "left" else "room === 'tight'"
    x, align = alt.ExprRef(f"{left} ? 0 : width"), alt.ExprRef(f"{left} ? 'left' : 'right'")
    return (
        _text(row, x, y, "max(width, 200)", align=align)
        .encode(text=alt.Text("text:N"))
        .properties(name="outliers")
    )


def _text(chart: alt.Chart, x: Any, y: Any, limit: str, *, align: Any) -> Any:
    """A text for each row, in bold if its line stands out."""
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
