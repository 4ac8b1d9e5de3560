"""What a reader should know of a latency before trusting it to the last digit."""

from collections.abc import Iterator, Sequence
from typing import Literal

from bench.analysis.case_records import CaseRecords
from bench.analysis.stats import median, median_interval
from bench.records.outcome import Trace

Mark = Literal["noisy", "unsettled", "late", "drifted", "throttled", "power_capped", "unconfirmed"]

DRIFT = 0.02
"""Change of the canary around a round from which on the round is marked."""

DISAGREEMENT = 0.02
"""Our events and CUPTI's span have to agree within this share of the span, or within …"""

ALLOWANCE_US = 5.0
"""… so much: the start of a kernel and the events themselves are in our time and not in the span.

It costs the same for every length of call, so that no share of a short one could be its bound.
Source: the selftest 20261124T165120Z on an H200. In 96 cases from 58 to 8168 µs that do not wait
for the device our events exceed the span by 2.5 µs in the middle and by 2.1 at least; 95 of them
by 4.8 at most. The other one, 8.0, waits for another stream at both of its ends. The selftest
20261125T212353Z on an H100 has 89 cases from 58 to 9296 µs: 4.5 µs at most, and below the span by
1.5 % at most where a call is many kernels.
"""


def marks(case: CaseRecords) -> tuple[Mark, ...]:
    """The marks of a case with a latency, in a fixed order; none for a case without one."""
    return tuple(mark for mark, holds in _marks(case) if holds) if case.timed else ()


def _marks(case: CaseRecords) -> Iterator[tuple[Mark, bool]]:
    timed = case.timed
    throttle = {why for ok in timed if ok.clocks for why in ok.clocks.throttle}
    within = case.run.protocol.interval_within
    yield "noisy", any(is_noisy(samples, within) for samples in case.rounds_us)
    yield "unsettled", not all(ok.settled for ok in timed)
    yield "late", any(2 * ok.late_samples > len(ok.latency_us) for ok in timed)
    yield "drifted", any(round_.drift > DRIFT for round_ in case.rounds)
    yield "throttled", bool(throttle - {"power_cap"})
    yield "power_capped", "power_cap" in throttle
    yield "unconfirmed", case.trace is not None and not confirmed(case.trace)


def is_noisy(samples_us: Sequence[float], within: float | None) -> bool:
    """Whether sampling ended before the interval of the median was within ± that share of it."""
    if within is None:
        return False
    interval = median_interval(samples_us)
    return interval is None or interval[1] - interval[0] > 2 * within * median(samples_us)


def disagreement(trace: Trace) -> float:
    """How far our events are from CUPTI's span, as a share of the span; by medians."""
    return median(trace.event_us) / median(trace.span_us) - 1


def excess_us(trace: Trace) -> float:
    """How much longer than CUPTI's span our events are, in µs; by medians."""
    return median(trace.event_us) - median(trace.span_us)


def confirmed(trace: Trace) -> bool:
    """Whether the two clocks agree: in proportion, or but for what events cost by themselves."""
    return abs(disagreement(trace)) <= DISAGREEMENT or abs(excess_us(trace)) <= ALLOWANCE_US
