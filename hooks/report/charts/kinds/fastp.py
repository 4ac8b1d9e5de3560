"""The fast_p chart: a falling step curve for each line, and a rule at the chosen p."""

import altair as alt

from hooks.report.charts.kinds.common import (
    NUMBERS,
    Chart,
    fixed,
    layered,
    line_colour,
    line_ends,
    line_key,
    line_markers,
    outlier_names,
    paths,
    points,
    significant,
    tooltip,
    with_baseline,
    with_standing,
)

_HEIGHT = 320

_ROOM = 1.1
"""Factor by which the axis extends beyond the largest and the smallest speed-up."""

_TOOLTIP = {"line": "Line", "interval": "p", "value": "Share of workloads"}

_X_TITLE = "p: times as fast as the baseline (log scale)"


def fastp() -> Chart:
    """The shares over p, with a marker wherever the share of a line falls."""
    scale, axis = alt.Scale(domain=[0, 102], nice=False), alt.Axis(values=[0, 25, 50, 75, 100])
    shares = alt.Y("share:Q", title=None, scale=scale, axis=axis)
    shared = (
        alt.Chart()
        .transform_filter("!datum.beyond")
        .encode(x=_times("x"), y=shares, color=line_colour(), tooltip=tooltip(_TOOLTIP))
    )
    falls = shared.transform_filter("datum.part === 'own'")
    chosen = points("chosen").mark_rule(
        strokeWidth=1.5,
        strokeDash=[4, 3],
        color=alt.ExprRef("ink"),
        description=alt.ExprRef("'p = ' + datum.p"),
    )
    return layered(
        *paths(shared, interpolate="step-after"),
        line_markers(falls, 45, "line", "interval", "value"),
        chosen.encode(x=_times("p")),
        *line_key(line_ends()),
        outlier_names("left", value=f"{significant('datum.most')} + '×'", arrow="'←'"),
        rows=_placed(with_standing(_curve(), axis_ends=True)),
        height=_HEIGHT,
        title="Share of workloads (%)",
        workloads=1,
    )


def _curve() -> alt.Chart:
    """The points of each curve: at each ratio, where it falls, and at both ends of the axis."""
    return (
        with_baseline(alt.Chart())
        .transform_calculate(ratio="datum.base_us / datum.us")
        .transform_filter("datum.ratio > 0")
        .transform_joinaggregate(count="count()", most="max(ratio)", groupby=["line"])
        .transform_window(
            rank="rank()", sort=[alt.SortField("ratio", order="descending")], groupby=["line"]
        )
        .transform_calculate(part="['left', 'own', 'right']")
        .transform_flatten(["part"])
        .transform_calculate(
            share="100 / workloads * "
            "(datum.part === 'own' ? datum.rank - 1 : datum.part === 'left' ? datum.count : 0)"
        )
    )


def _placed(rows: alt.Chart) -> alt.Chart:
    """Add to each row its place on the axis, which covers 1 and all lines not beyond it."""
    return (
        rows.transform_calculate(reach="datum.beyond ? 1 : datum.ratio")
        .transform_joinaggregate(left="min(reach)", right="max(reach)")
        .transform_calculate(
            x=f"datum.part === 'own' ? datum.ratio"
            f" : datum.part === 'left' ? datum.left / {_ROOM} : datum.right * {_ROOM}"
        )
        .transform_calculate(
            value=f"{fixed('datum.share', 0)} + ' %'",
            interval=f"'from ' + {significant('datum.x')}",
        )
    )


def _times(field: str) -> alt.X:
    scale = alt.Scale(type="log", nice=False)
    return alt.X(f"{field}:Q", title=_X_TITLE, scale=scale, axis=alt.Axis(format=NUMBERS))
