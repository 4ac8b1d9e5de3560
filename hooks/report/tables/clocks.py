"""Latencies by other clocks, for readers who want to check the published ones."""

from collections.abc import Iterator
from functools import partial

from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.summary import CaseSummary
from bench.text import one_line, signed
from hooks.report.elements import (
    Column,
    Content,
    Element,
    code,
    details,
    element,
    listed,
    number,
    row,
    table,
)
from hooks.report.formats import SPACE, microseconds
from hooks.report.reading.columns import columns
from hooks.report.reading.evidence import Evidence, Timing
from hooks.report.reading.report import Report
from hooks.report.tables.lines import grouped, head, workloads_named

_LANES = {
    "cold": Column(
        "Cold",
        "Timed as published, but with few samples and in the process of the other clocks",
    ),
    "warm": Column("Warm L2", "CUDA events without an L2 flush"),
    "graph": Column("CUDA graph", "Replays of a CUDA graph of the call, with a warm L2"),
    "wall": Column("Wall clock", "Time of the call and a synchronisation, with launch latency"),
}
"""Columns of these clocks, by their names in records."""

_COLUMNS = (
    Column("Tokens", kind=""),
    Column("Published", "Median in µs, as in the first table"),
    *_LANES.values(),
    Column(
        "CUPTI span",
        "Time from the start of the first kernel to the end of the last, by CUPTI, with a cold L2",
    ),
    Column("Events / span", "Time by our events over CUPTI’s span of the same calls, minus 1"),
    Column("Burst", "Time per call of calls back to back, by the clock of the parent process"),
)


def clocks(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> Iterator[Element]:
    """A folded table of the latencies of a page's lines by every clock."""
    timed = [line for line in lines if any(_timed(report, line))]
    if timed:
        rows = grouped(report, lines, len(_COLUMNS), partial(_rows, report, board))
        caption = one_line(f"Medians in µs by other clocks, {board.scope.name}; never ranked")
        yield details(
            "Other clocks", table("page", caption, _COLUMNS, rows), _reasons(report, timed)
        )


def _rows(report: Report, board: Leaderboard, line: Line) -> Iterator[Element]:
    for workload, name in columns(board.workloads).items():
        case = line.cases.get(workload)
        if case and _has_clocks(report.evidence(case)):
            yield row(head(name, workload.name), *map(number, _values(case, report.evidence(case))))


def _timed(report: Report, line: Line) -> Iterator[bool]:
    return (_has_clocks(report.evidence(case)) for case in line.cases.values())


def _has_clocks(evidence: Evidence) -> bool:
    return bool(evidence.lanes) or evidence.burst_us is not None


def _values(case: CaseSummary, evidence: Evidence) -> Iterator[Content]:
    yield "–" if case.latency_us is None else microseconds(case.latency_us)
    for name in _LANES:
        yield _timing(evidence.lanes.get(name))
    trace = evidence.trace
    yield microseconds(trace.span_us) if trace else "–"
    yield f"{signed(trace.disagreement * 100, 2)}{SPACE}%" if trace else "–"
    yield "–" if evidence.burst_us is None else microseconds(evidence.burst_us)


def _timing(timing: Timing | None) -> Content:
    if timing and timing.us is not None:
        return microseconds(timing.us)
    if timing and timing.reason:
        return element("abbr", "none", title=one_line(timing.reason))
    return "–"


def _reasons(report: Report, lines: list[Line]) -> Element | None:
    """Each reason why a clock has no reading, with its workloads."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        for workload, case in line.cases.items():
            for clock, reason in _missing(report.evidence(case)):
                grouped.setdefault((clock, one_line(reason)), []).append(workload.name)
    return listed(
        (
            [element("b", clock), f" ({workloads_named(names)}): ", code(reason)]
            for (clock, reason), names in grouped.items()
        ),
        class_="report-legend",
    )


def _missing(evidence: Evidence) -> Iterator[tuple[str, str]]:
    for name, column in _LANES.items():
        timing = evidence.lanes.get(name)
        if timing and timing.reason:
            yield column.title, timing.reason
    if evidence.trace_problem:
        yield "CUPTI", evidence.trace_problem
