"""The chart of ratios about 1: one row for each pair, with the bar of its interval."""

import altair as alt

STEP = 26
"""Height of a row in px: what fills the template multiplies it, as steps of Vega-Lite warn."""

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
    shared = alt.Chart(alt.NamedData("points")).encode(
        y=alt.Y("name:N", title=None, axis=alt.Axis(grid=False, ticks=False, labelPadding=8)),
    )
    level = alt.Chart(alt.InlineData(values=[{"one": 1}])).mark_rule(
        strokeWidth=1.5, opacity=0.6, aria=False
    )
    colour = alt.Color(
        "verdict:N", title=None, legend=alt.Legend(symbolStrokeWidth=0, symbolOpacity=1)
    )
    bars = shared.mark_rule(strokeWidth=3, opacity=0.55, aria=False).encode(
        x=alt.X("low:Q"), x2="high:Q", color=colour
    )
    points = shared.mark_point(filled=True, size=75, opacity=1).encode(
        x=alt.X("value:Q"),
        color=colour,
        shape=alt.Shape("verdict:N", title=None),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in _TOOLTIP.items()],
    )
    return alt.layer(level.encode(x=alt.X("one:Q")), bars, points).properties(
        width="container", height=STEP
    )
