"""The published values that a reader's browser recomputes from the samples, with all digits."""

import json
from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.scope import Scope
from bench.analysis.summary import CaseSummary
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import between, counted
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import cases_of, page_table, workload_column


def _columns(board: Leaderboard) -> tuple[h.Column, ...]:
    """The columns of an audit; the result is the second, so that a narrow page shows it too."""
    return (
        workload_column(board),
        *h.words("Recomputed in your browser"),
        *h.numbers("Samples", "Median", "95 % interval", "Mean of all"),
    )


def samples_name(slug: str) -> str:
    """Name of the script with a page's samples, under `data/v1/`."""
    return f"samples/{slug}"


def case_name(scope: Scope, case: CaseSummary) -> str:
    """Name of a case in the scripts of its page."""
    return f"{one_line(scope.name)}/{case.variant or ''}/{case.workload.name}"


def audit(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> h.Element | None:
    """A sentence and a table of all cases with a latency; a script writes its result into both."""
    caption = f"Published values and their samples, {board.scope.name}; in µs"
    values = page_table(report, board, lines, caption, _columns(board), _rows)
    if values is None:
        return None
    sentence = _unaudited(report, lines)
    return h.element(
        "div",
        h.element("p", sentence, class_="report-audit-finding", aria_live="polite"),
        h.details("Case by case", values),
        class_="report-audit",
        data_samples=samples_name(lines[0].key.implementation),
    )


def _unaudited(report: Report, lines: tuple[Line, ...]) -> Iterator[h.Contents]:
    """The sentence that readers see without JavaScript: what can be checked, with which files."""
    cases = [case for line in lines for case in line.cases.values() if case.latency_us]
    runs = dict.fromkeys(case.run for case in cases)
    count = counted(sum(case.samples for case in cases), "sample")
    yield (
        f"The medians and intervals are computed from {count}. With JavaScript, your browser "
        "recomputes them here. Every sample is in "
    )
    yield h.joined(
        h.link(f"{one_line(run)}.jsonl", f"~/{report.served(report.by_run[run])}") for run in runs
    )
    yield "."


def _rows(report: Report, board: Leaderboard, line: Line) -> Iterator[h.Element]:
    """The values as text, and with all their digits as an attribute in the order of audit.js."""
    columns = _columns(board)
    for name, case in cases_of(board, line):
        if case.latency_us is None:
            continue
        interval, mean = case.interval_us, report.evidence(case).mean_us or 0.0
        low, high = interval or (None, None)
        values = [case.rounds, case.samples, case.latency_us, low, high, mean]
        shown = (
            *(name, h.cell("–", class_="found"), f"{case.samples:,}", f"{case.latency_us:,.3f}"),
            *(between(interval, digits=3) if interval else "–", f"{mean:,.3f}"),
        )
        key = case_name(board.scope, case)
        yield h.row(columns, shown, data_case=key, data_published=json.dumps(values))
