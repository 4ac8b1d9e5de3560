"""A line that no page holds any more, as tables show it: a chip, and where its results are from."""

from collections.abc import Iterable

from bench.verdicts.summary import Line
from hooks.markup import escape
from hooks.reading.report import Report
from hooks.reading.retired import is_retired, where_from
from hooks.tables.links import run_link

_WHY = "Its page is no longer in docs/impls; the results are kept"


def chip(report: Report, line: Line) -> str:
    """The word that goes with the name of a retired line; nothing for any other."""
    if not is_retired(report, line):
        return ""
    return f' <span class="chip" title="{_WHY}">retired</span>'


def retired_note(report: Report, lines: Iterable[tuple[Line, str]]) -> str:
    """Where the results of retired lines come from, each with its label; nothing without any."""
    gone = [
        f"<li><b>retired</b> {escape(label)}: {_reason(report, line)}; its results are from "
        f"{', '.join(map(run_link, where_from(line.cells.values())))}</li>"
        for line, label in lines
        if is_retired(report, line)
    ]
    return f'<ul class="report-legend">{"".join(gone)}</ul>' if gone else ""


def _reason(report: Report, line: Line) -> str:
    if line.implementation in report.by_slug:
        return (
            f"its page has no variant <code>{escape(line.variant or 'without a name')}</code> now"
        )
    return f"no page <code>docs/impls/{escape(line.implementation)}.md</code> any more"
