"""The chart of speed ratios: a row for each pair, with the bar of its interval."""

from typing import Any

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
from hooks.report.charts.standings import VERDICTS

_LEAST = 1.01
"""Least factor from 1 to either end of the axis: on a shorter axis, noise would look large."""

_TITLE = "Speed of A over speed of B (1: equal)"

_TOOLTIP = {
    "name": "Pair",
    "verdict": "Verdict",
    "ratio": "Ratio",
    "interval": "95 % interval",
    "a": "A",
    "b": "B",
}


def ratios() -> Chart:
    """A is faster right of the line at 1; a bar that crosses the line shows no difference."""
    shared = alt.Chart().encode(y=rows("name"))
    level = alt.Chart(alt.InlineData(values=[{"level": 1}])).mark_rule(
        strokeWidth=1.5, opacity=0.6, color=alt.ExprRef("ink"), aria=False
    )
    legend = alt.Legend(symbolStrokeWidth=0, symbolOpacity=1, values=alt.ExprRef("verdicts"))
    colour = _verdict(alt.Color, 0, legend)
    bars = shared.mark_rule(strokeWidth=3, opacity=0.55, aria=False).encode(
        x=_speed("low"), x2=alt.X2("high:Q"), color=colour
    )
    name = accessible_name("name", "ratio", "interval", "verdict")
    markers = marker(shared, size=75, description=name).encode(
        x=_speed("value"),
        color=colour,
        shape=_verdict(alt.Shape, 1, legend),
        tooltip=tooltip(_TOOLTIP),
    )
    layers = (level.encode(x=_speed("level")), bars, markers)
    return layered(*layers, height=alt.Step(STEP), verdicts=list(VERDICTS))


def _verdict(channel: Any, part: int, legend: alt.Legend) -> Any:
    values = [style[part] for style in VERDICTS.values()]
    scale = alt.Scale(domain=list(VERDICTS), range=values)
    return channel("verdict:N", title=None, scale=scale, legend=legend)


def _speed(field: str) -> alt.X:
    least = alt.DomainUnionWith(unionWith=[1 / _LEAST, _LEAST])
    scale = alt.Scale(type="log", domain=least, nice=False, padding=12)
    return alt.X(f"{field}:Q", title=_TITLE, scale=scale, axis=alt.Axis(format=".6~r"))
