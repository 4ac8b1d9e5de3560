"""The place of a chart in a page: a still picture until the page's script draws a live chart."""

import json
import re
from collections.abc import Mapping, Sequence

from bench.analysis.leaderboard import Leaderboard, Line
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.metrics import rate_of

SCHEMES = {"light": "", "dark": "-dark"}
"""Suffixes of pictures, by the colour scheme of the theme."""

INK = {
    "light": {"ink": "#434955", "line": "#c5c9d1", "grid": "#eceef1", "grey": "#8b909b"},
    "dark": {"ink": "#c3c8d3", "line": "#4a5060", "grid": "#2a2e3a", "grey": "#6e7482"},
}
"""Colours of text, axes, grid lines and lines that do not stand out, by the colour scheme.

The style sheet has `grey` too, for the keys of lines in tables.
"""

WIDTH = 1000
"""Width of a still picture in px."""


def picture(name: str, scheme: str) -> str:
    """Path of a chart's picture on the site."""
    return f"charts/{name}{SCHEMES[scheme]}.svg"


def images(
    pictures: Mapping[str, bytes], name: str, alternative: str, *, lazy: bool = True
) -> tuple[h.Element, ...]:
    """The picture of a chart for each colour scheme; the theme shows one of them.

    Empty if `pictures`, whose keys are paths on the site, has no picture of the chart. Width and
    height are set so that browsers reserve the space.
    """
    if not (svg := pictures.get(picture(name, "light"))):
        return ()
    height = re.search(rb' height="(\d+)', svg)
    size = {"width": WIDTH, "height": int(height[1]) if height else None}
    loading = "lazy" if lazy else None
    sources = (f"~/{picture(name, scheme)}#only-{scheme}" for scheme in SCHEMES)
    return tuple(
        h.element("img", src=source, alt=alternative, **size, loading=loading) for source in sources
    )


def figure(
    kind: str, options: Mapping[str, object], still: Sequence[h.Element] = (), caption: str = ""
) -> h.Element:
    """A place where the page's script draws a chart; without scripts, `still` or a note stays."""
    chart = json.dumps({"kind": kind, **options}, ensure_ascii=False)
    note = h.element("p", "The chart needs JavaScript; a table contains the same numbers.")
    return h.element(
        "figure",
        h.element("div", still or note, class_="report-view"),
        h.element("figcaption", caption) if caption else None,
        class_="report-chart",
        data_chart=chart,
    )


def latency_figure(
    board: Leaderboard, lines: Sequence[Line], page: str | None = None
) -> h.Element | None:
    """The latency chart of the leaderboard; None if none of `lines` has a result.

    It is drawn over the workloads; with a `page`, the lines of that page are in colour and all
    others in grey. For a single workload it has a row for each line, and no line is marked as the
    page's.
    """
    if not any(line.measured for line in lines):
        return None
    options = {"board": one_line(board.scope.name), "metric": "latency"}
    if len(board.workloads) == 1:
        name = board.workloads[0].name
        return figure("workload", {"board": options["board"], "workload": name, "chart": "ranked"})
    if page is None:
        return figure("lines", options)
    caption = "Lines of this page are in colour, all others in grey."
    return figure("lines", {**options, "pages": [page]}, caption=caption)


def rate_figure(board: Leaderboard) -> h.Element | None:
    """The chart of the operation's rate over the workloads; None for one workload or no results.

    Latencies differ more between sizes than between lines; rates make the lines comparable.
    """
    if len(board.workloads) == 1 or not any(line.measured for line in board.lines):
        return None
    return figure("lines", {"board": one_line(board.scope.name), "metric": rate_of(board).name})
