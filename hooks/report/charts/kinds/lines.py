"""A metric over the sequence length: lines that are named at their ends, with interval bands."""

import altair as alt

from hooks.report.charts.kinds import common
from hooks.report.tables.line_parts import ONE_ROUND

HEIGHT = 440

_NAME_WIDTH = 120
"""Greatest width of the name of a workload in px; a longer one is cut off."""

_AXIS, _NAMED_AXIS = 64, 106
"""Height in px of an axis with slanted lengths, and with slanted names of workloads."""

_PATH = "line:N", "path:N"
"""The fields whose values the points of one path share."""

_TOOLTIP = {
    "line": "Line",
    "workload": "Workload",
    "value": "Value",
    "interval": "95 % interval",
    "latency": "Median latency",
}


def lines(*, log: bool, named: bool) -> common.Chart:
    """With `log`, the y axis is logarithmic; with `named`, x is the name of a workload.

    Each row holds the latency of a line at a workload. The parameter `over` says what is divided by
    that latency: the latency of `baseline`, or the field that `over` names; if it is empty, the
    latency itself is shown. `only` has the keys of the lines to show; if it is empty, all lines are
    shown.
    """
    shared = alt.Chart().encode(x=_named() if named else _length(), color=common.line_colour())
    within = shared.transform_filter("!datum.beyond")
    bands = within.mark_area(aria=False).encode(
        y=_value("y_low", log=log),
        y2=alt.Y2("y_high:Q"),
        detail=list(map(alt.Detail, _PATH)),
        opacity=common.line_opacity(0.2),
    )
    values = within.encode(y=_value("y", log=log))
    markers = common.line_markers(values, 70, "line", "workload", "value", "interval")
    return common.layered(
        *common.strong_last(bands),
        *common.paths(values, _PATH),
        markers.encode(tooltip=common.tooltip(_TOOLTIP)),
        *common.line_names(_NAMED_AXIS if named else _AXIS),
        common.outlier_names("right"),
        rows=common.with_standing(_quotients(), axis_ends=log, along="" if named else "x"),
        height=HEIGHT,
        title=alt.ExprRef("y_title"),
        y_title="",
        lengths=[],
        over="",
        unit="",
        arrow="",
    )


def _quotients() -> alt.Chart:
    """The rows with their values and both ends of the interval, as numbers and as text."""
    return (
        common.with_baseline(alt.Chart())
        .transform_calculate(
            y=_over("us", "us"), y_low=_over("low", "high"), y_high=_over("high", "low")
        )
        .transform_filter("datum.y > 0 && (!length(only) || indexof(only, datum.key) >= 0)")
        .transform_calculate(
            value=_text("datum.y"),
            interval=f"datum.low === datum.high ? '{ONE_ROUND}' : "
            f"{_text('datum.y_low')} + ' – ' + {_text('datum.y_high')}",
            latency=f"{common.microseconds('datum.us')} + ' µs'",
        )
    )


def _over(part: str, divisor: str) -> str:
    numerator = f"(over === 'baseline' ? datum.base_{part} : datum[over])"
    return f"over ? {numerator} / datum.{divisor} : datum.{part}"


def _text(number: str) -> str:
    return f"(over ? {common.significant(number)} : {common.microseconds(number)}) + unit"


def _value(field: str, *, log: bool) -> alt.Y:
    """The y channel: a logarithmic axis fits the lines, a linear one begins at zero."""
    kind = alt.Scale(type="log", nice=False, padding=16) if log else alt.Scale(zero=True)
    return alt.Y(f"{field}:Q", title=None, scale=kind, axis=alt.Axis(format=common.NUMBERS))


def _length() -> alt.X:
    """The x channel of sequence lengths, with a tick at each measured one."""
    ticks = alt.Axis(
        values=alt.ExprRef("lengths"),
        format="d",
        labelOverlap=False,
        grid=False,
        **common.slanted_if("room === 'tight'"),
    )
    scale = alt.Scale(type="log", nice=False, padding=24)
    return alt.X("x:Q", title="Sequence length (tokens)", scale=scale, axis=ticks)


def _named() -> alt.X:
    parts = "room === 'wide' ? split(datum.label, ', ') : datum.label"  # a line for each part
    axis = alt.Axis(
        labelExpr=parts,
        labelLimit=_NAME_WIDTH,
        labelOverlap=False,
        **common.slanted_if("room !== 'wide'"),
    )
    return alt.X("x:N", title="Workload", sort=None, axis=axis)
