"""The evidence behind a result: statistics of its samples, other clocks, and traced kernels."""

import msgspec

from bench.analysis.alternate_timings import per_call_us, timing_us
from bench.analysis.case_records import CaseRecords
from bench.analysis.marks import disagreement
from bench.analysis.stats import median, quantiles
from bench.records.outcome import Accuracy, Clocks, Kernel

SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
"""The percentiles that are shown for each round, as shares."""


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """The call as timed by a clock other than the ranked one."""

    us: float | None
    """Median in µs; None without samples."""
    reason: str | None
    """Why there are no samples; None if there are some."""


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """CUPTI's trace of a few calls."""

    span_us: float
    """Median time in µs from the start of a call's first kernel to the end of its last."""
    disagreement: float
    """Time by our events divided by that span, for the same calls, minus 1."""
    kernels: tuple[Kernel, ...]
    """Kernels of the last call, in the order they started."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Details of a case that only its implementation's page shows."""

    samples: tuple[int, ...]
    """Number of samples in each round; empty unless the case is ok."""
    percentiles: tuple[tuple[float, ...], ...]
    """Latencies in µs at `SHARES`, for each round."""
    spread_us: tuple[float, float] | None
    """5th and 95th percentiles of all samples together, in µs."""
    mean_us: float | None
    late_samples: int
    accuracy: Accuracy | None
    lanes: dict[str, Timing]
    """Other timings by their names in records: cold, warm, graph, wall."""
    burst_us: float | None
    """Time per call in a burst, by the parent process's clock."""
    trace: Traced | None
    trace_problem: str | None
    plan_problem: str | None
    """Why there is no planning time although the page has made a plan."""
    clocks: tuple[Clocks, ...]
    """NVML's readings for each monitored round."""


def evidence(case: CaseRecords) -> Evidence:
    """The evidence of a case, from its records."""
    timed = case.timed
    return Evidence(
        samples=tuple(map(len, case.rounds_us)),
        percentiles=tuple(quantiles(samples, SHARES) for samples in case.rounds_us),
        spread_us=(case.spread_us[0], case.spread_us[2]) if case.spread_us else None,
        mean_us=case.mean_us if timed else None,
        late_samples=sum(ok.late_samples for ok in timed),
        accuracy=case.accuracy,
        lanes={
            name: Timing(us=timing_us(lane), reason=lane.reason)
            for name in ("cold", "warm", "graph", "wall")
            if (lane := getattr(case.lanes, name, None))
        },
        burst_us=per_call_us(timed),
        trace=_traced(case),
        trace_problem=case.passed.trace_problem if case.passed else None,
        plan_problem=case.passed.plan_problem if case.passed else None,
        clocks=tuple(ok.clocks for ok in timed if ok.clocks),
    )


Rounds = list[tuple[float, ...]]
"""The samples of each round of a case in µs, in the order recorded."""


def rounds(case: CaseRecords) -> Rounds:
    """The samples of a case."""
    return [ok.latency_us for ok in case.timed]


def _traced(case: CaseRecords) -> Traced | None:
    trace = case.trace
    if trace is None or not trace.span_us:
        return None
    return Traced(
        span_us=median(trace.span_us), disagreement=disagreement(trace), kernels=trace.kernels
    )
