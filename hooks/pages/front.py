"""The parts of the front page: selectors, and a headline, a chart and a table for each board."""

from collections.abc import Mapping

from bench.text import one_line
from bench.verdicts.summary import Board
from hooks.charts.pictures import images
from hooks.charts.views import View, figure
from hooks.markup import escape
from hooks.pages.controls import SCOPE_PARTS, scope_form, tools_form
from hooks.pages.fastp import fastp
from hooks.pages.headline import headline
from hooks.reading.report import Report
from hooks.tables.summary import summary_table


def front(report: Report, views: tuple[View, ...], pictures: Mapping[str, bytes]) -> str:
    """Every board; a script leaves the chosen one, without one they follow each other.

    `pictures` are those of the first board, by their paths on the site.
    """
    first, *others = views
    sections = [_section(report, first, pictures), *(_section(report, view) for view in others)]
    return f'<div class="report-boards">{scope_form(views)}{"".join(sections)}</div>'


def _section(report: Report, view: View, pictures: Mapping[str, bytes] | None = None) -> str:
    board, scope = view.board, view.board.scope
    chart = {"board": view.name, "metric": "latency"}
    names = {part: getattr(scope, part) for part in SCOPE_PARTS}
    first, pictures = pictures is not None, pictures or {}
    alternative = "Latency against sequence length; the table below holds the numbers"
    still = images(pictures, "latency", alternative, lazy=False)  # nothing comes before it
    parts = " ".join(f'data-{part}="{_text(value)}"' for part, value in names.items())
    return (
        f'<section class="report-board" aria-label="{_text(view.name)}" '
        f'data-board="{_text(view.name)}" {parts}>'
        f'<div class="report-headline">{headline(board)}{_provenance(board)}</div>'
        f"{tools_form(report, view)}{figure('lines', chart, still)}"
        f"{_awaited() if first else ''}"
        f"{summary_table(report, board, view.rows)}{_footnotes(view)}"
        f"{fastp(view, pictures)}</section>"
    )


_AWAITED = (
    "assets/report",
    "assets/vega",
    "data/v1/boards/latest",
    "data/v1/charts",
    "data/v1/words",
)
"""The scripts that the first live chart waits for."""


def _awaited() -> str:
    """Asks for them as soon as the still chart has its place, and not before, which would delay it.

    The script that asks for them otherwise stands at the end of the page.
    """
    return "".join(f'<link rel="preload" as="script" href="~/{name}.js">' for name in _AWAITED)


_FEW = 4
"""Runs that are named; of more, the page of runs has the list."""


def _provenance(board: Board) -> str:
    """When and with what the board's latencies were measured; all of it, where runs differ."""
    cells = [line.cells[workload] for line in board.lines for workload in line.measured]
    runs = {cell.run.id: cell.run for cell in cells}.values()
    facts: dict[str, set[str | None]] = {
        "Measured": {f"{run.started:%Y-%m-%d}" for run in runs},
        "Rounds": {str(len(cell.timed)) for cell in cells},
        "PyTorch": {run.environment.torch for run in runs},
        "CUDA": {run.environment.cuda for run in runs},
        "driver": {run.environment.driver for run in runs},
    }
    known = {name: sorted(filter(None, values)) for name, values in facts.items()}
    scope = board.scope
    told = [_text(part) for part in (scope.suite, scope.dtype, scope.mask, scope.direction)]
    told += [f"{name} {_text(', '.join(values))}" for name, values in known.items() if values]
    links = (f'<a href="~/runs/#{_text(run.id)}">{_text(run.id)}</a>' for run in runs)
    told += [f"{'runs' if len(runs) > 1 else 'run'} {', '.join(links)}"] if len(runs) < _FEW else []
    return f'<p class="report-note">{" · ".join(told)}</p>'


def _footnotes(view: View) -> str:
    """Why some lines of the table are not in the chart."""
    absent = [_text(row.label) for row in view.rows if not row.measured]
    if not absent:
        return ""
    return (
        f'<p class="report-note">Not in the chart, for want of a result: {", ".join(absent)}. '
        "The reason is in the table, on hovering, and on the implementation’s page.</p>"
    )


def _text(text: str) -> str:
    return escape(one_line(text))
