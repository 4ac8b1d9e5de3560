"""The fast_p chart: a falling step curve for each line, and a rule at the chosen p."""

import altair as alt

from hooks.report.charts.kinds import common

_HEIGHT = 320

_ROOM = 1.1
"""Factor by which the axis extends beyond the largest and the smallest speed-up."""

_TOOLTIP = {"line": "Line", "interval": "p", "value": "Share of workloads"}

_X_TITLE = "p: times as fast as the baseline (log scale)"


def fastp() -> common.Chart:
    """The shares over p, with a marker wherever the share of a line falls."""
    scale, axis = alt.Scale(domain=[0, 102], nice=False), alt.Axis(values=[0, 25, 50, 75, 100])
    shares = alt.Y("share:Q", title=None, scale=scale, axis=axis)
    shared = (
        alt.Chart()
        .transform_filter("!datum.beyond")
        .encode(
            x=_times("x"), y=shares, color=common.line_colour(), tooltip=common.tooltip(_TOOLTIP)
        )
    )
    falls = shared.transform_filter("datum.part === 'own'")
    chosen = common.points("chosen").mark_rule(
        strokeWidth=1.5,
        strokeDash=[4, 3],
        color=alt.ExprRef("ink"),
        description=alt.ExprRef("'p = ' + datum.p"),
    )
    return common.layered(
        *common.paths(shared, interpolate="step-after"),
        common.line_markers(falls, 45, "line", "interval", "value"),
        chosen.encode(x=_times("p")),
        *common.line_key(common.line_ends()),
        common.outlier_names(
            "left", value=f"{common.significant('datum.most')} + '×'", arrow="'←'"
        ),
        rows=_placed(common.with_standing(_curve(), axis_ends=True)),
        height=_HEIGHT,
        title="Share of workloads (%)",
        workloads=1,
    )


def _curve() -> alt.Chart:
    """The points of each curve: at each ratio, where it falls, and at both ends of the axis."""
    return (
        common.with_baseline(alt.Chart())
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
            value=f"{common.fixed('datum.share', 0)} + ' %'",
            interval=f"'from ' + {common.significant('datum.x')}",
        )
    )


def _times(field: str) -> alt.X:
    scale = alt.Scale(type="log", nice=False)
    return alt.X(f"{field}:Q", title=_X_TITLE, scale=scale, axis=alt.Axis(format=common.NUMBERS))
