"""Whether what a worker says of its own speed can be true: checked where it cannot interfere."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from bench.pages.implementation import Device, Precision
from bench.records.outcome import Burst, Failed, Failure, Incorrect
from bench.records.record import Environment
from bench.runs.messages import Timed
from bench.verdicts.peaks import cpu_floor_us, floor_us
from bench.verdicts.stats import median
from bench.workload import Workload


@dataclass(frozen=True)
class Check:
    """How calls are timed once more, by the parent's clock."""

    burst_us: float
    """About how long a burst is."""
    tries: int
    """A burst that contradicts the samples is repeated: something may have been in the way."""
    slower: float
    """The most times as long as the samples say that a call of a burst may take."""
    faster: float
    """The least share of what the samples say that a call of a burst has to take."""
    host_us: float = 250.0
    """What a call of a burst may take in any case: the host may need so long to launch it."""


_SLOWER_HOST = 3.0
"""The most that a call of a burst may be slower where the samples are the host's time.

The host does not work alike in calls back to back and in calls that are waited for: a page that
starts two threads in each call took 1.1 to 1.6 times its samples in 12 cases on an H200.
"""

CHECKS: dict[Device, Check] = {
    # Launching takes the place of the kernels where the host cannot keep up, not one after the
    # other, and a GPU at full load lowers its clock: in 504 bursts on an H200 a call took 0.985 to
    # 1.037 times what its samples said (runs 20261122T233016Z and 20261124T161051Z). What is in L2
    # already saves at most half. On a CPU every other process is in the way of a wall clock, for
    # the samples as for the burst.
    "cuda": Check(burst_us=30_000, tries=3, slower=1.25, faster=0.3),
    "cpu": Check(burst_us=40_000, tries=20, slower=_SLOWER_HOST, faster=0.1),
}

_SLOW_CLOCK, _SLOW_CLOCK_S = 1.5, 1.0
"""More time than the worker says: for the answer to be written and read on a busy machine."""

_FEWEST_TURNS, _MOST_CALLS = 20, 2000
"""Of the input sets: what remembers answers computes each set once, a twentieth of a burst."""


def burst_calls(check: Check, latency_us: Sequence[float], input_sets: int) -> int:
    """How many calls take about as long as a burst, ending with the first input set."""
    calls = round(check.burst_us / median(latency_us))
    calls = min(max(calls, _FEWEST_TURNS * input_sets + 1), _MOST_CALLS)
    return calls - (calls - 1) % input_sets


def contradiction(
    check: Check, latency_us: Sequence[float], late_samples: int, burst: Burst
) -> str | None:
    """How the parent's clock contradicts the samples; none where it does not.

    Where in most of them, `late_samples`, the device waited for the host, they are the host's time.
    """
    claimed, seen = median(latency_us), burst.wall_us / burst.calls
    slower = _SLOWER_HOST if 2 * late_samples > len(latency_us) else check.slower
    if seen < check.faster * claimed:
        return (
            f"it remembers answers: {claimed:.0f} µs for a call on new inputs, but {burst.calls} "
            f"calls in a row on the same few took {seen:.0f} µs each"
        )
    if seen <= max(slower * claimed, check.host_us):
        return None
    return (
        f"its samples say {claimed:.0f} µs for a call, but {burst.calls} calls in a row took "
        f"{seen:.0f} µs each by a clock outside the process"
    )


def refusal(
    environment: Environment, workload: Workload, precision: Precision, timed: Timed, wall_s: float
) -> Failure | None:
    """What the case comes to where the samples cannot be true; `wall_s` is the parent's time."""
    if not timed.latency_us or min(timed.latency_us) <= 0:
        return Incorrect(reason="its own clock says that a call took no time")
    if problem := slow_clock(timed.busy_s, wall_s):
        return Incorrect(reason=problem)
    if problem := impossible(environment, workload, precision, timed.latency_us):
        return Failed(reason=problem)
    return None


def slow_clock(busy_s: float, wall_s: float) -> str | None:
    """How the parent's clock contradicts the time that the worker says it measured for."""
    if wall_s <= _SLOW_CLOCK * busy_s + _SLOW_CLOCK_S:
        return None
    return f"its own clock says that it measured for {busy_s:.2f} s, one outside for {wall_s:.2f} s"


def impossible(
    environment: Environment, workload: Workload, precision: Precision, latency_us: Sequence[float]
) -> str | None:
    """How the samples beat the roofline of the device; none where they do not."""
    least, claimed = _least_us(environment, workload, precision), median(latency_us)
    if least is None or claimed >= least:
        return None
    return (
        f"{claimed:.1f} µs is faster than {environment.name} can be: its peak rates allow "
        f"{least:.1f} µs"
    )


def _least_us(environment: Environment, workload: Workload, precision: Precision) -> float | None:
    if environment.device == "cpu":
        return cpu_floor_us(os.cpu_count() or 1, workload)
    return floor_us(environment, workload, precision)
