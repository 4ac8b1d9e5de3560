"""What the templates share: scales, axes and rows whose contents are to come (`$NAME`)."""

from typing import Any

import altair as alt

NUMBERS = ",.6~r"


def scaled(channel: Any, field: str, part: str, **more: Any) -> Any:
    """A channel that gives each name in `lines` its own look, whichever a chart has."""
    scale = alt.Scale(domain=["$lines"], range=[f"${part}"])
    return channel(f"{field}:N", title=None, scale=scale, **more)


def axis(channel: Any, field: str, kind: Any, numbers: str, **more: Any) -> Any:
    """An x or y axis of this kind of scale whose title, ends and ticks are to come."""
    name = channel.__name__.lower()
    scale = alt.Scale(type=kind, domain=[f"${name}_domain"], nice=False, **more)
    ticks = alt.Axis(values=[f"${name}_ticks"], format=numbers)
    return channel(f"{field}:Q", title=f"${name}_title", scale=scale, axis=ticks)


def row(field: str, *, grid: bool) -> Any:
    """A row for each name, from the top in the order that is to come."""
    scale = alt.Scale(domain=["$y_domain"])
    return alt.Y(
        f"{field}:N",
        title=None,
        scale=scale,
        axis=alt.Axis(grid=grid, ticks=False),
    )


def solid(field: str) -> Any:
    """The colours of groups, with a legend of filled markers."""
    legend = alt.Legend(symbolStrokeWidth=0, symbolOpacity=1)
    return scaled(alt.Color, field, "colours", legend=legend)


def told(*fields: str) -> alt.ExprRef:
    """What a point is called for those who cannot see it: its fields, one after the other."""
    return alt.ExprRef(" + ', ' + ".join(f"datum.{field}" for field in fields))


def tooltip(titles: dict[str, str]) -> list[alt.Tooltip]:
    """These fields under these titles."""
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]
