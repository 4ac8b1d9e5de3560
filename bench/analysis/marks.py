"""Marks: warnings that a reader of a latency should know."""

from collections.abc import Iterator, Sequence
from typing import Literal

from bench.analysis.case_records import CaseRecords
from bench.analysis.stats import median, median_interval
from bench.records.outcome import Trace

Mark = Literal["noisy", "unsettled", "late", "drifted", "throttled", "power_capped", "unconfirmed"]

DRIFT = 0.02
"""Share by which the canary's times may change during a round before the round is marked."""

DISAGREEMENT = 0.02
"""Allowed difference of our events from CUPTI's span, as a share of it; see `ALLOWANCE_US`."""

ALLOWANCE_US = 5.0
"""Allowed difference in µs, because our events include the start of a kernel and their own cost.

This overhead does not depend on the length of a call, so a share of the span cannot bound it for
short calls. Two selftests are the sources. That of an H200 (20261124T165120Z) has 96 cases from 58
to 8168 µs that do not wait for the device: our events exceed the span by 2.1 µs at least and 2.5 µs
in the median. For 95 of these cases, the excess is 4.8 µs at most; the other one, with 8.0 µs,
waits for another stream at both ends. The selftest of an H100 (20261125T212353Z) has 89 cases from
58 to 9296 µs: the excess is 4.5 µs at most, and calls of many kernels are up to 1.5 % below the
span.
"""


def marks(case: CaseRecords) -> tuple[Mark, ...]:
    """The marks of a case in a fixed order; none for a case without a latency."""
    return tuple(mark for mark, holds in _marks(case) if holds) if case.timed else ()


def _marks(case: CaseRecords) -> Iterator[tuple[Mark, bool]]:
    timed = case.timed
    throttle = {reason for ok in timed if ok.clocks for reason in ok.clocks.throttle}
    within = case.run.protocol.interval_within
    yield "noisy", any(is_noisy(samples, within) for samples in case.rounds_us)
    yield "unsettled", not all(ok.settled for ok in timed)
    yield "late", any(ok.late for ok in timed)
    yield "drifted", any(round_.drift > DRIFT for round_ in case.rounds)
    yield "throttled", bool(throttle - {"power_cap"})
    yield "power_capped", "power_cap" in throttle
    yield "unconfirmed", case.trace is not None and not confirmed(case.trace)


def is_noisy(samples_us: Sequence[float], within: float | None) -> bool:
    """Whether sampling ended before the interval of the median was within ±`within` of it."""
    if within is None:
        return False
    interval = median_interval(samples_us)
    return interval is None or interval[1] - interval[0] > 2 * within * median(samples_us)


def disagreement(trace: Trace) -> float:
    """Difference between the medians of our events and of CUPTI's span, as a share of the span."""
    return median(trace.event_us) / median(trace.span_us) - 1


def excess_us(trace: Trace) -> float:
    """Median of our events minus that of CUPTI's span, in µs."""
    return median(trace.event_us) - median(trace.span_us)


def confirmed(trace: Trace) -> bool:
    """Whether the two clocks agree within `DISAGREEMENT` or within `ALLOWANCE_US`."""
    return abs(disagreement(trace)) <= DISAGREEMENT or abs(excess_us(trace)) <= ALLOWANCE_US
