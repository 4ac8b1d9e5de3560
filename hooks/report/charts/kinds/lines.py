"""Lines over the sequence length, each named at its end, with the band of each interval."""

import altair as alt

from hooks.report.charts.kinds.parts import (
    NUMBERS,
    Chart,
    beyond,
    clear,
    ends,
    marker,
    own,
    points,
    shade,
    slanted,
    told,
    tooltip,
    whole,
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
    """`log`: equal distances on the y axis are equal ratios; `named`: x is a workload's name."""
    shared = points().encode(x=_named() if named else _length(), color=shade())
    paths = shared.mark_line(aria=False).encode(
        y=_value("y", log=log),
        detail="line:N",
        strokeDash=own(alt.StrokeDash, "dash"),
        strokeWidth=alt.condition("datum.strong", alt.value(2.2), alt.value(1.4)),
        opacity=clear(),
    )
    bands = shared.mark_area(aria=False).encode(
        y=_value("low", log=log), y2="high:Q", detail="line:N", opacity=clear(0.2)
    )
    name = told("line", "workload", "value", "interval")
    markers = marker(shared, size=70, description=name).encode(
        y=_value("y", log=log),
        shape=own(alt.Shape, "shape"),
        opacity=clear(),
        tooltip=tooltip(_TOOLTIP),
    )
    layers = (bands, paths, markers, *ends(), beyond("right"))
    return whole(*layers, height=HEIGHT, title=alt.ExprRef("y_title"), y_title="", lengths=[])


def _value(field: str, *, log: bool) -> alt.Y:
    """A logarithmic axis reaches as far as the lines; a linear one begins at zero."""
    kind = alt.Scale(type="log", nice=False, padding=16) if log else alt.Scale(zero=True)
    return alt.Y(f"{field}:Q", title=None, scale=kind, axis=alt.Axis(format=NUMBERS))


def _length() -> alt.X:
    """A tick for each measured length; over few lengths a logarithm is as good as a line."""
    ticks = alt.Axis(
        values=alt.ExprRef("lengths"), format="d", labelOverlap=False, grid=False, **slanted()
    )
    scale = alt.Scale(type="log", nice=False, padding=24)
    return alt.X("x:Q", title="Sequence length (tokens)", scale=scale, axis=ticks)


def _named() -> alt.X:
    return alt.X("x:N", title="Workload", sort=None, axis=alt.Axis(labelLimit=220))
