"""The distribution of a case's samples: a rising step curve for each round."""

from collections.abc import Iterable
from typing import Any

import altair as alt

from hooks.report.charts.kinds import common
from hooks.report.reading.line_styles import COLOURS, DASHES

_HEIGHT = 240


def samples() -> common.Chart:
    """The share of samples up to each latency, drawn over the published median and interval."""
    axis = alt.Axis(format="%", tickCount=5)
    share = alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=axis)
    published = common.points("published")
    interval = published.mark_rect(opacity=0.1, color=COLOURS[0], aria=False).encode(
        x=_latency("low"), x2=alt.X2("high:Q")
    )
    median = published.mark_rule(
        strokeWidth=1, strokeDash=[4, 3], color=alt.ExprRef("ink"), aria=False
    ).encode(x=_latency("us"))
    steps = (
        alt.Chart()
        .mark_line(interpolate="step-after", strokeWidth=1.8, aria=False)
        .encode(
            x=_latency("us"),
            y=share,
            color=_round(alt.Color, COLOURS),
            strokeDash=_round(alt.StrokeDash, map(list, DASHES)),
        )
    )
    return common.layered(interval, median, steps, height=_HEIGHT, title="Share of samples")


def _round(channel: Any, values: Iterable[Any]) -> Any:
    return channel("round:N", title=None, sort=None, scale=alt.Scale(range=list(values)))


def _latency(field: str) -> alt.X:
    scale = alt.Scale(zero=False, nice=False)
    ticks = alt.Axis(grid=False, tickCount=6)
    return alt.X(f"{field}:Q", title="Latency (µs)", scale=scale, axis=ticks)
