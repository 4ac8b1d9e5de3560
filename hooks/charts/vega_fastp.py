"""The fast_p curve: steps over p, and the p that a reader has chosen."""

import altair as alt

from hooks.charts.vega_lines import FADED
from hooks.charts.vega_parts import NUMBERS, axis, scaled, tooltip

_HEIGHT = 320

_TOOLTIP = {"line": "Line", "interval": "p", "value": "Share of workloads"}


def fastp() -> alt.LayerChart | alt.FacetChart:
    """A falling step line for each name."""
    picked = alt.selection_point(name="picked", fields=["line"], bind="legend", toggle="true")
    steps = (
        alt.Chart(alt.NamedData("points"))
        .mark_line(strokeWidth=2, interpolate="step-after", aria=False)
        .encode(
            x=axis(alt.X, "x", "log", NUMBERS),
            y=axis(alt.Y, "y", "linear", NUMBERS),
            color=scaled(alt.Color, "line", "colours", legend=alt.Legend(symbolSize=600)),
            strokeDash=scaled(alt.StrokeDash, "line", "dashes"),
            opacity=alt.when(picked).then(alt.value(1)).otherwise(alt.value(FADED)),
            tooltip=tooltip(_TOOLTIP),
        )
        .add_params(picked)
    )
    name = alt.ExprRef("'p = ' + datum.p")
    chosen = (
        alt.Chart(alt.NamedData("chosen"))
        .mark_rule(strokeWidth=1.5, strokeDash=[4, 3], description=name)
        .encode(x=axis(alt.X, "p", "log", NUMBERS))
    )
    return alt.layer(steps, chosen).properties(width="container", height=_HEIGHT)
