"""The generated page that lists all implementations."""

from collections.abc import Iterator, Mapping

from bench.analysis.leaderboard import Line
from bench.operations.discovery import OPERATIONS
from bench.pages.implementation import Implementation
from bench.records.run_lines import LineKey
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import SPACE, microseconds, times
from hooks.report.reading.line_styles import swatch
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import chips, retired_note, retired_operations

PAGE = """\
---
title: Implementations
hide: [toc]
---

# Implementations

Each implementation has one page with its description, its measured code and its results.

<div data-report="overview"></div>
"""


def overview(report: Report) -> Iterator[h.Element | None]:
    """A table for each operation, with a row for each variant that implements it.

    The figures are those of the first leaderboard of the operation.
    """
    names = h.words("Implementation", "Provider", "Precision")
    columns = *names, *h.numbers("Lowest latency", "Slow-down")
    retired = _retired(report)
    for name, operation in OPERATIONS.items():
        boards = [board for board in report.leaderboards if board.scope.operation == name]
        lines = boards[0].by_key if boards else {}
        rows = [row for page in report.by_title for row in _rows(report, lines, page, name)]
        for line in retired:
            if any(line.key in board.by_key for board in boards):
                label = line.label, chips(report, line)
                rows.append(_row(report, lines.get(line.key), label, "–", line.precision))
        if rows:
            yield h.element("h2", operation.title)
            where = boards[0].scope.name if boards else "nothing yet"
            yield h.table("overview", one_line(f"Figures from {where}"), columns, rows)
    yield retired_note(report, retired)
    yield retired_operations(report)


def _retired(report: Report) -> list[Line]:
    """The retired lines, each from the first leaderboard that contains it."""
    first: dict[LineKey, Line] = {}
    for board in report.leaderboards:
        for line in board.lines:
            if report.is_retired(line.key):
                first.setdefault(line.key, line)
    return sorted(first.values(), key=lambda line: line.key.order)


def _rows(
    report: Report, lines: Mapping[LineKey, Line], page: Implementation, operation: str
) -> Iterator[tuple[h.Contents, ...]]:
    for variant in page.variants:
        if operation in variant.functions:
            line = lines.get(LineKey(page.slug, variant.id))
            # The label says whether a local build was measured; the page's title does not.
            title = line.label if line and line.measured else one_line(variant.title)
            label = h.link(title, f"~/impls/{page.slug}/")
            yield _row(report, line, label, one_line(page.about.provider), page.about.precision)


def _row(
    report: Report, line: Line | None, label: h.Contents, provider: str, precision: str
) -> tuple[h.Contents, ...]:
    key, latency, slowdown = None, "–", "–"
    if line and line.measured:
        key = swatch(report.styles[line.key])
        if line.slowdown:
            latency = f"{microseconds(min(line.measured.values()))}{SPACE}µs"
            slowdown = times(line.slowdown.value)
    name = h.element("span", key, class_="pick"), label
    return name, provider, precision, latency, slowdown
