"""The chart of ratios about 1: one row for each pair, with the bar of its interval."""

from typing import Any

import altair as alt

from hooks.charts.filling import STEP
from hooks.charts.vega_parts import axis, row, scaled, solid, told, tooltip

_TOOLTIP = {
    "name": "Pair",
    "verdict": "Verdict",
    "ratio": "Ratio",
    "interval": "95 % interval",
    "a": "A",
    "b": "B",
}


def ratios() -> alt.LayerChart | alt.FacetChart:
    """Right of the line at 1 the first is faster; a bar that crosses the line is no difference."""
    shared = alt.Chart(alt.NamedData("points")).encode(y=row("name", grid=False))
    level = alt.Chart(alt.InlineData(values=[{"one": 1}])).mark_rule(
        strokeWidth=1.5, opacity=0.6, aria=False
    )
    bars = shared.mark_rule(strokeWidth=3, opacity=0.55, aria=False).encode(
        x=_speed("low"), x2="high:Q", color=solid("verdict")
    )
    name = told("name", "ratio", "interval", "verdict")
    points = shared.mark_point(filled=True, size=75, opacity=1, description=name).encode(
        x=_speed("value"),
        color=solid("verdict"),
        shape=scaled(alt.Shape, "verdict", "shapes"),
        tooltip=tooltip(_TOOLTIP),
    )
    return alt.layer(level.encode(x=_speed("one")), bars, points).properties(
        width="container", height=STEP
    )


def _speed(field: str) -> Any:
    return axis(alt.X, field, "log", ".6~r")
