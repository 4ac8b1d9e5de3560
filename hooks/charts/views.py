"""A board with everything that several pages show of it, worked out once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bench.text import one_line
from bench.verdicts.summary import Board, Line
from hooks.charts.chart import Chart
from hooks.charts.fastp import fastp_chart
from hooks.charts.metrics import METRICS
from hooks.charts.over_lengths import lines_chart
from hooks.markup import attribute, escape
from hooks.reading.report import Report
from hooks.reading.rows import Row, rows


@dataclass(frozen=True)
class View:
    """One scope as the report shows it."""

    board: Board
    rows: tuple[Row, ...]
    charts: Mapping[str, Chart]
    """By the name of the metric, and the fast_p curve; those without a value are not there."""

    @property
    def name(self) -> str:
        """What headings and links call it."""
        return one_line(self.board.scope.name)


def views(report: Report) -> tuple[View, ...]:
    """Every board of the report, the one to show first in front."""
    return tuple(_view(report, board) for board in report.boards)


def _view(report: Report, board: Board) -> View:
    ranked = rows(board)
    made: dict[str, Chart | None] = {
        name: lines_chart(report, board, ranked, metric) for name, metric in METRICS.items()
    }
    made["fastp"] = fastp_chart(report, board, ranked)
    shown = {n: one for n, one in made.items() if one and (one.data["points"] or n == "latency")}
    return View(board, ranked, shown)


def figure(kind: str, options: Mapping[str, object], fallback: str, caption: str = "") -> str:
    """A place that the page's script draws a chart in; `fallback` (HTML) stays without one."""
    chart = json.dumps({"kind": kind, **options}, ensure_ascii=False)
    shown = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return (
        f"<figure class=\"report-chart\" data-chart='{attribute(chart)}'>"
        f'<div class="report-view">{fallback}</div>{shown}</figure>'
    )


def own_figure(view: View, lines: tuple[Line, ...]) -> str:
    """The chart of the board with `lines` in colour among the others in grey."""
    if not any(line.measured for line in lines):
        return ""
    note = "<p>The chart needs JavaScript; the table holds the same numbers.</p>"
    own = sorted({line.implementation for line in lines})
    options = {"board": view.name, "metric": "latency", "own": own}
    return figure("lines", options, note, "In colour the lines of this page, in grey all others.")
