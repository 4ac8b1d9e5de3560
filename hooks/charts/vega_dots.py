"""The ranked dot plot of one workload: a row for each line, the fastest on top."""

import altair as alt

from hooks.charts.filling import STEP
from hooks.charts.vega_parts import axis, row, scaled, solid, told, tooltip

_TOOLTIP = {
    "line": "Line",
    "latency": "Median latency",
    "interval": "95 % interval",
    "standing": "Standing",
}


def dots() -> alt.LayerChart | alt.FacetChart:
    """The latency of each line with the bar of its interval, and its number beside it."""
    shared = alt.Chart(alt.NamedData("points")).encode(
        x=axis(alt.X, "us", "log", ",~r"), y=row("line", grid=True)
    )
    bars = shared.mark_rule(strokeWidth=3, opacity=0.55, aria=False).encode(
        x=axis(alt.X, "low", "log", ",~r"), x2="high:Q", color=solid("standing")
    )
    name = told("line", "latency", "interval", "standing")
    points = shared.mark_point(filled=True, size=75, opacity=1, description=name).encode(
        color=solid("standing"),
        shape=scaled(alt.Shape, "standing", "shapes"),
        tooltip=tooltip(_TOOLTIP),
    )
    texts = shared.mark_text(align="left", dx=10, aria=False).encode(text="latency:N")
    return alt.layer(bars, points, texts).properties(width="container", height=STEP)
