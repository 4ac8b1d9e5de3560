"""The chart of accuracy against speed at one workload: error over latency, both logarithmic."""

from typing import Any

import altair as alt

from hooks.charts.vega_parts import axis, scaled, told, tooltip

HEIGHT = 400

_TOOLTIP = {
    "line": "Line",
    "precision": "Precision",
    "accuracy": "Relative error",
    "latency": "Median latency",
}


def accuracy() -> alt.LayerChart | alt.FacetChart:
    """Exact lines are filled; quantised ones are hollow and named by their precision."""
    shared = alt.Chart(alt.NamedData("points")).encode(
        x=axis(alt.X, "us", "log", ",~r"),
        y=_error("error"),
        color=scaled(alt.Color, "line", "colours", legend=alt.Legend(symbolSize=90)),
    )
    looks = {"shape": scaled(alt.Shape, "line", "shapes"), "tooltip": tooltip(_TOOLTIP)}
    name = told("line", "precision", "accuracy", "latency")
    exact = shared.mark_point(filled=True, size=80, opacity=1, description=name)
    quantised = shared.mark_point(
        filled=False, size=150, strokeWidth=2.5, opacity=1, description=name
    )
    names = shared.mark_text(align="left", dx=13, aria=False).encode(text="precision:N")
    limits = alt.Chart(alt.NamedData("bounds")).encode(y=_error("bound"))
    return alt.layer(
        limits.mark_rule(strokeDash=[5, 4], strokeWidth=1.5, opacity=0.6, aria=False),
        limits.mark_text(align="left", baseline="bottom", dy=-3, aria=False).encode(
            x=alt.value(6), text="label:N"
        ),
        exact.encode(**looks).transform_filter("datum.precision === 'exact'"),
        quantised.encode(**looks).transform_filter("datum.precision !== 'exact'"),
        names.transform_filter("datum.precision !== 'exact'"),
    ).properties(width="container", height=HEIGHT)


def _error(field: str) -> Any:
    return axis(alt.Y, field, "log", "~g")
