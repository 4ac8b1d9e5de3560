"""What lies behind a page's figures: the spread of its samples, and what earlier runs found."""

from collections.abc import Iterator

from bench.pages.implementation import Implementation
from bench.text import one_line
from bench.verdicts.summary import Board, Line
from hooks.charts.history import history_name
from hooks.charts.views import figure
from hooks.markup import escape
from hooks.reading.digest import case_name
from hooks.reading.report import Report
from hooks.reading.rows import columns, labels
from hooks.tables.audit import samples_name
from hooks.tables.history import history_table
from hooks.tables.percentiles import percentiles

_NOTE = "<p>The chart needs JavaScript; the tables below hold the same numbers.</p>"

_SPREAD = (
    "Share of samples up to each latency, round by round, without the slowest 1 %; dashed: the "
    "published median, shaded: its 95 % interval"
)
_RUNS = (
    "Median of each run, 95 % interval where it had rounds; ×: a run in which the case failed. "
    "Runs may be on different cards of one kind: under 3 % between two says nothing."
)


def evidence(report: Report, page: Implementation) -> str:
    """A chooser of cases, two charts of the chosen one, and tables of all, as HTML."""
    boards = report.boards_of(page.slug)
    tables = "".join(
        made_of(report, board, lines)
        for made_of in (percentiles, history_table)
        for board, lines in boards
    )
    choices = "".join(_choices(report, board, lines) for board, lines in boards)
    if not choices:
        return tables
    return (
        '<div class="report-evidence"><form class="report-tools" autocomplete="off" hidden>'
        f"<label>Case <select>{choices}</select></label></form>"
        f"{figure('samples', {'samples': samples_name(page.slug)}, _NOTE, _SPREAD)}"
        f"{figure('history', {'history': history_name(page.slug)}, '', _RUNS)}</div>{tables}"
    )


def _choices(report: Report, board: Board, lines: tuple[Line, ...]) -> str:
    """The cases of a board that have a latency."""
    options = "".join(_options(report, board, lines))
    return f'<optgroup label="{_text(board.scope.name)}">{options}</optgroup>' if options else ""


def _options(report: Report, board: Board, lines: tuple[Line, ...]) -> Iterator[str]:
    for line, label in zip(lines, labels(lines), strict=True):
        before = f"{label}, " if len(lines) > 1 else ""
        for workload, name in columns(board.workloads).items():
            if workload in line.measured:
                key = case_name(line.cells[workload].run, line.cells[workload].newest).key
                what = f"{name:,} tokens" if isinstance(name, int) else name
                what += f", {board.scope.name}"  # a closed select shows no group
                yield (
                    f'<option value="{escape(key)}" data-colour="{report.look(line).colour}">'
                    f"{_text(before + what)}</option>"
                )


def _text(text: str) -> str:
    return escape(one_line(text))
