"""The additions to a suite's page, and the generated page that lists all suites."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard
from bench.operations.operation import Workload
from bench.operations.registry import operation_of
from bench.pages.suites import Suite
from bench.text import one_line
from hooks.report.charts.figure import figure
from hooks.report.elements import (
    Column,
    Contents,
    Element,
    element,
    heading,
    html,
    link,
    numbers,
    table,
    words,
)
from hooks.report.formats import markdown, significant
from hooks.report.output import Additions, placeholder
from hooks.report.reading.report import Report
from hooks.report.tables.planning import planning_table
from hooks.report.tables.summary import summary_table
from hooks.report.tables.sustained import sustained_table

PAGE = """\
---
title: Suites
hide: [toc]
---

# Suites

A suite is a page that lists workloads. They are measured together; the page shows their results.

<div data-report="suites"></div>
"""


def suites_list(report: Report) -> Element:
    """A table with a row for each suite."""
    columns = (
        *words("Suite"),
        Column("Description", kind="name"),
        Column("Operation", kind="name"),
        *numbers("Workloads"),
        Column("Measured on", kind="name"),
    )
    rows = (
        (
            link(one_line(suite.title), f"~/suites/{suite.name}/"),
            one_line(suite.description),
            ", ".join(dict.fromkeys(operation_of(each).title for each in suite.workloads)),
            str(len(suite.workloads)),
            ", ".join(
                dict.fromkeys(one_line(board.scope.device) for board in _boards(report, suite))
            )
            or "–",
        )
        for suite in report.suites
    )
    return table("suites", "All suites", columns, rows)


def suite_page(report: Report, suite: Suite) -> Additions:
    """The additions to the page of a suite: its results on each device, and its workloads."""
    boards = _boards(report, suite)
    text = "\n\n## Results\n"
    if not boards:
        text += (
            f"\nNot measured yet. `python -m bench all --suite {suite.name}` measures it and "
            "writes a file to `data/`; the next build shows the results here.\n"
        )
    for place, board in enumerate(boards):
        text += f"\n### {markdown(board.scope.name)}\n\n{placeholder(f'results-{place}')}\n"
    text += f"\n## Workloads\n\n{placeholder('suite')}\n"
    return Additions(
        appended=text,
        placed={
            "suite": html(_workloads(suite)),
            **{
                f"results-{place}": html(_results(report, board))
                for place, board in enumerate(boards)
            },
        },
    )


def _boards(report: Report, suite: Suite) -> list[Leaderboard]:
    return [board for board in report.leaderboards if board.scope.suite == suite.name]


def _results(report: Report, board: Leaderboard) -> Iterator[Contents]:
    if any(line.measured for line in board.lines):
        text = "The chart needs JavaScript; the table contains the same numbers."
        options = {"board": one_line(board.scope.name), "metric": "latency"}
        yield figure("lines", options, (element("p", text),))
    yield summary_table(report, board)
    yield sustained_table(report, board)
    yield planning_table(report, board)


def _workloads(suite: Suite) -> Element:
    columns = (
        *words("Workload", "Shape", "Direction"),
        *numbers("GFLOP", "MB"),
    )
    return table("page", "The workloads of the suite", columns, map(_row, suite.workloads))


def _row(workload: Workload) -> tuple[Contents, ...]:
    return (
        heading(workload.name),
        workload.label,
        workload.direction,
        significant(workload.flops / 1e9),
        significant(workload.moved_bytes / 1e6),
    )
