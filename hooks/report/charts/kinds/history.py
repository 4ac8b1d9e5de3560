"""The history of a case: its median and interval in each run; crosses mark failed runs."""

import altair as alt

from hooks.report.charts.kinds import common

_HEIGHT = 220

_TOOLTIP = {
    "run": "Run",
    "value": "Median",
    "interval": "95 % interval",
    "samples": "Samples",
    "torch": "PyTorch",
    "code": "Code",
}

_CROSS = "M-1,-1L1,1M1,-1L-1,1"


def history() -> common.Chart:
    """Runs in order of date and equally spaced, so that runs of one day stay apart."""
    runs = alt.X(
        "when:O",
        title=None,
        sort="ascending",
        # The field is a date followed by the run's id, so that runs of one minute stay apart.
        axis=alt.Axis(
            labelExpr="slice(datum.label, 0, 16)", labelAngle=-35, labelOverlap=True, grid=False
        ),
    )
    colour = alt.ExprRef("colour")
    every = alt.Chart().encode(x=runs)
    ran = every.transform_filter("datum.us > 0")
    y = alt.Y("us:Q", title=None, scale=alt.Scale(zero=False, padding=12))
    path = ran.mark_line(strokeWidth=1.2, opacity=0.8, aria=False, color=colour).encode(y=y)
    interval = ran.mark_rule(strokeWidth=2, aria=False, color=colour).encode(
        y=alt.Y("low:Q"), y2=alt.Y2("high:Q")
    )
    name = common.accessible_name("run", "value", "interval")
    markers = common.marker(ran, size=60, description=name, color=colour).encode(
        y=y, tooltip=common.tooltip(_TOOLTIP)
    )
    # Crosses are above the axis: on it, they would look like values.
    failed = every.transform_filter("!(datum.us > 0)").mark_point(
        shape=_CROSS, size=60, strokeWidth=2, opacity=1, aria=False, color=colour
    )
    reason = common.tooltip({"run": "Run", "status": "Status", "reason": "Reason"})
    crosses = failed.encode(y=alt.value(_HEIGHT - 12), tooltip=reason)
    layers = (path, interval, markers, crosses)
    return common.layered(*layers, height=_HEIGHT, title="Median latency (µs)", colour="#0077bb")
