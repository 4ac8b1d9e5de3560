"""The chart of memory at one workload: a row for each line, the least on top."""

import altair as alt

from hooks.charts.filling import STEP
from hooks.charts.vega_parts import axis, row, scaled, solid, told, tooltip

_TOOLTIP = {"line": "Line", "size": "Peak beyond the inputs", "precision": "Precision"}


def footprint() -> alt.LayerChart | alt.FacetChart:
    """The peak of each line on a scale that is logarithmic and still has a zero."""
    shared = alt.Chart(alt.NamedData("points")).encode(
        x=axis(alt.X, "memory", "symlog", ",~r", constant=1), y=row("line", grid=False)
    )
    stems = shared.mark_rule(strokeWidth=2, opacity=0.4, aria=False).encode(
        x2=alt.datum(0), color=solid("precision")
    )
    name = told("line", "size", "precision")
    points = shared.mark_point(filled=True, size=75, opacity=1, description=name).encode(
        color=solid("precision"),
        shape=scaled(alt.Shape, "precision", "shapes"),
        tooltip=tooltip(_TOOLTIP),
    )
    texts = shared.mark_text(align="left", dx=10, aria=False).encode(text="size:N")
    return alt.layer(stems, points, texts).properties(width="container", height=STEP)
