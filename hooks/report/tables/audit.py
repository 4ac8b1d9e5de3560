"""The published values that a reader's browser recomputes from the samples, with all digits."""

from collections.abc import Iterator
from functools import partial

from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.scope import Scope
from bench.analysis.summary import CaseSummary
from bench.text import one_line
from hooks.report.elements import (
    Column,
    Content,
    Element,
    cell,
    details,
    element,
    heading,
    joined,
    link,
    number,
    numbers,
    row,
    table,
)
from hooks.report.formats import between, counted
from hooks.report.reading.columns import columns
from hooks.report.reading.report import Report
from hooks.report.tables.lines import grouped


def samples_name(slug: str) -> str:
    """Name of the script with a page's samples, under `data/v1/`."""
    return f"samples/{slug}"


def case_name(scope: Scope, case: CaseSummary) -> str:
    """Name of a case in the scripts of its page."""
    return f"{one_line(scope.name)}/{case.variant or ''}/{case.workload.name}"


def audit(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> Iterator[Element]:
    """A sentence and a table of all cases with a latency; a script writes its result into both."""
    cases = [case for line in lines for case in line.cases.values() if case.latency_us]
    if not cases:
        return
    # The result is in the second column, where a narrow page shows it.
    titles = (
        Column("Tokens", kind=""),
        Column("Recomputed in your browser", kind=""),
        *numbers("Samples", "Median", "95 % interval", "Mean of all"),
    )
    rows = grouped(report, lines, len(titles), partial(_rows, report, board))
    caption = one_line(f"Published values and their samples, {board.scope.name}; in µs")
    yield element(
        "div",
        element(
            "p",
            _unaudited(report, cases),
            class_="report-audit-finding",
            aria_live="polite",
        ),
        details("Case by case", table("audit", caption, titles, rows)),
        class_="report-audit",
        data_samples=samples_name(lines[0].key.implementation),
    )


def _unaudited(report: Report, cases: list[CaseSummary]) -> Iterator[Content]:
    """The sentence that readers see without JavaScript: what can be checked, with which files."""
    runs = dict.fromkeys(case.run for case in cases)
    count = counted(sum(case.samples for case in cases), "sample")
    yield (
        f"Each median and interval is computed from {count} in all. With JavaScript, your browser "
        "recomputes them here. Every sample is in "
    )
    yield from joined(
        link(f"{one_line(run)}.jsonl", f"~/{report.served(report.by_run[run])}") for run in runs
    )
    yield "."


def _rows(report: Report, board: Leaderboard, line: Line) -> Iterator[Element]:
    for workload, name in columns(board.workloads).items():
        case = line.cases.get(workload)
        if case and case.latency_us:
            yield _row(report, board, case, str(name))


def _row(report: Report, board: Leaderboard, case: CaseSummary, name: str) -> Element:
    """The values as text, and with all their digits as attributes."""
    interval, mean = case.interval_us, report.evidence(case).mean_us or 0.0
    low, high = map(repr, interval) if interval else (None, None)
    return row(
        heading(name),
        cell("–", class_="found"),
        number(f"{case.samples:,}"),
        number(f"{case.latency_us:,.3f}"),
        number(between(interval, digits=3) if interval else "–"),
        number(f"{mean:,.3f}"),
        data_case=case_name(board.scope, case),
        data_us=repr(case.latency_us),
        data_low=low,
        data_high=high,
        data_mean=repr(mean),
        data_rounds=str(case.rounds),
        data_samples=str(case.samples),
    )
