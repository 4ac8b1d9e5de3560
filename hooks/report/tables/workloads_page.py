"""The table of one workload: the result of every line of a leaderboard."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard, Line, by_latency
from bench.analysis.summary import CaseSummary
from bench.operations.operation import Workload
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import between, mebibytes, microseconds
from hooks.report.metrics import METRICS, RATES, rate_of
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import ONE_ROUND, keyed, legend, rank, signs, why


def _columns(board: Leaderboard) -> tuple[h.Column, ...]:
    rate, limit = rate_of(board), METRICS["limit"]
    return (
        h.Column("#", kind="rank"),
        h.Column("Implementation", kind=""),
        h.Column("Latency, µs", "Median of the rounds’ medians"),
        h.Column("95 % interval, µs", "95 % interval of the median, from the rounds’ medians"),
        h.Column(rate.label, RATES[rate.name]),
        h.Column(limit.label, limit.title),
        h.Column("Error", "Relative error against the float64 reference, and its bound"),
        h.Column("Memory", "Peak memory allocated during a call, beyond the inputs"),
    )


def workload_table(report: Report, board: Leaderboard, workload: Workload) -> tuple[h.Element, ...]:
    """The table and its legend; the fastest line comes first, those without a latency last."""
    ran = by_latency(board.lines, workload)
    others = [line for line in board.lines if workload not in line.measured]
    columns = _columns(board)
    rows = (_values(report, board, line, workload, len(columns)) for line in (*ran, *others))
    caption = one_line(f"{workload.name} on {board.scope.device}, the fastest first")
    notes = legend(line.cases[workload] for line in ran)
    return h.table("workload", caption, columns, rows), *([notes] if notes else [])


def error_with_bound(case: CaseSummary) -> str:
    """The relative error of a case and its bound; empty if no output was checked."""
    if case.relative_error is None or case.relative_bound is None:
        return ""
    return f"{case.relative_error:.1e}, bound {case.relative_bound:.1e}"


def _values(
    report: Report, board: Leaderboard, line: Line, workload: Workload, count: int
) -> Iterator[h.Contents]:
    case, place = line.cases.get(workload), line.ranks.get(workload)
    yield rank(place)
    yield h.heading(keyed(report, line))
    if case is None or case.latency_us is None:
        yield h.cell(why(case), class_="status", colspan=count - 2)
        return
    best = " best" if place and place.number == 1 else ""
    yield h.cell(microseconds(case.latency_us), signs(case), class_=f"number{best}")
    yield between(case.interval_us) if case.interval_us else ONE_ROUND
    for metric in (rate_of(board), METRICS["limit"]):
        quantity = metric.of(board, line, workload)
        yield metric.digits(quantity.value) if quantity else "–"
    yield error_with_bound(case) or "–"
    yield "–" if case.peak_memory_bytes is None else mebibytes(case.peak_memory_bytes)
