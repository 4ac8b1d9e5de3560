"""The chart of memory at one workload: a row for each line, the least on top."""

import altair as alt

STEP = 26
"""Height of a row in px: what fills the template multiplies it, as steps of Vega-Lite warn."""

_TOOLTIP = {"line": "Line", "size": "Peak beyond the inputs", "precision": "Precision"}


def footprint() -> alt.LayerChart | alt.FacetChart:
    """The peak of each line on a scale that is logarithmic and still has a zero."""
    shared = alt.Chart(alt.NamedData("points")).encode(
        x=alt.X("memory:Q"),
        y=alt.Y("line:N", title=None, axis=alt.Axis(grid=False, ticks=False, labelPadding=8)),
    )
    colour = alt.Color(
        "precision:N", title=None, legend=alt.Legend(symbolStrokeWidth=0, symbolOpacity=1)
    )
    stems = shared.mark_rule(strokeWidth=2, opacity=0.4, aria=False).encode(
        x2=alt.datum(0), color=colour
    )
    points = shared.mark_point(filled=True, size=75, opacity=1).encode(
        color=colour,
        shape=alt.Shape("precision:N", title=None),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in _TOOLTIP.items()],
    )
    texts = shared.mark_text(align="left", dx=10, aria=False).encode(text="size:N")
    return alt.layer(stems, points, texts).properties(width="container", height=STEP)
