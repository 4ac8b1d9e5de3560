"""The ranked chart of one workload: a row for each line, the fastest on top."""

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
from hooks.report.charts.standings import STANDINGS

_TOOLTIP = {
    "line": "Line",
    "latency": "Median latency",
    "interval": "95 % interval",
    "standing": "Standing",
}

_TITLE = "Median latency (µs, log scale)"


def ranked() -> Chart:
    """The latency of each line as a marker and as text, with the bar of its interval."""
    shared = alt.Chart().encode(y=rows("line"))
    guides = shared.mark_rule(strokeWidth=1, color=alt.ExprRef("grid"), aria=False).encode(
        x=_latency("low"), x2=alt.value(0)
    )
    styles = list(STANDINGS.values())
    legend = alt.Legend(symbolStrokeWidth=0, symbolOpacity=1, values=alt.ExprRef("standings"))
    colours = alt.Scale(domain=list(STANDINGS), range=[colour for colour, _ in styles])
    shapes = alt.Scale(domain=list(STANDINGS), range=[shape for _, shape in styles])
    colour = alt.Color("standing:N", title=None, scale=colours, legend=legend)
    bars = shared.mark_rule(strokeWidth=3, opacity=0.55, aria=False).encode(
        x=_latency("low"), x2=alt.X2("high:Q"), color=colour
    )
    name = accessible_name("line", "latency", "interval", "standing")
    markers = marker(shared, size=75, description=name).encode(
        x=_latency("us"),
        color=colour,
        shape=alt.Shape("standing:N", title=None, scale=shapes, legend=legend),
        tooltip=tooltip(_TOOLTIP),
    )
    texts = shared.mark_text(align="left", dx=10, color=alt.ExprRef("ink"), aria=False).encode(
        x=_latency("us"), text=alt.Text("latency:N")
    )
    layers = (guides, bars, markers, texts)
    return layered(*layers, height=alt.Step(STEP), standings=list(STANDINGS))


def _latency(field: str) -> alt.X:
    scale = alt.Scale(type="log", nice=False, padding=12)
    return alt.X(f"{field}:Q", title=_TITLE, scale=scale, axis=alt.Axis(format=",~r", grid=False))
