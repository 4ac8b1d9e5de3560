"""The place of a chart in a page: a still picture until the page's script draws a live chart."""

import json
import re
from collections.abc import Mapping

from bench.analysis.leaderboard import Leaderboard, Line
from bench.text import one_line
from hooks.report.elements import Content, Element, element

SCHEMES = {"light": "", "dark": "-dark"}
"""Suffixes of pictures, by the colour scheme of the theme."""

WIDTH = 1000
"""Width of a still picture in px."""


def picture(name: str, scheme: str) -> str:
    """Path of a chart's picture on the site."""
    return f"charts/{name}{SCHEMES[scheme]}.svg"


def images(
    pictures: Mapping[str, bytes], name: str, alternative: str, *, lazy: bool = True
) -> tuple[Element, ...]:
    """The picture of a chart for each colour scheme; the theme shows one of them.

    Empty if `pictures`, whose keys are paths on the site, has no picture of the chart. Width and
    height are set so that browsers reserve the space.
    """
    if not (svg := pictures.get(picture(name, "light"))):
        return ()
    height = re.search(rb' height="(\d+)', svg)
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
    """A place where the page's script draws a chart; without scripts, `fallback` stays."""
    chart = json.dumps({"kind": kind, **options}, ensure_ascii=False)
    return element(
        "figure",
        element("div", fallback, class_="report-view"),
        element("figcaption", caption) if caption else None,
        class_="report-chart",
        data_chart=chart,
    )


def page_figure(board: Leaderboard, lines: tuple[Line, ...]) -> Element | None:
    """The latency chart of the leaderboard, with `lines` in colour and all others in grey."""
    if not any(line.measured for line in lines):
        return None
    note = element("p", "The chart needs JavaScript; the table contains the same numbers.")
    pages = sorted({line.key.implementation for line in lines})
    options = {"board": one_line(board.scope.name), "metric": "latency", "pages": pages}
    caption = "Lines of this page are in colour, all others in grey."
    return figure("lines", options, (note,), caption)
