"""The generated page that lists all implementations."""

from collections.abc import Iterable, Iterator

from bench.analysis.leaderboard import Leaderboard, Line
from bench.operations.discovery import OPERATIONS
from bench.pages.implementation import Implementation, Variant
from bench.records.run_lines import LineKey
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import times
from hooks.report.reading.line_styles import swatch
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import (
    chips,
    endings,
    precision_chip,
    retired_note,
    retired_operations,
)

PAGE = """\
---
title: Implementations
hide: [toc]
---

# Implementations

Each implementation has one page with its description, its measured code and its results. The tables
show how much slower each is on every leaderboard than the fastest at each workload, as a geometric
mean over the workloads. The lines of the first rank, tied
or not, are in bold.

<div data-report="overview"></div>
"""

_SLOWDOWN = "Slow-down relative to the fastest exact implementation at each workload"

_ALONE = "No exact implementation has a result at any of its workloads"


def overview(report: Report) -> Iterator[h.Element | None]:
    """A map for each operation and device: a row for each line, a column for each leaderboard."""
    retired = _retired(report)
    for name, operation in OPERATIONS.items():
        boards = [board for board in report.leaderboards if board.scope.operation == name]
        pages = [page for page in report.by_title if _variants(page, name)]
        if pages or boards:
            yield h.element("h2", operation.title)
        for device in dict.fromkeys(board.scope.device for board in boards):
            of_device = [board for board in boards if board.scope.device == device]
            yield _map(report, f"{_SLOWDOWN}, {device}", of_device, pages, name, retired)
        if pages and not boards:
            yield _map(report, "Not measured yet", [], pages, name, retired)
    yield retired_note(report, retired)
    yield retired_operations(report)


def _map(
    report: Report,
    caption: str,
    boards: list[Leaderboard],
    pages: Iterable[Implementation],
    operation: str,
    retired: Iterable[Line],
) -> h.Element:
    columns = (
        *h.words("Implementation"),
        *(
            h.Column("\n".join(map(one_line, board.scope.parts)), one_line(board.scope.name))
            for board in boards
        ),
    )
    rows = [row for page in pages for row in _rows(report, boards, page, operation)]
    rows += [
        _row(report, boards, line.key, (line.label, chips(report, line)))
        for line in retired
        if any(line.key in board.by_key for board in boards)
    ]
    return h.table("overview", one_line(caption), columns, rows)


def _retired(report: Report) -> list[Line]:
    """The retired lines, each from the first leaderboard that contains it."""
    first: dict[LineKey, Line] = {}
    for board in report.leaderboards:
        for line in board.lines:
            if report.is_retired(line.key):
                first.setdefault(line.key, line)
    return sorted(first.values(), key=lambda line: line.key.order)


def _variants(page: Implementation, operation: str) -> list[Variant]:
    return [variant for variant in page.variants if operation in variant.functions]


def _rows(
    report: Report, boards: list[Leaderboard], page: Implementation, operation: str
) -> Iterator[tuple[h.Contents, ...]]:
    for variant in _variants(page, operation):
        key = LineKey(page.slug, variant.id)
        lines = [board.by_key[key] for board in boards if key in board.by_key]
        # The label says whether a local build was measured; the page's title does not.
        measured = (line.label for line in lines if line.measured)
        title = next(measured, one_line(variant.title))
        label = h.link(title, f"~/impls/{page.slug}/"), precision_chip(page.about.precision)
        yield _row(report, boards, key, label)


def _row(
    report: Report, boards: list[Leaderboard], key: LineKey, label: h.Contents
) -> tuple[h.Contents, ...]:
    lines = [(board, board.by_key.get(key)) for board in boards]
    measured = any(line and line.measured for _, line in lines)
    name = h.element("span", swatch(report.styles[key]) if measured else None, class_="pick")
    return (name, label), *(_standing(*each) for each in lines)


def _standing(board: Leaderboard, line: Line | None) -> h.Contents:
    """The slow-down of a line, in bold if it has the first rank, and how its other cases ended."""
    if line is None:
        return "–"
    missing = ", ".join(endings(board, line))
    if not line.measured:
        return missing
    return _slowdown(line), (" ", h.element("small", missing)) if missing else None


def _slowdown(line: Line) -> h.Content:
    if line.slowdown is None:
        return h.element("abbr", "not compared", title=_ALONE)
    value = times(line.slowdown.value)
    return h.element("strong", value) if line.rank and line.rank.number == 1 else value
