"""A board with everything that several pages show of it, worked out once."""

from dataclasses import dataclass

from bench.verdicts.summary import Board, Line
from hooks.charts.drawing import Drawing, drawing
from hooks.charts.specification import in_focus, specification
from hooks.markup import attribute
from hooks.reading.cache import Cache
from hooks.reading.report import Report
from hooks.reading.rows import Row, rows


@dataclass(frozen=True)
class View:
    """One device and suite as the report shows it."""

    board: Board
    rows: tuple[Row, ...]
    drawing: Drawing
    specification: bytes
    """The chart of the whole board, as Vega-Lite JSON."""

    @property
    def name(self) -> str:
        """What headings call it."""
        return self.board.scope.name

    def labels(self, lines: tuple[Line, ...]) -> list[str]:
        """What the chart calls each of `lines`."""
        keys = {(line.implementation, line.variant) for line in lines}
        return [row.label for row in self.rows if _key(row.line) in keys]


def views(report: Report, cache: Cache) -> tuple[View, ...]:
    """Every board of the report, the one to show first in front."""
    made = []
    for board in report.boards:
        ranked = rows(board)
        drawn = drawing(report, board, ranked)
        made.append(View(board, ranked, drawn, specification(cache, drawn)))
    return tuple(made)


def figure(spec: bytes, fallback: str) -> str:
    """A place that the page's script draws `spec` in; `fallback` (HTML) stays without one."""
    return (
        f"<figure class=\"report-chart\" data-spec='{attribute(spec.decode())}'>"
        f'<div class="report-view">{fallback}</div></figure>'
    )


def own_figure(view: View, lines: tuple[Line, ...]) -> str:
    """The chart of the board with `lines` in colour among the others in grey."""
    names = set(view.labels(lines)) if any(line.measured for line in lines) else set()
    if not names:
        return ""
    note = "<p>The chart needs JavaScript; the table holds the same numbers.</p>"
    return figure(in_focus(view.specification, names), note)


def _key(line: Line) -> tuple[str, str | None]:
    return line.implementation, line.variant
