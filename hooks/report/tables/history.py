"""The results of a page's cases in each run: the numbers of the history chart."""

from collections.abc import Iterator
from functools import partial

from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.scope import scope_of
from bench.analysis.summary import CaseSummary, RunSummary
from bench.text import one_line
from hooks.report.elements import (
    Content,
    Element,
    cell,
    details,
    element,
    heading,
    link,
    number,
    numbers,
    row,
    table,
    words,
)
from hooks.report.formats import between, microseconds, plus_minus
from hooks.report.reading.columns import columns
from hooks.report.reading.report import Report
from hooks.report.tables.lines import ONE_ROUND, ended, grouped


def history_table(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> Iterator[Element]:
    """A folded table with a row for each run of each line, the newest first."""
    titles = (*words("Run", "PyTorch"), *numbers(*map(str, columns(board.workloads).values())))
    rows = grouped(report, lines, len(titles), partial(_rows, report, board))
    where = one_line(board.scope.name)
    caption = f"Medians of each run in µs by sequence length, {where}"
    yield details(f"Every run, {where}", table("page", caption, titles, rows))


def _rows(report: Report, board: Leaderboard, line: Line) -> Iterator[Element]:
    for run, cases in reversed(report.histories[line.key.implementation]):
        of_line = {
            case.workload: case
            for case in cases
            if case.line == line.key and scope_of(run.run, case) == board.scope
        }
        if of_line:
            values = (_value(of_line.get(workload)) for workload in board.workloads)
            torch = cell(one_line(run.run.environment.torch))
            yield row(heading(_name(report, run)), torch, *map(number, values))


def _name(report: Report, run: RunSummary) -> Content:
    served, when = report.served(run), f"{run.run.started:%Y-%m-%d %H:%M}"
    return link(when, f"~/{served}", title=one_line(run.run.id)) if served else when


def _value(case: CaseSummary | None) -> list[Content]:
    if case is None:
        return ["–"]
    if case.latency_us is None:
        return [ended(case)]
    interval = case.interval_us
    title = f"95 % interval: {between(interval)} µs" if interval else ONE_ROUND
    spread = plus_minus(case.latency_us, interval) if interval else ""
    latency = element("span", microseconds(case.latency_us), title=title)
    return [latency, " ", element("small", spread)]
