"""The evidence behind a result: figures of its samples, other clocks, and what ran on the GPU."""

import msgspec

from bench.analysis.alternate_timings import per_call_us, timing_us
from bench.analysis.case_records import CaseRecords
from bench.analysis.marks import disagreement
from bench.analysis.stats import median, quantiles
from bench.records.outcome import Accuracy, AlternateTiming, Clocks, Kernel

SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
"""The percentiles of each round that are shown, as shares."""


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """The call by another clock than the ranked one."""

    us: float | None
    """Median in µs; None where it has no samples."""
    reason: str | None
    """Why there are none."""


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """What CUPTI saw of a few calls."""

    span_us: float
    """Median, from the start of a call's first kernel to the end of its last."""
    disagreement: float
    """Our events over that span, for the same calls, as a ratio minus 1."""
    kernels: tuple[Kernel, ...]
    """Those of the last call, in the order of their start."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What only the page of an implementation shows of a case."""

    samples: tuple[int, ...]
    """How many samples each round has; empty unless the case is ok."""
    percentiles: tuple[tuple[float, ...], ...]
    """Latencies in µs at `SHARES`, for each round."""
    spread_us: tuple[float, float] | None
    """5th and 95th percentile of all samples together."""
    mean_us: float | None
    late_samples: int
    accuracy: Accuracy | None
    lanes: dict[str, Timing]
    """By the names that records have for them: cold, warm, graph, wall."""
    burst_us: float | None
    """Time per call in a burst, by the parent's clock."""
    trace: Traced | None
    trace_problem: str | None
    clocks: tuple[Clocks, ...]
    """NVML's readings, for each round that was watched."""


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
        lanes=_lanes(case),
        burst_us=per_call_us(timed),
        trace=_traced(case),
        trace_problem=case.passed.trace_problem if case.passed else None,
        clocks=tuple(ok.clocks for ok in timed if ok.clocks),
    )


Rounds = list[tuple[float, ...]]
"""The samples of each round of a case in µs, as they were recorded."""


def rounds(case: CaseRecords) -> Rounds:
    """The samples of a case."""
    return [ok.latency_us for ok in case.timed]


def _lanes(case: CaseRecords) -> dict[str, Timing]:
    lanes = case.lanes
    if lanes is None:
        return {}
    each: dict[str, AlternateTiming | None] = {
        name: getattr(lanes, name) for name in lanes.__struct_fields__
    }
    return {
        name: Timing(us=timing_us(lane), reason=lane.reason) for name, lane in each.items() if lane
    }


def _traced(case: CaseRecords) -> Traced | None:
    trace = case.trace
    if trace is None or not trace.span_us:
        return None
    return Traced(
        span_us=median(trace.span_us), disagreement=disagreement(trace), kernels=trace.kernels
    )
