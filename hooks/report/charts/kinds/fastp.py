"""The fast_p curve: a falling step line for each name, and the p that a reader has chosen."""

import altair as alt

from hooks.report.charts.kinds.parts import (
    NUMBERS,
    Chart,
    beyond,
    clear,
    key,
    marker,
    own,
    points,
    shade,
    tooltip,
    whole,
)

_HEIGHT = 320

_TOOLTIP = {"line": "Line", "interval": "p", "value": "Share of workloads"}

_X_TITLE = "p: times as fast as the baseline (log scale)"


def fastp() -> Chart:
    """Steps over p, with a marker where the share of a line falls."""
    shares = alt.Y(
        "y:Q",
        title=None,
        scale=alt.Scale(domain=[0, 102], nice=False),
        axis=alt.Axis(values=[0, 25, 50, 75, 100]),
    )
    shared = points().encode(x=_times("x"), y=shares, color=shade(), tooltip=tooltip(_TOOLTIP))
    steps = shared.mark_line(interpolate="step-after", aria=False).encode(
        detail="line:N",
        strokeDash=own(alt.StrokeDash, "dash"),
        strokeWidth=alt.condition("datum.strong", alt.value(2.2), alt.value(1.4)),
        opacity=clear(),
    )
    falls = marker(shared.transform_filter("datum.falls"), size=45, aria=False).encode(
        shape=own(alt.Shape, "shape"), opacity=clear()
    )
    chosen = points("chosen").mark_rule(
        strokeWidth=1.5,
        strokeDash=[4, 3],
        color=alt.ExprRef("ink"),
        description=alt.ExprRef("'p = ' + datum.p"),
    )
    layers = (steps, falls, chosen.encode(x=_times("p")), *key(), beyond("left"))
    return whole(*layers, height=_HEIGHT, title="Share of workloads (%)")


def _times(field: str) -> alt.X:
    scale = alt.Scale(type="log", nice=False)
    return alt.X(f"{field}:Q", title=_X_TITLE, scale=scale, axis=alt.Axis(format=NUMBERS))
