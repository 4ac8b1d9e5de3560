"""Vega-Lite specifications, made with Altair; imported only when one is not yet in the cache."""

from dataclasses import asdict
from typing import Any

import altair as alt

from hooks.charts.axes import is_wide
from hooks.charts.drawing import Drawing

HEIGHT = 440
_FADED = 0.12

_TOOLTIP = {
    "line": "Line",
    "workload": "Workload",
    "latency": "Median",
    "interval": "95 % interval",
    "spread": "5–95 % of samples",
    "rate": "Rate",
}


def latency_chart(drawing: Drawing) -> dict[str, Any]:
    """Median latency against sequence length, with the 5th to 95th percentile of the samples.

    A click on the legend picks a line out, another one lets it go.
    """
    picked = alt.selection_point(name="picked", fields=["line"], bind="legend", toggle="true")
    shared = alt.Chart(alt.InlineData(values=[asdict(point) for point in drawing.points])).encode(
        x=_x(drawing),
        y=_y(drawing),
        color=alt.Color(
            "line:N",
            title=None,
            scale=_scale(drawing, "colour"),
            # Filled markers alone: a dashed outline would make them hard to tell apart.
            legend=alt.Legend(symbolStrokeWidth=0, symbolSize=90),
        ),
        opacity=alt.when(picked).then(alt.value(1)).otherwise(alt.value(_FADED)),
    )
    spread = shared.mark_rule(strokeWidth=1.5, aria=False).encode(y=alt.Y("low:Q"), y2="high:Q")
    lines = shared.mark_line(strokeWidth=2, aria=False).encode(
        strokeDash=alt.StrokeDash("line:N", title=None, scale=_scale(drawing, "dash")),
    )
    points = shared.mark_point(filled=True, size=70, opacity=1).encode(
        shape=alt.Shape("line:N", title=None, scale=_scale(drawing, "shape")),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in _TOOLTIP.items()],
    )
    # The legend is made from the first layer: bound to another one, it would take no clicks.
    chart = alt.layer(spread.add_params(picked), lines, points).properties(
        description=drawing.description, width="container", height=HEIGHT
    )
    # A test validates it: here that would take as long as all the rest.
    with alt.data_transformers.enable(consolidate_datasets=False):
        specification: dict[str, Any] = chart.to_dict(validate=False)
    # Altair's default theme: the page has its own colours and sizes.
    specification.pop("config", None)
    return specification


def _x(drawing: Drawing) -> alt.X:
    lengths = [length for length in drawing.lengths if isinstance(length, int)]
    if len(lengths) < len(drawing.lengths):
        return alt.X("x:N", title=drawing.x_title, sort=list(map(str, drawing.lengths)))
    # Vega-Lite warns of `zero` on a logarithmic scale, where it means nothing.
    linear = alt.Scale(zero=False, nice=False, padding=24)
    log = alt.Scale(type="log", nice=False, padding=24)
    scale = log if is_wide(lengths) else linear
    axis = alt.Axis(values=lengths, format="d", labelOverlap=False, grid=False)
    return alt.X("x:Q", title=drawing.x_title, scale=scale, axis=axis)


def _y(drawing: Drawing) -> alt.Y:
    ends = drawing.axis
    scale = alt.Scale(type="log", domain=[ends.low, ends.high], nice=False)
    axis = alt.Axis(values=list(ends.ticks), format=",~r")
    return alt.Y("y:Q", title=drawing.y_title, scale=scale, axis=axis)


def _scale(drawing: Drawing, part: str) -> alt.Scale:
    """Each line's own colour, dash or marker, whichever lines the board has."""
    values = [getattr(look, part) for look in drawing.looks]
    return alt.Scale(
        domain=list(drawing.lines),
        range=[list(value) if isinstance(value, tuple) else value for value in values],
    )
