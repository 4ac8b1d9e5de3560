"""A metric over the sequence length: lines that are named at their ends, with interval bands."""

import altair as alt

from hooks.report.charts.kinds.common import (
    NUMBERS,
    Chart,
    accessible_name,
    layered,
    line_colour,
    line_names,
    line_opacity,
    marker,
    outlier_names,
    points,
    slanted_if_tight,
    tooltip,
    unscaled,
)

HEIGHT = 440

_TOOLTIP = {
    "line": "Line",
    "workload": "Workload",
    "value": "Value",
    "interval": "95 % interval",
    "latency": "Median latency",
}


def lines(*, log: bool, named: bool) -> Chart:
    """With `log`, the y axis is logarithmic; with `named`, x is the name of a workload."""
    shared = points().encode(x=_named() if named else _length(), color=line_colour())
    paths = shared.mark_line(aria=False).encode(
        y=_value("y", log=log),
        detail="line:N",
        strokeDash=unscaled(alt.StrokeDash, "dash"),
        strokeWidth=alt.condition("datum.strong", alt.value(2.2), alt.value(1.4)),
        opacity=line_opacity(),
    )
    bands = shared.mark_area(aria=False).encode(
        y=_value("low", log=log), y2="high:Q", detail="line:N", opacity=line_opacity(0.2)
    )
    name = accessible_name("line", "workload", "value", "interval")
    markers = marker(shared, size=70, description=name).encode(
        y=_value("y", log=log),
        shape=unscaled(alt.Shape, "shape"),
        opacity=line_opacity(),
        tooltip=tooltip(_TOOLTIP),
    )
    layers = (bands, paths, markers, *line_names(), outlier_names("right"))
    return layered(*layers, height=HEIGHT, title=alt.ExprRef("y_title"), y_title="", lengths=[])


def _value(field: str, *, log: bool) -> alt.Y:
    """The y channel: a logarithmic axis fits the lines, a linear one begins at zero."""
    kind = alt.Scale(type="log", nice=False, padding=16) if log else alt.Scale(zero=True)
    return alt.Y(f"{field}:Q", title=None, scale=kind, axis=alt.Axis(format=NUMBERS))


def _length() -> alt.X:
    """The x channel of sequence lengths, with a tick at each measured one."""
    ticks = alt.Axis(
        values=alt.ExprRef("lengths"),
        format="d",
        labelOverlap=False,
        grid=False,
        **slanted_if_tight(),
    )
    scale = alt.Scale(type="log", nice=False, padding=24)
    return alt.X("x:Q", title="Sequence length (tokens)", scale=scale, axis=ticks)


def _named() -> alt.X:
    return alt.X("x:N", title="Workload", sort=None, axis=alt.Axis(labelLimit=220))
