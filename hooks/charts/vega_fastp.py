"""The fast_p curve: steps over p, and the p that a reader has chosen."""

import altair as alt

from hooks.charts.vega_lines import FADED

_HEIGHT = 320


def fastp() -> alt.LayerChart | alt.FacetChart:
    """A falling step line for each name."""
    picked = alt.selection_point(name="picked", fields=["line"], bind="legend", toggle="true")
    steps = (
        alt.Chart(alt.NamedData("points"))
        .mark_line(strokeWidth=2, interpolate="step-before", aria=False)
        .encode(
            x=alt.X("x:Q", title="x"),
            y=alt.Y("y:Q", title="y"),
            color=alt.Color("line:N", title=None),
            strokeDash=alt.StrokeDash("line:N", title=None),
            opacity=alt.when(picked).then(alt.value(1)).otherwise(alt.value(FADED)),
            tooltip=[
                alt.Tooltip("line:N", title="Line"),
                alt.Tooltip("interval:N", title="p"),
                alt.Tooltip("value:N", title="Share of workloads"),
            ],
        )
        .add_params(picked)
    )
    # A data set of its own: what fills the template leaves this layer as it is.
    chosen = (
        alt.Chart(alt.InlineData(values=[{"p": 1}]))
        .mark_rule(strokeWidth=1.5, strokeDash=[4, 3])
        .encode(x=alt.X("p:Q"))
    )
    return alt.layer(steps, chosen).properties(width="container", height=_HEIGHT)
