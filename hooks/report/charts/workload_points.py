"""The points of one workload's charts (ranked, accuracy and memory): one for each line."""

from dataclasses import dataclass

from bench.analysis.leaderboard import Leaderboard, Line
from bench.workload import Workload
from hooks.report.charts.standings import BEST, QUANTISED, SLOWER, UNRANKED
from hooks.report.formats import between, microseconds, significant
from hooks.report.reading.columns import by_latency
from hooks.report.tables.lines import ONE_ROUND
from hooks.report.tables.workload import error_with_bound


@dataclass(frozen=True)
class WorkloadPoint:
    """A line at one workload: latencies in µs, memory in MiB, and texts for tooltips."""

    line: str
    precision: str
    standing: str
    us: float
    low: float
    high: float
    error: float | None
    bound: float | None
    memory: float | None
    latency: str
    interval: str
    accuracy: str
    size: str


def longest(board: Leaderboard) -> Workload:
    """The longest workload with a result, which is shown unless a reader chooses another."""
    ran = [w for w in board.workloads if any(w in line.measured for line in board.lines)]
    return max(ran or board.workloads, key=lambda w: (w.seqlen_q, w.name))


def workload_points(board: Leaderboard, workload: Workload) -> list[tuple[Line, WorkloadPoint]]:
    """Each line that ran `workload` and its point, the fastest first."""
    return [(line, _point(line, workload)) for line in by_latency(board.lines, workload)]


def _standing(line: Line, workload: Workload) -> str:
    if line.precision != "exact":
        return QUANTISED
    rank = line.ranks.get(workload)
    if rank is None:
        return UNRANKED
    return BEST if rank.number == 1 else SLOWER


def _point(line: Line, workload: Workload) -> WorkloadPoint:
    case, us = line.cases[workload], line.measured[workload]
    low, high = case.interval_us or (us, us)
    memory = case.peak_memory_bytes
    return WorkloadPoint(
        line=line.label,
        precision=line.precision,
        standing=_standing(line, workload),
        us=us,
        low=low,
        high=high,
        error=case.relative_error,
        bound=case.relative_bound,
        memory=None if memory is None else memory / 2**20,
        latency=f"{microseconds(us)} µs",
        interval=f"{between(case.interval_us)} µs" if case.interval_us else ONE_ROUND,
        accuracy=error_with_bound(case) or "unknown",
        size="unknown" if memory is None else f"{significant(memory / 2**20)} MiB",
    )
