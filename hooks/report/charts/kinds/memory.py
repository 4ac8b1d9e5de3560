"""The chart of memory at one workload: a row for each line, the least on top."""

import altair as alt

from hooks.report.charts.kinds.common import (
    STEP,
    Chart,
    accessible_name,
    layered,
    marker,
    rows,
    tooltip,
)
from hooks.report.charts.standings import EXACT, OTHER

_TOOLTIP = {"line": "Line", "size": "Peak beyond the inputs", "precision": "Precision"}

_TITLE = "Peak memory (MiB, logarithmic above 1)"


def memory() -> Chart:
    """The peak of each line, on a logarithmic scale that nevertheless includes zero."""
    exact = "datum.precision === 'exact'"
    shared = alt.Chart().encode(
        x=alt.X(
            "memory:Q",
            title=_TITLE,
            scale=alt.Scale(type="symlog", constant=1, domainMin=0, nice=False),
            axis=alt.Axis(format=",~r", values=[0, *(10**power for power in range(9))]),
        ),
        y=rows("line"),
    )
    colour = alt.ColorValue(alt.ExprRef(f"{exact} ? '{EXACT[0]}' : '{OTHER[0]}'"))
    stems = shared.mark_rule(strokeWidth=2, opacity=0.4, aria=False).encode(
        x2=alt.datum(0), color=colour
    )
    name = accessible_name("line", "size", "precision")
    markers = marker(shared, size=75, description=name).encode(
        color=colour,
        shape=alt.ShapeValue(alt.ExprRef(f"{exact} ? '{EXACT[1]}' : '{OTHER[1]}'")),
        tooltip=tooltip(_TOOLTIP),
    )
    size = alt.ExprRef(f"datum.size + ({exact} ? '' : ', ' + datum.precision)")
    texts = shared.mark_text(align="left", dx=10, text=size, color=alt.ExprRef("ink"), aria=False)
    return layered(stems, markers, texts, height=alt.Step(STEP))
