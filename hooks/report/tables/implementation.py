"""The results and errors of an implementation page on a leaderboard, workload by workload."""

from collections.abc import Iterator
from functools import partial

from bench.analysis.leaderboard import Leaderboard, Line, columns
from bench.analysis.summary import CaseSummary
from hooks.report import elements as h
from hooks.report.formats import (
    SPACE,
    between,
    duration,
    mebibytes,
    microseconds,
    percent,
    plus_minus,
)
from hooks.report.metrics import METRICS, RATES, rate_of
from hooks.report.reading.evidence import Evidence
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import (
    ONE_ROUND,
    cases_of,
    legend,
    page_table,
    signs,
    why,
    workload_column,
)
from hooks.report.tables.planning import PLANNING, long_plans


def implementation_table(
    report: Report, board: Leaderboard, lines: tuple[Line, ...]
) -> tuple[h.Element | None, ...]:
    """The results of a page's lines, and the meanings of their marks."""
    planned = any(case.plan_us for line in lines for case in line.cases.values())
    titles = (*_columns(board), *([PLANNING] if planned else []))
    rows_of = partial(_rows, span=len(titles) - 1, planned=planned)
    return (
        page_table(report, board, lines, f"Results, {board.scope.name}", titles, rows_of),
        long_plans(lines),
        legend(case for line in lines for case in line.cases.values()),
    )


def _columns(board: Leaderboard) -> tuple[h.Column, ...]:
    over = board.baseline.label if board.baseline else "the baseline"
    return (
        workload_column(board),
        h.Column("Median, µs", "Median of the rounds’ medians"),
        h.Column("95 % interval, µs", "95 % interval of the median, from the rounds’ medians"),
        h.Column(rate_of(board).label, RATES[rate_of(board).name]),
        h.Column("Speed-up", f"Speed-up over {over} at the same workload"),
        h.Column(
            "Samples", "Number of timed calls, which are all in the run’s file, and of rounds"
        ),
        h.Column(
            "Max. error", "Largest absolute error against the float64 reference, and its bound"
        ),
        h.Column("Memory", "Peak memory allocated during a call, beyond the inputs"),
        h.Column("First call", "Time of compilation, tuning, planning and one call"),
    )


def _rows(
    report: Report, board: Leaderboard, line: Line, *, span: int, planned: bool
) -> Iterator[list[h.Contents]]:
    for workload, title in columns(board.workloads).items():
        name, case = h.heading(str(title), title=workload.name), line.cases.get(workload)
        if case is None or case.latency_us is None:
            yield [name, h.cell(why(case), class_="status", colspan=span)]
            continue
        rate = rate_of(board).of(board, line, workload)
        speedup = METRICS["speedup"].of(board, line, workload)
        evidence = report.evidence(case)
        yield [
            name,
            [h.element("strong", microseconds(case.latency_us)), signs(case)],
            _interval(case, case.latency_us),
            rate_of(board).digits(rate.value) if rate else "–",
            METRICS["speedup"].text(speedup.value) if speedup else "–",
            _samples(case, evidence),
            _error(evidence),
            "–" if case.peak_memory_bytes is None else mebibytes(case.peak_memory_bytes),
            "–" if case.first_call_ms is None else duration(case.first_call_ms),
            *([_planning(case)] if planned else []),
        ]


def _interval(case: CaseSummary, latency_us: float) -> h.Element:
    if case.interval_us is None:
        return h.element("abbr", "–", title=ONE_ROUND)
    share = plus_minus(latency_us, case.interval_us)
    return h.element("span", between(case.interval_us), title=share)


def _samples(case: CaseSummary, evidence: Evidence) -> Iterator[h.Contents]:
    """The numbers of samples and of rounds; on hovering, their spread and medians."""
    if evidence.late_samples:
        late = "In these calls the device waited for the host, so they may include launch latency"
        yield h.element("abbr", f"{evidence.late_samples:,} late", title=late)
        yield " of "
    spread = between(evidence.spread_us) if evidence.spread_us else ""
    title = f"5th to 95th percentile: {spread} µs"
    yield h.element("abbr", f"{case.samples:,}", title=title)
    yield " in "
    medians = ", ".join(map(microseconds, case.round_medians_us))
    yield h.element("abbr", str(case.rounds), title=f"Median of each round: {medians} µs")


def _error(evidence: Evidence) -> str:
    accuracy = evidence.accuracy
    if accuracy is None:
        return "–"
    return f"{accuracy.max_abs_error:.1e}{SPACE}/ {accuracy.max_abs_bound:.1e}"


def _planning(case: CaseSummary) -> str:
    return "–" if case.plan_us is None else microseconds(case.plan_us)


_ERRORS = (
    h.Column(
        "Relative error", "Frobenius norm of the error over the norm of the float64 reference"
    ),
    h.Column("Bound", "The largest relative error that counts as correct"),
    h.Column("Used", "The error as a share of its bound"),
    h.Column("Largest error", "Largest absolute error of an element"),
    h.Column("Bound", "The largest absolute error that counts as correct"),
    h.Column("Used", "The error as a share of its bound"),
)


def accuracies(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> h.Element | None:
    """A folded table of the errors of every checked case; None without any."""
    caption = f"Errors against the float64 reference, {board.scope.name}"
    errors = page_table(report, board, lines, caption, [workload_column(board), *_ERRORS], _errors)
    return h.details("Error against tolerance", errors)


def _errors(report: Report, board: Leaderboard, line: Line) -> Iterator[list[h.Contents]]:
    for name, case in cases_of(board, line):
        if accuracy := report.evidence(case).accuracy:
            relative = _values(accuracy.relative_error, accuracy.relative_bound)
            largest = _values(accuracy.max_abs_error, accuracy.max_abs_bound)
            yield [name, *relative, *largest]


def _values(error: float, bound: float) -> tuple[str, str, str]:
    share = error / bound if bound else float(error > 0)
    return f"{error:.2e}", f"{bound:.2e}", percent(share, 0)
