"""The additions to a suite's page, and the generated page that lists all suites."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard
from bench.operations.discovery import operation_of
from bench.operations.operation import Workload
from bench.pages.suites import Suite
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.charts.figure import latency_figure, rate_figure
from hooks.report.formats import markdown, significant
from hooks.report.output import Additions, placeholder
from hooks.report.reading.report import Report
from hooks.report.tables.matrix import matrix
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


def suites_list(report: Report) -> h.Element:
    """A table with a row for each suite."""
    described = h.names("Description", "Operation")
    columns = *h.words("Suite"), *described, *h.numbers("Workloads"), *h.names("Measured on")
    rows = (_suite(suite, _boards(report, suite)) for suite in report.suites)
    return h.table("suites", "All suites", columns, rows)


def _suite(suite: Suite, boards: list[Leaderboard]) -> Iterator[h.Contents]:
    yield h.link(one_line(suite.title), f"~/suites/{suite.name}/")
    yield one_line(suite.description)
    yield ", ".join(dict.fromkeys(operation_of(each).title for each in suite.workloads))
    yield str(len(suite.workloads))
    yield ", ".join(dict.fromkeys(one_line(board.scope.device) for board in boards)) or "–"


def suite_page(report: Report, suite: Suite) -> Additions:
    """The additions to the page of a suite: its results on each device, and its workloads."""
    boards = _boards(report, suite)
    text = "\n\n## Results\n"
    if not boards:
        text += (
            f"\nNot measured yet. `python -m bench all --suite {suite.name}` measures it and "
            "writes a file to `data/`; the next build shows the results here.\n"
        )
    columns = *h.words("Workload", "Shape", "Direction"), *h.numbers("GFLOP", "MB")
    workloads = h.table("page", "The workloads of the suite", columns, map(_row, suite.workloads))
    placed = {"suite": h.html(workloads)}
    for place, board in enumerate(boards):
        text += f"\n### {markdown(board.scope.name)}\n\n{placeholder(f'results-{place}')}\n"
        shown = matrix(report, board, f"why-{place}-") if board.judged_only else None
        placed[f"results-{place}"] = h.html(shown or _results(report, board))
    text += f"\n## Workloads\n\n{placeholder('suite')}\n"
    return Additions(appended=text, placed=placed)


def _boards(report: Report, suite: Suite) -> list[Leaderboard]:
    return [board for board in report.every_leaderboard if board.scope.suite == suite.name]


def _results(report: Report, board: Leaderboard) -> Iterator[h.Contents]:
    yield latency_figure(board, board.lines)
    yield rate_figure(board)
    yield summary_table(report, board)
    yield sustained_table(report, board)
    yield planning_table(report, board)


def _row(workload: Workload) -> tuple[h.Contents, ...]:
    return (
        h.heading(workload.name),
        workload.label,
        workload.direction,
        significant(workload.flops / 1e9),
        significant(workload.moved_bytes / 1e6),
    )
