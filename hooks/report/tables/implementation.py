"""The results of one implementation page on one leaderboard, workload by workload."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.summary import CaseSummary
from bench.operations.operation import Workload
from bench.text import one_line
from hooks.report.elements import Column, Content, Element, cell, element, number, row, table
from hooks.report.formats import SPACE, between, mebibytes, microseconds, plus_minus, significant
from hooks.report.metrics import METRICS
from hooks.report.reading.columns import columns
from hooks.report.reading.evidence import Evidence
from hooks.report.reading.report import Report
from hooks.report.tables.lines import ONE_ROUND, grouped, head, legend, signs, why


def implementation_table(
    report: Report, board: Leaderboard, lines: tuple[Line, ...]
) -> Iterator[Element | None]:
    """The results of a page's lines, and the meanings of their marks."""
    titles = _columns(board)
    names = columns(board.workloads)

    def rows_of(line: Line) -> Iterator[Element]:
        return (_row(report, board, line, workload, names[workload]) for workload in names)

    rows = grouped(report, lines, 1 + len(titles), rows_of)
    caption = one_line(f"Results, {board.scope.name}")
    yield table("page", caption, [Column("Tokens", kind=""), *titles], rows)
    yield legend(case for line in lines for case in line.cases.values())


def _columns(board: Leaderboard) -> tuple[Column, ...]:
    over = board.baseline.label if board.baseline else "the baseline"
    return (
        Column("Median, µs", "Median of the rounds’ medians"),
        Column("95 % interval, µs", "95 % interval of the median, from the rounds’ medians"),
        Column("TFLOP/s", "Floating-point operations of the forward pass divided by the median"),
        Column("Speed-up", f"Speed-up over {over} at the same workload"),
        Column("Samples", "Number of timed calls, which are all in the run’s file, and of rounds"),
        Column("Max. error", "Largest absolute error against the float64 reference, and its bound"),
        Column("Memory", "Peak memory allocated during a call, beyond the inputs"),
        Column("First call", "Time of compilation, tuning, planning and one call"),
    )


def _row(
    report: Report, board: Leaderboard, line: Line, workload: Workload, name: int | str
) -> Element:
    start, case = head(name, workload.name), line.cases.get(workload)
    if case is None or case.latency_us is None:
        return row(start, cell(why(case), class_="status", colspan=len(_columns(board))))
    tflops, speedup = (METRICS[name].of(board, line, workload) for name in ("tflops", "speedup"))
    evidence = report.evidence(case)
    return row(
        start,
        number(element("strong", microseconds(case.latency_us)), signs(case)),
        number(_interval(case, case.latency_us)),
        number(METRICS["tflops"].digits(tflops.value) if tflops else "–"),
        number(METRICS["speedup"].text(speedup.value) if speedup else "–"),
        number(_samples(case, evidence)),
        number(_error(evidence)),
        number("–" if case.peak_memory_bytes is None else mebibytes(case.peak_memory_bytes)),
        number("–" if case.first_call_ms is None else _duration(case.first_call_ms)),
    )


def _interval(case: CaseSummary, latency_us: float) -> Element:
    if case.interval_us is None:
        return element("abbr", "–", title=ONE_ROUND)
    share = plus_minus(latency_us, case.interval_us)
    return element("span", between(case.interval_us), title=share)


def _samples(case: CaseSummary, evidence: Evidence) -> Iterator[Content]:
    """The numbers of samples and of rounds; on hovering, their spread and medians."""
    if evidence.late_samples:
        late = "In these calls the device waited for the host, so they may include launch latency"
        yield element("abbr", f"{evidence.late_samples:,} late", title=late)
        yield " of "
    spread = between(evidence.spread_us) if evidence.spread_us else ""
    title = f"5th to 95th percentile: {spread} µs"
    yield element("abbr", f"{case.samples:,}", title=title)
    yield " in "
    medians = ", ".join(map(microseconds, case.round_medians_us))
    yield element("abbr", str(case.rounds), title=f"Median of each round: {medians} µs")


def _error(evidence: Evidence) -> str:
    accuracy = evidence.accuracy
    if accuracy is None:
        return "–"
    return f"{accuracy.max_abs_error:.1e}{SPACE}/ {accuracy.max_abs_bound:.1e}"


def _duration(ms: float) -> str:
    if ms >= 1000:
        return f"{significant(ms / 1000)}{SPACE}s"
    return f"{significant(ms)}{SPACE}ms"
