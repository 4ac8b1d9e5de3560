"""The evidence behind a page's figures: the distribution of its samples, and earlier runs."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard, Line, columns
from bench.analysis.scope import scope_of
from bench.analysis.summary import CaseSummary, RunSummary
from bench.pages.implementation import Implementation
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.charts.figure import figure
from hooks.report.formats import microseconds, plus_minus
from hooks.report.pages.forms import option, tools
from hooks.report.reading.evidence import SHARES
from hooks.report.reading.report import Report
from hooks.report.tables.audit import case_name, samples_name
from hooks.report.tables.line_parts import (
    cases_of,
    ended,
    interval,
    page_table,
    workload_column,
    workload_columns,
)

_NAMES = {0.0: "Lowest", 0.5: "Median", 1.0: "Highest"}

_SPREAD = (
    "Share of samples up to each latency in each round, without the slowest 1 %. Dashed line: "
    "published median; shaded: its 95 % interval."
)
_RUNS = (
    "Median of each run, with its 95 % interval if it had several rounds; × marks a run in which "
    "the case failed. Runs may be from different cards of one kind, so a difference of under 3 % "
    "between two runs means nothing."
)


def evidence(report: Report, page: Implementation) -> Iterator[h.Contents]:
    """A selector of cases, two charts of the selected case, and tables of all cases."""
    boards = report.of_page(page.slug)
    if any(line.measured for _, lines in boards for line in lines):
        choices = (
            h.element("optgroup", _options(report, board, lines), label=one_line(board.scope.name))
            for board, lines in boards
        )
        yield h.element(
            "div",
            tools(h.element("label", "Case ", h.element("select", choices))),
            figure("samples", {"samples": samples_name(page.slug)}, caption=_SPREAD),
            figure("history", {"history": f"history/{page.slug}"}, caption=_RUNS),
            class_="report-evidence",
        )
    yield (_percentiles(report, board, lines) for board, lines in boards)
    yield (_runs_table(report, board, lines) for board, lines in boards)


def _options(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> Iterator[h.Element]:
    for line in lines:
        before = f"{line.label}, " if len(lines) > 1 else ""
        for workload, name in columns(board.workloads).items():
            if workload in line.measured:
                title = f"{name:,} tokens" if isinstance(name, int) else name
                # The label includes the scope because a closed select does not show its group.
                label = f"{before}{title}, {board.scope.name}"
                value = case_name(board.scope, line.cases[workload])
                yield option(value, label, data_colour=report.styles[line.key].colour)


def _percentiles(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> h.Element | None:
    """A folded table with a row for each round of each case with a latency."""
    shares = (_NAMES.get(share, f"{share * 100:.0f} %") for share in SHARES)
    titles = (workload_column(board), *h.words("Round"), *h.numbers("Samples", *shares))
    where = one_line(board.scope.name)
    caption = f"Samples of each round in µs, {where}"
    rounds = page_table(report, board, lines, caption, titles, _rounds_of)
    return h.details(f"Percentiles of each round, {where}", rounds)


def _rounds_of(report: Report, board: Leaderboard, line: Line) -> Iterator[list[h.Contents]]:
    for name, case in cases_of(board, line):
        evidence = report.evidence(case)
        rounds = zip(evidence.samples, evidence.percentiles, strict=True)
        for index, (samples, values) in enumerate(rounds):
            first = None if index else h.heading(name, rowspan=len(evidence.samples))
            yield [first, str(index + 1), f"{samples:,}", *map(microseconds, values)]


def _runs_table(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> h.Element | None:
    """A folded table with a row for each run of each line, the newest first."""
    titles = (*h.words("Run", "PyTorch"), *workload_columns(board))
    where = one_line(board.scope.name)
    caption = f"Medians of each run in µs by workload, {where}"
    runs = page_table(report, board, lines, caption, titles, _runs_of)
    return h.details(f"Every run, {where}", runs)


def _runs_of(report: Report, board: Leaderboard, line: Line) -> Iterator[list[h.Contents]]:
    for run, cases in reversed(report.histories[line.key.implementation]):
        of_line = {
            case.workload: case
            for case in cases
            if case.line == line.key and scope_of(run.run, case) == board.scope
        }
        if of_line:
            values = (_value(of_line.get(workload)) for workload in board.workloads)
            yield [_name(report, run), one_line(run.run.environment.torch), *values]


def _name(report: Report, run: RunSummary) -> h.Content:
    served, when = report.served(run), f"{run.run.started:%Y-%m-%d %H:%M}"
    return h.link(when, f"~/{served}", title=one_line(run.run.id)) if served else when


def _value(case: CaseSummary | None) -> h.Contents:
    if case is None:
        return "–"
    if case.latency_us is None:
        return ended(case)
    spread = plus_minus(case.latency_us, case.interval_us) if case.interval_us else ""
    latency = h.element("span", microseconds(case.latency_us), title=interval(case))
    return [latency, " ", h.element("small", spread)]
