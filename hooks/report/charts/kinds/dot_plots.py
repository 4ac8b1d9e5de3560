"""The charts with a row for each name: latency and memory at a workload, and ratios of pairs."""

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt

from hooks.report.charts.kinds import common
from hooks.report.charts.standings import EXACT, OTHER, STANDINGS, VERDICTS

_STEP = 26
"""Height of a row in px."""

_LEAST = 1.01
"""Least factor from 1 to either end of the axis: on a shorter axis, noise would look large."""


def ranked() -> common.Chart:
    """The latency of each line, the fastest on top, as text and as a marker with its interval."""
    title = "Median latency (µs, log scale)"
    latency = _logarithmic(title, alt.Axis(format=",~r", grid=False))
    shared = alt.Chart().encode(y=common.rows("line"))
    guides = shared.mark_rule(strokeWidth=1, color=alt.ExprRef("grid"), aria=False)
    texts = shared.mark_text(align="left", dx=10, color=alt.ExprRef("ink"), aria=False)
    titles = {
        "line": "Line",
        "latency": "Median latency",
        "interval": "95 % interval",
        "standing": "Standing",
    }
    return common.layered(
        guides.encode(x=latency("low"), x2=alt.value(0)),
        *_intervals(shared, latency, "us", "standing", STANDINGS, titles),
        texts.encode(x=latency("high"), text=alt.Text("latency:N")),
        height=alt.Step(_STEP),
        shown=list(STANDINGS),
    )


def ratios() -> common.Chart:
    """A is faster right of the line at 1; a bar that crosses the line shows no difference."""
    least = alt.DomainUnionWith(unionWith=[1 / _LEAST, _LEAST])
    title = "Speed of A over speed of B (1: equal)"
    speed = _logarithmic(title, alt.Axis(format=".6~r"), domain=least)
    level = alt.Chart(alt.InlineData(values=[{"level": 1}])).mark_rule(
        strokeWidth=1.5, opacity=0.6, color=alt.ExprRef("ink"), aria=False
    )
    titles = {
        "name": "Pair",
        "ratio": "Ratio",
        "interval": "95 % interval",
        "verdict": "Verdict",
        "a": "A",
        "b": "B",
    }
    return common.layered(
        level.encode(x=speed("level")),
        *_intervals(
            alt.Chart().encode(y=common.rows("name")), speed, "value", "verdict", VERDICTS, titles
        ),
        height=alt.Step(_STEP),
        shown=list(VERDICTS),
    )


def memory() -> common.Chart:
    """The peak of each line, the lowest on top, on a logarithmic scale that includes zero."""
    exact = "datum.precision === 'exact'"
    colour, shape = (f"{exact} ? '{a}' : '{b}'" for a, b in zip(EXACT, OTHER, strict=True))
    shared = alt.Chart().encode(
        x=alt.X(
            "memory:Q",
            title="Peak memory (MiB, logarithmic above 1)",
            scale=alt.Scale(type="symlog", constant=1, domainMin=0, nice=False),
            axis=alt.Axis(format=",~r", values=[0, *(10**power for power in range(9))]),
        ),
        y=common.rows("line"),
    )
    stems = shared.mark_rule(strokeWidth=2, opacity=0.4, aria=False).encode(
        x2=alt.datum(0), color=alt.ColorValue(alt.ExprRef(colour))
    )
    titles = {"line": "Line", "size": "Peak beyond the inputs", "precision": "Precision"}
    markers = common.marker(shared, size=75, description=common.accessible_name(*titles)).encode(
        color=alt.ColorValue(alt.ExprRef(colour)),
        shape=alt.ShapeValue(alt.ExprRef(shape)),
        tooltip=common.tooltip(titles),
    )
    size = alt.ExprRef(f"datum.size + ({exact} ? '' : ', ' + datum.precision)")
    texts = shared.mark_text(align="left", dx=10, text=size, color=alt.ExprRef("ink"), aria=False)
    return common.layered(stems, markers, texts, height=alt.Step(_STEP))


def _intervals(
    shared: alt.Chart,
    x: Callable[[str], alt.X],
    value: str,
    category: str,
    styles: Mapping[str, tuple[str, str]],
    titles: dict[str, str],
) -> tuple[Any, Any]:
    """Bars from `low` to `high`, and markers at the field `value`, styled by their `category`.

    The legend has the categories in the parameter `shown`. `titles` are those of the tooltip; the
    first four of its fields are the name of a marker.
    """
    legend = alt.Legend(symbolStrokeWidth=0, symbolOpacity=1, values=alt.ExprRef("shown"))
    colour, shape = (
        channel(
            f"{category}:N",
            title=None,
            scale=alt.Scale(domain=list(styles), range=[style[part] for style in styles.values()]),
            legend=legend,
        )
        for part, channel in enumerate((alt.Color, alt.Shape))
    )
    bars = shared.mark_rule(strokeWidth=3, opacity=0.55, aria=False)
    markers = common.marker(shared, size=75, description=common.accessible_name(*list(titles)[:4]))
    return (
        bars.encode(x=x("low"), x2=alt.X2("high:Q"), color=colour),
        markers.encode(x=x(value), color=colour, shape=shape, tooltip=common.tooltip(titles)),
    )


def _logarithmic(title: str, axis: alt.Axis, **scale: Any) -> Callable[[str], alt.X]:
    """An x channel for each field, all on one logarithmic axis."""
    kind = alt.Scale(type="log", nice=False, padding=12, **scale)
    return lambda field: alt.X(f"{field}:Q", title=title, scale=kind, axis=axis)
