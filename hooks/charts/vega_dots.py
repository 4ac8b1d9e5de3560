"""The ranked dot plot of one workload: a row for each line, the fastest on top."""

import altair as alt

STEP = 26
"""Height of a row in px: what fills the template multiplies it, as steps of Vega-Lite warn."""

_TOOLTIP = {
    "line": "Line",
    "latency": "Median latency",
    "interval": "95 % interval",
    "standing": "Standing",
}


def dots() -> alt.LayerChart | alt.FacetChart:
    """The latency of each line with the bar of its interval, and its number beside it."""
    shared = alt.Chart(alt.NamedData("points")).encode(
        x=alt.X("us:Q"),
        y=alt.Y("line:N", title=None, axis=alt.Axis(grid=True, ticks=False, labelPadding=8)),
    )
    colour = alt.Color(
        "standing:N", title=None, legend=alt.Legend(symbolStrokeWidth=0, symbolOpacity=1)
    )
    bars = shared.mark_rule(strokeWidth=3, opacity=0.55, aria=False).encode(
        x=alt.X("low:Q"), x2="high:Q", color=colour
    )
    points = shared.mark_point(filled=True, size=75, opacity=1).encode(
        color=colour,
        shape=alt.Shape("standing:N", title=None),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in _TOOLTIP.items()],
    )
    texts = shared.mark_text(align="left", dx=10, aria=False).encode(text="latency:N")
    return alt.layer(bars, points, texts).properties(width="container", height=STEP)
