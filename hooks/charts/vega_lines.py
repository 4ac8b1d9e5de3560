"""The chart of lines over the sequence length, with the band of each interval."""

import altair as alt

from hooks.charts.vega_parts import NUMBERS, axis, scaled, told, tooltip

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
    """Over lengths; a click on the legend picks a line out, another one lets it go."""
    # Vega-Lite warns of `zero` on a logarithmic scale, where it means nothing.
    scale = alt.Scale(type="linear", zero=False, nice=False, padding=24)
    ticks = alt.Axis(values=["$x_ticks"], format="d", labelOverlap=False, grid=False)
    return _lines(alt.X("x:Q", title="$x_title", scale=scale, axis=ticks))


def named_lines() -> alt.LayerChart | alt.FacetChart:
    """The same over workloads that lengths do not tell apart, at equal distances."""
    return _lines(alt.X("x:N", title="$x_title", scale=alt.Scale(domain=["$x_domain"])))


def _lines(x: alt.X) -> alt.LayerChart | alt.FacetChart:
    picked = alt.selection_point(name="picked", fields=["line"], bind="legend", toggle="true")
    # Filled markers alone: a dashed outline would make them hard to tell apart.
    # On a page's own chart the others, all grey, have no entries.
    legend = alt.Legend(symbolStrokeWidth=0, symbolSize=90, values=["$named"])
    shared = alt.Chart(alt.NamedData("points")).encode(
        x=x,
        y=axis(alt.Y, "y", "linear", NUMBERS),
        color=scaled(alt.Color, "line", "colours", legend=legend),
        opacity=alt.when(picked).then(alt.value(1)).otherwise(alt.value(FADED)),
    )
    paths = shared.mark_line(strokeWidth=2, aria=False).encode(
        strokeDash=scaled(alt.StrokeDash, "line", "dashes")
    )
    bands = shared.mark_area(aria=False).encode(
        y=axis(alt.Y, "low", "linear", NUMBERS),
        y2="high:Q",
        opacity=alt.when(picked).then(alt.value(0.22)).otherwise(alt.value(0)),
    )
    name = told("line", "workload", "value", "interval")
    points = shared.mark_point(filled=True, size=70, opacity=1, description=name).encode(
        shape=scaled(alt.Shape, "line", "shapes"), tooltip=tooltip(_TOOLTIP)
    )
    # The legend is made from the first layer: bound to another one, it would take no clicks.
    return alt.layer(paths.add_params(picked), bands, points).properties(
        width="container", height=HEIGHT
    )
