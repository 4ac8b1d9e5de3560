"""Checks, outside of the worker, whether the speed that a worker reports can be true."""

from collections.abc import Sequence

from bench.analysis.stats import median
from bench.devices.discovery import KINDS
from bench.devices.kind import SLOWER_HOST, BurstCheck
from bench.operations.operation import Direction, Workload
from bench.pages.implementation import Precision
from bench.records.outcome import Burst, Failed, Failure, Incorrect, Sampled
from bench.records.run_lines import Environment
from bench.runner.messages import Timed

_SLOW_CLOCK, _SLOW_CLOCK_S = 1.5, 1.0
"""Factor and seconds by which the parent's time may exceed the worker's.

A busy machine needs time to write and read the answer.
"""

_FEWEST_TURNS, _MOST_CALLS = 20, 2000
"""Smallest number of turns through the input sets, and largest number of calls, in a burst.

A page that remembers answers computes only once for each set: in at most one call of twenty.
"""


def burst_calls(check: BurstCheck, latency_us: Sequence[float], input_sets: int) -> int:
    """Number of calls that take about `burst_us`; the last one is on the first input set."""
    calls = round(check.burst_us / median(latency_us))
    return _whole_turns(min(max(calls, _FEWEST_TURNS * input_sets + 1), _MOST_CALLS), input_sets)


def sustained_calls(wall_s: float, burst: Burst, input_sets: int) -> int:
    """Number of calls that take about `wall_s`; the last one is on the first input set."""
    return _whole_turns(max(1, round(1e6 * wall_s * burst.calls / burst.wall_us)), input_sets)


def _whole_turns(calls: int, input_sets: int) -> int:
    """The largest number of calls, up to `calls`, that begin and end on the first input set."""
    return calls - (calls - 1) % input_sets


def calls_after(check: BurstCheck, burst: Burst, input_sets: int) -> int:
    """Number of calls in the next burst, after one that contradicted the samples or proved nothing.

    A burst of remembered answers is so short that a single pause of the machine could make it look
    honest. The next burst therefore has enough of these quick calls to take about `burst_us`.
    """
    call_us = max(burst.running_us, 1.0) / burst.calls
    return max(burst.calls, burst_calls(check, [call_us], input_sets))


def interrupted(burst: Burst) -> bool:
    """Whether other processes had the CPU for most of the burst.

    Such a burst proves nothing: a kernel that merely looks up remembered answers may have waited
    for the CPU for as long as an honest computation takes.
    """
    return burst.waiting_us > burst.wall_us / 2


def contradiction(
    check: BurstCheck, samples: Sampled, burst: Burst, direction: Direction = "forward"
) -> str | None:
    """How the parent's clock contradicts the samples, or None.

    If the device waited for the host in most samples, they show the host's time. If the host takes
    longer for a call than the device does, the burst shows the host's time even where the samples
    show the device's. Time in which other processes had the CPU does not count against a page: a
    sample is often shorter than a process may run before others get their turn, but a burst never.
    """
    claimed, seen = median(samples.latency_us), burst.wall_us / burst.calls
    slower = SLOWER_HOST if samples.late else check.slower
    if seen < check.faster * claimed:
        return (
            f"it remembers answers: {claimed:.0f} µs for a call on new inputs, but {burst.calls} "
            f"calls in a row on the same few took {seen:.0f} µs each"
        )
    always_us = check.backward_host_us if direction == "backward" else check.host_us
    host_us = check.host_slower * (samples.enqueue_us or 0)
    running = burst.running_us / burst.calls
    if running <= max(slower * claimed, host_us, always_us):
        return None
    return (
        f"its samples say {claimed:.0f} µs for a call, but {burst.calls} calls in a row took "
        f"{running:.0f} µs each by a clock outside the process"
    )


def refusal(
    environment: Environment, workload: Workload, precision: Precision, timed: Timed, wall_s: float
) -> Failure | None:
    """The failure of a case whose samples cannot be true, or None.

    `wall_s` is the time of warm-up and sampling in seconds, by the parent's clock.
    """
    if not timed.latency_us or min(timed.latency_us) <= 0:
        return Incorrect(reason="its own clock says that a call took no time")
    if problem := slow_clock(timed.busy_s or 0.0, wall_s):
        return Incorrect(reason=problem)
    if problem := impossible(environment, workload, precision, timed.latency_us):
        return Failed(reason=problem)
    return None


def slow_clock(busy_s: float, wall_s: float) -> str | None:
    """How the parent's clock contradicts the time that the worker says it measured for, or None."""
    if wall_s <= _SLOW_CLOCK * busy_s + _SLOW_CLOCK_S:
        return None
    return f"its own clock says that it measured for {busy_s:.2f} s, one outside for {wall_s:.2f} s"


def impossible(
    environment: Environment, workload: Workload, precision: Precision, latency_us: Sequence[float]
) -> str | None:
    """How the samples beat the roofline of the device, or None."""
    least = KINDS[environment.device].floor_us(environment, workload, precision)
    claimed = median(latency_us)
    if least is None or claimed >= least:
        return None
    return (
        f"{claimed:.1f} µs is faster than {environment.name} can be: its peak rates allow "
        f"{least:.1f} µs"
    )
