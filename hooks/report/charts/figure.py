"""The place of a chart in a page: a still picture until the page's script draws the live one."""

import json
import re
from collections.abc import Mapping

from bench.analysis.leaderboard import Leaderboard, Line
from bench.text import one_line
from hooks.report.elements import Content, Element, element

SCHEMES = {"light": "", "dark": "-dark"}
"""Colour schemes of the theme, and how the pictures for each are called."""

WIDTH = 1000
"""Of a still picture in px."""


def picture(name: str, scheme: str) -> str:
    """Path of a chart's picture on the site."""
    return f"charts/{name}{SCHEMES[scheme]}.svg"


def images(
    pictures: Mapping[str, bytes], name: str, alternative: str, *, lazy: bool = True
) -> tuple[Element, ...]:
    """The picture of a chart for each scheme, of which the theme shows one.

    `pictures` by their paths on the site; nothing where the chart has none. Each has its height, so
    that a browser keeps the room for it.
    """
    if not (drawn := pictures.get(picture(name, "light"))):
        return ()
    height = re.search(rb' height="(\d+)', drawn)
    return tuple(
        element(
            "img",
            src=f"~/{picture(name, scheme)}#only-{scheme}",
            alt=alternative,
            width=WIDTH,
            height=int(height[1]) if height else None,
            loading="lazy" if lazy else None,
        )
        for scheme in SCHEMES
    )


def figure(
    kind: str, options: Mapping[str, object], fallback: tuple[Content, ...], caption: str = ""
) -> Element:
    """A place that the page's script draws a chart in; `fallback` stays without a script."""
    chart = json.dumps({"kind": kind, **options}, ensure_ascii=False)
    return element(
        "figure",
        element("div", fallback, class_="report-view"),
        element("figcaption", caption) if caption else None,
        class_="report-chart",
        data_chart=chart,
    )


def own_figure(board: Leaderboard, lines: tuple[Line, ...]) -> Element | None:
    """The chart of the leaderboard with `lines` in colour among the others in grey."""
    if not any(line.measured for line in lines):
        return None
    note = element("p", "The chart needs JavaScript; the table holds the same numbers.")
    pages = sorted({line.key.implementation for line in lines})
    options = {"board": one_line(board.scope.name), "metric": "latency", "own": pages}
    caption = "In colour the lines of this page, in grey all others."
    return figure("lines", options, (note,), caption)
