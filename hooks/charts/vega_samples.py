"""The distribution of a case's samples: a rising step line for each round."""

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
    # Data of their own: what fills the template leaves these layers out.
    published = alt.Chart(alt.NamedData("published"))
    interval = published.mark_rect(opacity=0.16, color=COLOURS[0], clip=True, aria=False).encode(
        x=alt.X("low:Q"), x2="high:Q"
    )
    median = published.mark_rule(strokeWidth=1, strokeDash=[4, 3], aria=False).encode(
        x=alt.X("us:Q")
    )
    steps = (
        alt.Chart(alt.NamedData("points"))
        .mark_line(interpolate="step-after", strokeWidth=1.8, clip=True, aria=False)
        .encode(
            x=alt.X("us:Q", title="Latency (µs)", axis=alt.Axis(grid=False, tickCount=6)),
            y=share,
            color=alt.Color("round:N", title=None, scale=alt.Scale(range=list(COLOURS))),
            strokeDash=alt.StrokeDash("round:N", title=None, scale=alt.Scale(range=_dashes())),
        )
    )
    return alt.layer(interval, median, steps).properties(width="container", height=_HEIGHT)


def _dashes() -> list[list[int]]:
    return [list(dash) for dash in DASHES]
