"""The chart of ratios about 1: one row for each pair, with the bar of its interval."""

from typing import Any

import altair as alt

from hooks.report.charts.kinds.parts import STEP, Chart, marker, points, rows, told, tooltip, whole
from hooks.report.charts.standings import VERDICTS

_LEAST = 1.01
"""The factor from 1 to either end of the axis, at least: on less, noise would look large."""

_TITLE = "Speed of A over that of B (1: level)"

_TOOLTIP = {
    "name": "Pair",
    "verdict": "Verdict",
    "ratio": "Ratio",
    "interval": "95 % interval",
    "a": "A",
    "b": "B",
}


def ratios() -> Chart:
    """Right of the line at 1 the first is faster; a bar that crosses the line is no difference."""
    shared = points().encode(y=rows("name"))
    level = alt.Chart(alt.InlineData(values=[{"level": 1}])).mark_rule(
        strokeWidth=1.5, opacity=0.6, color=alt.ExprRef("ink"), aria=False
    )
    legend = alt.Legend(symbolStrokeWidth=0, symbolOpacity=1, values=alt.ExprRef("verdicts"))
    colour = _look(alt.Color, 0, legend)
    bars = shared.mark_rule(strokeWidth=3, opacity=0.55, aria=False).encode(
        x=_speed("low"), x2="high:Q", color=colour
    )
    name = told("name", "ratio", "interval", "verdict")
    markers = marker(shared, size=75, description=name).encode(
        x=_speed("value"),
        color=colour,
        shape=_look(alt.Shape, 1, legend),
        tooltip=tooltip(_TOOLTIP),
    )
    layers = (level.encode(x=_speed("level")), bars, markers)
    return whole(*layers, height=alt.Step(STEP), verdicts=list(VERDICTS))


def _look(channel: Any, part: int, legend: alt.Legend) -> Any:
    looks = [look[part] for look in VERDICTS.values()]
    scale = alt.Scale(domain=list(VERDICTS), range=looks)
    return channel("verdict:N", title=None, scale=scale, legend=legend)


def _speed(field: str) -> alt.X:
    least = alt.DomainUnionWith(unionWith=[1 / _LEAST, _LEAST])
    scale = alt.Scale(type="log", domain=least, nice=False, padding=12)
    return alt.X(f"{field}:Q", title=_TITLE, scale=scale, axis=alt.Axis(format=".6~r"))
