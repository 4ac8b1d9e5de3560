"""The chart of accuracy against speed at one workload: error over latency, both logarithmic."""

import altair as alt

HEIGHT = 400

_TOOLTIP = {
    "line": "Line",
    "precision": "Precision",
    "accuracy": "Relative error",
    "latency": "Median latency",
}


def accuracy() -> alt.LayerChart | alt.FacetChart:
    """Exact lines are filled; quantised ones are hollow and named by their precision."""
    shared = alt.Chart(alt.NamedData("points")).encode(
        x=alt.X("us:Q"),
        y=alt.Y("error:Q"),
        color=alt.Color("line:N", title=None, legend=alt.Legend(symbolSize=90)),
    )
    looks = {
        "shape": alt.Shape("line:N", title=None),
        "tooltip": [alt.Tooltip(f"{field}:N", title=name) for field, name in _TOOLTIP.items()],
    }
    exact = shared.mark_point(filled=True, size=80, opacity=1).encode(**looks)
    quantised = shared.mark_point(filled=False, size=150, strokeWidth=2.5, opacity=1)
    names = shared.mark_text(align="left", dx=13, aria=False).encode(text="precision:N")
    limits = alt.Chart(alt.NamedData("bounds")).encode(y=alt.Y("bound:Q"))
    return alt.layer(
        limits.mark_rule(strokeDash=[5, 4], strokeWidth=1.5, opacity=0.6, aria=False),
        limits.mark_text(align="left", baseline="bottom", dy=-3, aria=False).encode(
            x=alt.value(6), text="label:N"
        ),
        exact.transform_filter("datum.precision === 'exact'"),
        quantised.encode(**looks).transform_filter("datum.precision !== 'exact'"),
        names.transform_filter("datum.precision !== 'exact'"),
    ).properties(width="container", height=HEIGHT)
