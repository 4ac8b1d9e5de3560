"""The generated page that lists all implementations."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard, Line
from bench.operations.registry import OPERATIONS
from bench.pages.implementation import Implementation
from bench.records.record import LineKey
from bench.text import one_line
from hooks.report.elements import Contents, Element, element, link, numbers, table, words
from hooks.report.formats import SPACE, microseconds, times
from hooks.report.reading.line_styles import swatch
from hooks.report.reading.report import Report
from hooks.report.tables.lines import chips, retired_note, retired_operations

PAGE = """\
---
title: Implementations
hide: [toc]
---

# Implementations

Each implementation has one page with its description, its measured code and its results.

<div data-report="overview"></div>
"""


def overview(report: Report) -> Iterator[Element | None]:
    """A table for each operation, with a row for each variant that implements it.

    The figures are those of the first leaderboard of the operation.
    """
    retired = _retired(report)
    for name, operation in OPERATIONS.items():
        boards = [board for board in report.leaderboards if board.scope.operation == name]
        first = boards[0] if boards else None
        rows = [row for page in report.by_title for row in _rows(report, first, page, name)]
        rows += [
            _retired_row(report, boards[0], line)
            for line in retired
            if any(line.key in board.by_key for board in boards)
        ]
        if not rows:
            continue
        columns = (
            *words("Implementation", "Provider", "Precision"),
            *numbers("Lowest latency", "Slow-down"),
        )
        yield element("h2", operation.title)
        where = first.scope.name if first else "nothing yet"
        yield table("overview", one_line(f"Figures from {where}"), columns, rows)
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


def _retired_row(report: Report, board: Leaderboard, line: Line) -> tuple[Contents, ...]:
    name = _key(report, line), line.label, chips(report, line)
    return name, "–", line.precision, *_figures(board.by_key.get(line.key))


def _rows(
    report: Report, board: Leaderboard | None, page: Implementation, operation: str
) -> Iterator[tuple[Contents, ...]]:
    for variant in page.variants:
        if operation not in variant.functions:
            continue
        line = board.by_key.get(LineKey(page.slug, variant.id)) if board else None
        # The label says whether a local build was measured; the page's title does not.
        title = line.label if line and line.measured else one_line(variant.title)
        name = _key(report, line), link(title, f"~/impls/{page.slug}/")
        yield name, one_line(page.about.provider), page.about.precision, *_figures(line)


def _key(report: Report, line: Line | None) -> Element:
    shown = swatch(report.styles[line.key]) if line and line.measured else None
    return element("span", shown, class_="pick")


def _figures(line: Line | None) -> tuple[str, str]:
    if line is None or not line.measured or line.slowdown is None:
        return "–", "–"
    best = min(line.measured.values())
    return f"{microseconds(best)}{SPACE}µs", times(line.slowdown.value)
