"""The distribution of a case's samples: a rising step line for each round."""

from collections.abc import Iterable
from typing import Any

import altair as alt

from hooks.reading.looks import COLOURS, DASHES

_HEIGHT = 240


def samples() -> alt.LayerChart | alt.FacetChart:
    """The share of samples up to each latency, over the interval and the published median."""
    share = alt.Y(
        "share:Q",
        title="Share of samples",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5),
    )
    published = alt.Chart(alt.NamedData("published"))
    interval = published.mark_rect(opacity=0.1, color=COLOURS[0], clip=True, aria=False).encode(
        x=_latency("low"), x2="high:Q"
    )
    median = published.mark_rule(strokeWidth=1, strokeDash=[4, 3], aria=False).encode(
        x=_latency("us")
    )
    steps = (
        alt.Chart(alt.NamedData("points"))
        .mark_line(interpolate="step-after", strokeWidth=1.8, clip=True, aria=False)
        .encode(
            x=_latency("us"),
            y=share,
            color=alt.Color("round:N", title=None, scale=_rounds(COLOURS)),
            strokeDash=alt.StrokeDash("round:N", title=None, scale=_rounds(map(list, DASHES))),
        )
    )
    return alt.layer(interval, median, steps).properties(width="container", height=_HEIGHT)


def _rounds(looks: Iterable[Any]) -> alt.Scale:
    return alt.Scale(domain=["$lines"], range=list(looks))


def _latency(field: str) -> Any:
    scale = alt.Scale(domain=["$x_domain"], zero=False, nice=False)
    ticks = alt.Axis(grid=False, tickCount=6)
    return alt.X(f"{field}:Q", title="Latency (µs)", scale=scale, axis=ticks)
