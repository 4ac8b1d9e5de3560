"""Latencies by other clocks and the kernels of a call, for readers who check the published ones."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard, Line, columns
from bench.records.outcome import Kernel
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import microseconds, signed_percent
from hooks.report.reading.evidence import Evidence, Timing
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import (
    cases_of,
    group_row,
    legend_list,
    page_table,
    workload_column,
    workloads_named,
)

_LANES = {
    "cold": h.Column("Cold", "As published, but with few samples, in the process of the others"),
    "warm": h.Column("Warm L2", "CUDA events without an L2 flush"),
    "graph": h.Column("CUDA graph", "Replays of a CUDA graph of the call, with a warm L2"),
    "wall": h.Column("Wall clock", "Time of the call and a synchronisation, with launch latency"),
}
"""Columns of the other timings, by their names in records."""

_COLUMNS = (
    h.Column("Published", "Median in µs, as in the first table"),
    *_LANES.values(),
    h.Column("CUPTI span", "From the first kernel’s start to the last one’s end, with a cold L2"),
    h.Column("Events / span", "Time by our events over CUPTI’s span of the same calls, minus 1"),
    h.Column("Burst", "Time per call of calls back to back, by the clock of the parent process"),
)


def clocks(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> h.Element | None:
    """A folded table of the latencies of a page's lines by every clock; None without any."""
    caption = f"Medians in µs by other clocks, {board.scope.name}; never ranked"
    titles = (workload_column(board), *_COLUMNS)
    medians = page_table(report, board, lines, caption, titles, _rows)
    return h.details("Other clocks", medians, _reasons(report, lines))


def _rows(report: Report, board: Leaderboard, line: Line) -> Iterator[list[h.Contents]]:
    for name, case in cases_of(board, line):
        evidence = report.evidence(case)
        if evidence.lanes or evidence.burst_us is not None:
            first = h.heading(name, title=case.workload.name)
            yield [first, _median(case.latency_us), *_values(evidence)]


def _values(evidence: Evidence) -> Iterator[h.Contents]:
    for name in _LANES:
        yield _timing(evidence.lanes.get(name))
    trace = evidence.trace
    yield _median(trace.span_us if trace else None)
    yield signed_percent(trace.disagreement, 2) if trace else "–"
    yield _median(evidence.burst_us)


def _median(us: float | None) -> str:
    return "–" if us is None else microseconds(us)


def _timing(timing: Timing | None) -> h.Contents:
    if timing and timing.us is None and timing.reason:
        return h.element("abbr", "none", title=one_line(timing.reason))
    return _median(timing.us if timing else None)


def _reasons(report: Report, lines: tuple[Line, ...]) -> h.Element | None:
    """Each reason why a clock has no reading, with its workloads."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        for workload, case in line.cases.items():
            for clock, reason in _missing(report.evidence(case)):
                grouped.setdefault((clock, one_line(reason)), []).append(workload.name)
    return legend_list(
        [h.element("b", clock), f" ({workloads_named(names)}): ", h.code(reason)]
        for (clock, reason), names in grouped.items()
    )


def _missing(evidence: Evidence) -> Iterator[tuple[str, str]]:
    for name, column in _LANES.items():
        timing = evidence.lanes.get(name)
        if timing and timing.reason:
            yield column.title, timing.reason
    if evidence.trace_problem:
        yield "CUPTI", evidence.trace_problem
    if evidence.plan_problem:
        yield "Planning", evidence.plan_problem


def kernels(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> h.Element | None:
    """A folded table of the kernels of each line at its last traced workload."""
    titles = (*h.words("Kernel"), *h.numbers("µs", "Stream"))
    headings = columns(board.workloads)
    rows: list[h.Row] = []
    for line in lines:
        traces = {workload: report.evidence(case).trace for workload, case in line.cases.items()}
        traced = [w for w in board.workloads if (trace := traces.get(w)) and trace.kernels]
        if traced and (trace := traces[traced[-1]]):
            name = headings[traced[-1]]
            title = f" at {f'{name:,} tokens' if isinstance(name, int) else name}"
            rows.append(group_row(report, line, len(titles), title))
            rows += map(_row, trace.kernels)
    caption = one_line(f"Kernels of one call on {board.scope.device}, in order")
    return h.details("Kernels", h.table("kernels", caption, titles, rows) if rows else None)


def _row(kernel: Kernel) -> list[h.Contents]:
    name = h.cell(h.code(kernel.name), class_="name")
    return [name, microseconds(kernel.duration_us), str(kernel.stream)]
