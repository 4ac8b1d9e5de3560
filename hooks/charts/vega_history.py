"""The history of a case: its median and interval in each run, and the runs in which it failed."""

from typing import Any

import altair as alt

from hooks.charts.vega_parts import told, tooltip

_HEIGHT = 220

_TOOLTIP = {
    "run": "Run",
    "value": "Median",
    "interval": "95 % interval",
    "samples": "Samples",
    "torch": "PyTorch",
    "code": "Code",
}


def history() -> alt.LayerChart | alt.FacetChart:
    """Runs at equal distances in the order of their dates: those of one day stay apart."""
    runs = alt.X(
        "when:O",
        title=None,
        sort="ascending",
        # A run's id follows its date, so that two runs of one minute are two places.
        axis=alt.Axis(
            labelExpr="slice(datum.label, 0, 16)", labelAngle=-35, labelOverlap=True, grid=False
        ),
    )
    every = alt.Chart(alt.NamedData("points")).encode(x=runs)
    ran = every.transform_filter("datum.us > 0")
    y = alt.Y("us:Q", title="Median latency (µs)", scale=alt.Scale(zero=False, padding=12))
    path = ran.mark_line(strokeWidth=1.2, opacity=0.8, aria=False, color="$colour").encode(y=y)
    interval = ran.mark_rule(strokeWidth=2, aria=False, color="$colour").encode(
        y=alt.Y("low:Q"), y2="high:Q"
    )
    points = ran.mark_point(
        size=60,
        filled=True,
        opacity=1,
        description=told("run", "value", "interval"),
        color="$colour",
    ).encode(y=y, tooltip=tooltip(_TOOLTIP))
    chart = alt.layer(path, interval, points, _failed(every))
    return chart.properties(width="container", height=_HEIGHT)


def _failed(every: alt.Chart) -> Any:
    """A cross above the axis, on which it would look like a value."""
    crosses = every.transform_filter("!(datum.us > 0)").mark_point(
        shape="M-1,-1L1,1M1,-1L-1,1",
        size=60,
        strokeWidth=2,
        opacity=1,
        aria=False,
        color="$colour",
    )
    return crosses.encode(
        y=alt.value(_HEIGHT - 12),
        tooltip=tooltip({"run": "Run", "status": "Status", "reason": "Reason"}),
    )
