"""The chart of accuracy against speed at one workload: error over latency, both logarithmic."""

import altair as alt

from hooks.charts.kinds.parts import key, own, points, title, told, tooltip, whole

_HEIGHT = 400

_TOOLTIP = {
    "line": "Line",
    "precision": "Precision",
    "accuracy": "Relative error",
    "latency": "Median latency",
}


def accuracy() -> alt.LayerChart:
    """Exact lines are filled; quantised ones are hollow and named by their precision."""
    shared = points().encode(x=_latency(), y=_error("error"), color=own(alt.Color, "colour"))
    looks = {"shape": own(alt.Shape, "shape"), "tooltip": tooltip(_TOOLTIP)}
    name = told("line", "precision", "accuracy", "latency")
    exact = shared.mark_point(filled=True, size=80, opacity=1, description=name)
    quantised = shared.mark_point(
        filled=False, size=150, strokeWidth=2.5, opacity=1, description=name
    )
    ink = {"color": alt.ExprRef("ink"), "aria": False}
    names = (
        points()
        .mark_text(align="left", dx=13, **ink)
        .encode(x=_latency(), y=_error("error"), text="precision:N")
    )
    limits = points("bounds").encode(y=_error("bound"))
    return whole(
        limits.mark_rule(strokeDash=[5, 4], strokeWidth=1.5, opacity=0.6, **ink),
        limits.mark_text(align="left", baseline="bottom", dy=-3, x=6, **ink).encode(text="label:N"),
        exact.encode(**looks).transform_filter("datum.precision === 'exact'"),
        quantised.encode(**looks).transform_filter("datum.precision !== 'exact'"),
        names.transform_filter("datum.precision !== 'exact'"),
        key(),
        height=_HEIGHT,
    ).properties(title=title("Relative error (log scale)"))


def _latency() -> alt.X:
    scale = alt.Scale(type="log", nice=False, padding=20)
    title_ = "Median latency (µs, log scale)"
    return alt.X("us:Q", title=title_, scale=scale, axis=alt.Axis(format=",~r"))


def _error(field: str) -> alt.Y:
    scale = alt.Scale(type="log", nice=False, padding=20)
    return alt.Y(f"{field}:Q", title=None, scale=scale, axis=alt.Axis(format="~g"))
