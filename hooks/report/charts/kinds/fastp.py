"""The fast_p chart: a falling step curve for each line, and a rule at the chosen p."""

import altair as alt

from hooks.report.charts.kinds.common import (
    NUMBERS,
    Chart,
    layered,
    line_colour,
    line_key,
    line_opacity,
    marker,
    outlier_names,
    points,
    tooltip,
    unscaled,
)

_HEIGHT = 320

_TOOLTIP = {"line": "Line", "interval": "p", "value": "Share of workloads"}

_X_TITLE = "p: times as fast as the baseline (log scale)"


def fastp() -> Chart:
    """The shares over p, with a marker wherever the share of a line falls."""
    shares = alt.Y(
        "y:Q",
        title=None,
        scale=alt.Scale(domain=[0, 102], nice=False),
        axis=alt.Axis(values=[0, 25, 50, 75, 100]),
    )
    shared = points().encode(
        x=_times("x"), y=shares, color=line_colour(), tooltip=tooltip(_TOOLTIP)
    )
    steps = shared.mark_line(interpolate="step-after", aria=False).encode(
        detail="line:N",
        strokeDash=unscaled(alt.StrokeDash, "dash"),
        strokeWidth=alt.condition("datum.strong", alt.value(2.2), alt.value(1.4)),
        opacity=line_opacity(),
    )
    falls = marker(shared.transform_filter("datum.falls"), size=45, aria=False).encode(
        shape=unscaled(alt.Shape, "shape"), opacity=line_opacity()
    )
    chosen = points("chosen").mark_rule(
        strokeWidth=1.5,
        strokeDash=[4, 3],
        color=alt.ExprRef("ink"),
        description=alt.ExprRef("'p = ' + datum.p"),
    )
    layers = (steps, falls, chosen.encode(x=_times("p")), *line_key(), outlier_names("left"))
    return layered(*layers, height=_HEIGHT, title="Share of workloads (%)")


def _times(field: str) -> alt.X:
    scale = alt.Scale(type="log", nice=False)
    return alt.X(f"{field}:Q", title=_X_TITLE, scale=scale, axis=alt.Axis(format=NUMBERS))
