"""The errors of each case next to their bounds."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard, Line
from hooks.report.elements import Column, Contents, Element, details
from hooks.report.formats import percent
from hooks.report.reading.report import Report
from hooks.report.tables.lines import cases_of, page_table, workload_column

_COLUMNS = (
    Column("Relative error", "Frobenius norm of the error over the norm of the float64 reference"),
    Column("Bound", "The largest relative error that counts as correct"),
    Column("Used", "The error as a share of its bound"),
    Column("Largest error", "Largest absolute error of an element"),
    Column("Bound", "The largest absolute error that counts as correct"),
    Column("Used", "The error as a share of its bound"),
)


def accuracies(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> Element | None:
    """A folded table of the errors of every checked case; None without any."""
    caption = f"Errors against the float64 reference, {board.scope.name}"
    errors = page_table(report, board, lines, caption, [workload_column(board), *_COLUMNS], _rows)
    return details("Error against tolerance", errors)


def _rows(report: Report, board: Leaderboard, line: Line) -> Iterator[list[Contents]]:
    for name, case in cases_of(board, line):
        if accuracy := report.evidence(case).accuracy:
            relative = _values(accuracy.relative_error, accuracy.relative_bound)
            largest = _values(accuracy.max_abs_error, accuracy.max_abs_bound)
            yield [name, *relative, *largest]


def _values(error: float, bound: float) -> tuple[str, str, str]:
    share = error / bound if bound else float(error > 0)
    return f"{error:.2e}", f"{bound:.2e}", percent(share, 0)
