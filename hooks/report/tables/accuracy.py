"""The errors of each case next to their bounds."""

from collections.abc import Iterator
from functools import partial

from bench.analysis.leaderboard import Leaderboard, Line
from bench.records.outcome import Accuracy
from bench.text import one_line
from hooks.report.elements import Column, Element, details, element, heading, number, row, table
from hooks.report.formats import percent
from hooks.report.reading.columns import columns
from hooks.report.reading.report import Report
from hooks.report.tables.lines import grouped

_COLUMNS = (
    Column("Tokens", kind=""),
    Column("Relative error", "Frobenius norm of the error over the norm of the float64 reference"),
    Column("Bound", "The largest relative error that counts as correct"),
    Column("Used", "The error as a share of its bound"),
    Column("Largest error", "Largest absolute error of an element"),
    Column("Bound", "The largest absolute error that counts as correct"),
    Column("Used", "The error as a share of its bound"),
)


def accuracies(
    report: Report, board: Leaderboard, lines: tuple[Line, ...]
) -> Iterator[Element | None]:
    """A folded table of the errors of every checked case."""
    if rows := grouped(report, lines, len(_COLUMNS), partial(_rows, report, board)):
        caption = one_line(f"Errors against the float64 reference, {board.scope.name}")
        yield details("Error against tolerance", table("page", caption, _COLUMNS, rows))


def _rows(report: Report, board: Leaderboard, line: Line) -> Iterator[Element]:
    for workload, name in columns(board.workloads).items():
        case = line.cases.get(workload)
        accuracy = report.evidence(case).accuracy if case else None
        if accuracy:
            yield row(heading(str(name)), *_values(accuracy))


def _values(accuracy: Accuracy) -> Iterator[Element]:
    for error, bound in (
        (accuracy.relative_error, accuracy.relative_bound),
        (accuracy.max_abs_error, accuracy.max_abs_bound),
    ):
        share = error / bound if bound else float(error > 0)
        yield number(f"{error:.2e}")
        yield number(f"{bound:.2e}")
        yield number(percent(share, 0), _bar(share))


def _bar(share: float) -> Element:
    """A bar of the length `share`; above 1 it is full and has a different colour."""
    whole = element("rect", width=100, height=4, class_="whole")
    over = "over" if share > 1 else None
    used = element("rect", width=f"{min(share, 1) * 100:.1f}", height=4, class_=over)
    return element(
        "svg",
        whole,
        used,
        class_="bar",
        viewBox="0 0 100 4",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
