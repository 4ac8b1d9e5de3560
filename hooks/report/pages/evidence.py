"""The evidence behind a page's figures: the distribution of its samples, and earlier runs."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard, Line, columns
from bench.pages.implementation import Implementation
from bench.text import one_line
from hooks.report.charts.figure import figure
from hooks.report.elements import Contents, Element, element
from hooks.report.pages.forms import option, tools
from hooks.report.reading.report import Report
from hooks.report.tables.audit import case_name, samples_name
from hooks.report.tables.evidence import percentiles, runs_table

_SPREAD = (
    "Share of samples up to each latency in each round, without the slowest 1 %. Dashed line: "
    "published median; shaded: its 95 % interval."
)
_RUNS = (
    "Median of each run, with its 95 % interval if it had several rounds; × marks a run in which "
    "the case failed. Runs may be from different cards of one kind, so a difference of under 3 % "
    "between two runs means nothing."
)


def evidence(report: Report, page: Implementation) -> Iterator[Contents]:
    """A selector of cases, two charts of the selected case, and tables of all cases."""
    boards = report.of_page(page.slug)
    if any(line.measured for _, lines in boards for line in lines):
        choices = (
            element("optgroup", _options(report, board, lines), label=one_line(board.scope.name))
            for board, lines in boards
        )
        yield element(
            "div",
            tools(element("label", "Case ", element("select", choices))),
            figure("samples", {"samples": samples_name(page.slug)}, caption=_SPREAD),
            figure("history", {"history": f"history/{page.slug}"}, caption=_RUNS),
            class_="report-evidence",
        )
    yield (percentiles(report, board, lines) for board, lines in boards)
    yield (runs_table(report, board, lines) for board, lines in boards)


def _options(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> Iterator[Element]:
    for line in lines:
        before = f"{line.label}, " if len(lines) > 1 else ""
        for workload, name in columns(board.workloads).items():
            if workload in line.measured:
                title = f"{name:,} tokens" if isinstance(name, int) else name
                # The label includes the scope because a closed select does not show its group.
                label = f"{before}{title}, {board.scope.name}"
                value = case_name(board.scope, line.cases[workload])
                yield option(value, label, data_colour=report.styles[line.key].colour)
