"""The chart of accuracy against speed at one workload: error over latency, on logarithmic axes."""

import altair as alt

from hooks.report.charts.kinds import common

_HEIGHT = 400

_TOOLTIP = {
    "line": "Line",
    "precision": "Precision",
    "accuracy": "Relative error",
    "latency": "Median latency",
}


_EXACT = "datum.precision === 'exact'"


def accuracy() -> common.Chart:
    """Exact lines have filled markers; quantised lines have hollow ones, with names.

    Every output has a bound of its own. The bounds of a precision differ little, so the lowest one
    is shown.
    """
    shared = alt.Chart().encode(
        x=_latency(), y=_error("error"), color=common.unscaled(alt.Color, "colour")
    )
    shape, ink = common.unscaled(alt.Shape, "shape"), alt.ExprRef("ink")
    name = common.accessible_name("line", "precision", "accuracy", "latency")
    exact = common.marker(shared, size=80, description=name)
    quantised = shared.mark_point(
        filled=False, size=150, strokeWidth=2.5, opacity=1, description=name
    )
    names = alt.Chart().mark_text(align="left", dx=13, color=ink, aria=False)
    limits = (
        alt.Chart()
        .transform_filter("datum.bound > 0")
        .transform_aggregate(lowest="min(bound)", groupby=["precision"])
        .encode(y=_error("lowest"))
    )
    bounds = limits.mark_rule(
        strokeDash=[5, 4], strokeWidth=1.5, opacity=0.6, color=ink, aria=False
    )
    bound_names = limits.mark_text(
        align="left", baseline="bottom", dy=-3, x=6, color=ink, aria=False
    )
    return common.layered(
        bounds,
        bound_names.encode(text=alt.TextValue(alt.ExprRef("'bound of ' + datum.precision"))),
        exact.encode(shape=shape, tooltip=common.tooltip(_TOOLTIP)).transform_filter(_EXACT),
        quantised.encode(shape=shape, tooltip=common.tooltip(_TOOLTIP)).transform_filter(
            f"!({_EXACT})"
        ),
        names.encode(
            x=_latency(), y=_error("error"), text=alt.Text("precision:N")
        ).transform_filter(f"!({_EXACT})"),
        *common.line_key(alt.Chart()),
        height=_HEIGHT,
        title="Relative error (log scale)",
    )


def _latency() -> alt.X:
    scale = alt.Scale(type="log", nice=False, padding=20)
    title = "Median latency (µs, log scale)"
    return alt.X("us:Q", title=title, scale=scale, axis=alt.Axis(format=",~r"))


def _error(field: str) -> alt.Y:
    scale = alt.Scale(type="log", nice=False, padding=20)
    return alt.Y(f"{field}:Q", title=None, scale=scale, axis=alt.Axis(format="~g"))
