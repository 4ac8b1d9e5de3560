"""The page that lists every implementation; generated, so that no list is kept by hand."""

from collections.abc import Iterator

from bench.pages.implementation import Implementation
from bench.text import one_line
from bench.verdicts.summary import Line
from hooks.charts.views import View
from hooks.markup import escape, microseconds, table
from hooks.reading.looks import swatch
from hooks.reading.report import Report
from hooks.reading.retired import is_retired
from hooks.reading.rows import Row, labels
from hooks.tables.retired import chip, retired_note
from hooks.tables.summary import pick

PAGE = """\
---
title: Implementations
hide: [toc]
---

# Implementations

Each is one page: what it is, the code that is measured, and its results.

<div data-report="overview"></div>
"""


def overview(report: Report, views: tuple[View, ...]) -> str:
    """A row for each variant with its best-known figures on the first board, as HTML."""
    view = views[0]
    head = [f'<th scope="col">{name}</th>' for name in ("Implementation", "Provider", "Precision")]
    head += [
        f'<th scope="col" class="number">{name}</th>' for name in ("Lowest latency", "Slow-down")
    ]
    body = [row for page in report.by_title for row in _rows(report, view, page)]
    gone = _retired(report, views)
    ranked = {id(row.line): row for row in view.rows}
    body += [_retired_row(report, ranked.get(id(line)), line, label) for line, label in gone]
    caption = escape(one_line(f"Figures from {view.name}"))
    return table("overview", caption, head, body) + retired_note(report, gone)


def _retired(report: Report, views: tuple[View, ...]) -> list[tuple[Line, str]]:
    """Each line that no page holds, once, from the first board that knows it."""
    lines = [line for view in views for line in view.board.lines if is_retired(report, line)]
    first = {(line.implementation, line.variant): line for line in reversed(lines)}
    gone = [first[key] for key in sorted(first, key=lambda key: (key[0], key[1] or ""))]
    return list(zip(gone, labels(gone), strict=True))


def _retired_row(report: Report, row: Row | None, line: Line, label: str) -> str:
    key = f'<span class="pick">{swatch(report.look(line)) if line.measured else ""}</span>'
    return (
        f'<tr><th scope="row">{key}{escape(label)}{chip(report, line)}</th><td>–</td>'
        f"<td>{escape(line.precision)}</td>{_figures(row)}</tr>"
    )


def _rows(report: Report, view: View, page: Implementation) -> Iterator[str]:
    ranked = {(row.line.implementation, row.line.variant): row for row in view.rows}
    for variant in page.variants:
        row = ranked.get((page.slug, variant.id))
        key = pick(report, row) if row and row.measured else '<span class="pick"></span>'
        key = key.replace("<label", "<span").replace("</label>", "</span>")
        # A figure of a local build says so; the page's own title does not know of it.
        title = escape(row.label if row and row.measured else one_line(variant.title))
        yield (
            f'<tr><th scope="row">{key}<a href="~/impls/{page.slug}/">{title}</a></th>'
            f"<td>{escape(one_line(page.about.provider))}</td>"
            f"<td>{escape(page.about.precision)}</td>{_figures(row)}</tr>"
        )


def _figures(row: Row | None) -> str:
    if row is None or not row.measured or row.slowdown is None:
        return '<td class="number">–</td><td class="number">–</td>'
    best = min(row.measured.values())
    return (
        f'<td class="number">{microseconds(best)}&nbsp;µs</td>'
        f'<td class="number">{row.slowdown.value:.2f}×</td>'
    )
