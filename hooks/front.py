"""The parts of the front page: selectors, and a headline, a chart and a table for each board."""

from bench.summary import Board
from bench.text import one_line
from hooks.headline import headline
from hooks.markup import escape
from hooks.report import Report
from hooks.summary_table import summary_table
from hooks.views import View, figure

STATIC = {"light": "charts/latency.svg", "dark": "charts/latency-dark.svg"}
"""Pictures of the first board's chart, for readers without JavaScript."""


def front(report: Report, views: tuple[View, ...], base: str) -> str:
    """Every board; a script leaves the chosen one, without one they follow each other."""
    sections = (_section(report, view, base, first=view is views[0]) for view in views)
    return f'<div class="report-boards">{_selectors(views)}{"".join(sections)}</div>'


def _selectors(views: tuple[View, ...]) -> str:
    devices = dict.fromkeys(view.board.device for view in views)
    suites = dict.fromkeys(view.board.suite for view in views)
    return (
        '<form class="report-select" hidden>'
        f"{_select('device', 'Device', devices)}{_select('suite', 'Suite', suites)}</form>"
    )


def _select(name: str, label: str, values: dict[str, None]) -> str:
    options = "".join(f"<option>{_text(value)}</option>" for value in values)
    return f'<label>{label} <select name="{name}" autocomplete="off">{options}</select></label>'


def _section(report: Report, view: View, base: str, *, first: bool) -> str:
    board = view.board
    return (
        f'<section class="report-board" aria-label="{_text(view.name)}" '
        f'data-device="{_text(board.device)}" data-suite="{_text(board.suite)}">'
        f'<div class="report-headline">{headline(board)}{_provenance(board)}</div>'
        f"{figure(view.specification, _still(base) if first else '')}"
        f"{summary_table(report, board, view.rows, base)}{_footnotes(view)}</section>"
    )


def _provenance(board: Board) -> str:
    """What the newest run was made with; every other fact is on the implementations' pages."""
    run = max((line.newest for line in board.lines), key=lambda cell: cell.result.finished).run
    where = run.environment
    named = (("PyTorch", where.torch), ("CUDA", where.cuda), ("driver", where.driver))
    versions = [f"{name} {_text(version)}" for name, version in named if version]
    facts = [f"Measured {run.started:%Y-%m-%d}", *versions]
    return f'<p class="report-note">{" · ".join(facts)}</p>'


def _still(base: str) -> str:
    alternative = "Latency against sequence length; the table below holds the numbers"
    return "".join(
        f'<img src="{base}{path}#only-{scheme}" alt="{alternative}" loading="lazy">'
        for scheme, path in STATIC.items()
    )


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
