"""The chart of lines over the sequence length, with the band of each interval."""

import altair as alt

HEIGHT = 440
FADED = 0.12

_TOOLTIP = {
    "line": "Line",
    "workload": "Workload",
    "value": "Value",
    "interval": "95 % interval",
    "latency": "Median latency",
}


def lines() -> alt.LayerChart | alt.FacetChart:
    """A line for each name; a click on the legend picks one out, another one lets it go."""
    picked = alt.selection_point(name="picked", fields=["line"], bind="legend", toggle="true")
    shared = alt.Chart(alt.NamedData("points")).encode(
        x=alt.X("x:Q", title="x"),
        y=alt.Y("y:Q", title="y"),
        color=alt.Color(
            "line:N",
            title=None,
            # Filled markers alone: a dashed outline would make them hard to tell apart.
            legend=alt.Legend(symbolStrokeWidth=0, symbolSize=90),
        ),
        opacity=alt.when(picked).then(alt.value(1)).otherwise(alt.value(FADED)),
    )
    paths = shared.mark_line(strokeWidth=2, aria=False).encode(
        strokeDash=alt.StrokeDash("line:N", title=None)
    )
    bands = shared.mark_area(aria=False).encode(
        y=alt.Y("low:Q"),
        y2="high:Q",
        opacity=alt.when(picked).then(alt.value(0.22)).otherwise(alt.value(0)),
    )
    points = shared.mark_point(filled=True, size=70, opacity=1).encode(
        shape=alt.Shape("line:N", title=None),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in _TOOLTIP.items()],
    )
    # The legend is made from the first layer: bound to another one, it would take no clicks.
    return alt.layer(paths.add_params(picked), bands, points).properties(
        width="container", height=HEIGHT
    )
