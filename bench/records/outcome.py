"""How a case ended: a closed set of statuses, each with the fields that it allows."""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from bench.text import Words


class Closed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record type: immutable, and refused with a field it does not know."""


class Accuracy(Closed, frozen=True, kw_only=True):
    """Errors against the float64 reference, with the bounds they had to keep."""

    max_abs_error: float
    max_abs_bound: float
    relative_error: float
    """Frobenius norm of the error over that of the reference."""
    relative_bound: float


def largest(judged: Iterable[Accuracy]) -> Accuracy:
    """The largest errors of several outputs, each with the bound of its output.

    Raises:
        ValueError: there are no outputs.
    """
    judged = tuple(judged)
    relative = max(judged, key=lambda each: each.relative_error)
    element = max(judged, key=lambda each: each.max_abs_error)
    return msgspec.structs.replace(
        relative,
        max_abs_error=element.max_abs_error,
        max_abs_bound=element.max_abs_bound,
    )


Latency = Annotated[float, msgspec.Meta(gt=0)]
"""One sample in µs; a call that took no time was not measured."""

Throttle = Literal[
    "power_cap",
    "hw_slowdown",
    "hw_thermal",
    "hw_power_brake",
    "sw_thermal",
    "sync_boost",
    "display",
]
"""NVML's reasons for a lower clock, without those that mean idle or a clock somebody has set."""


class Clocks(Closed, frozen=True, kw_only=True):
    """What NVML said of the GPU while a case was timed, a few readings in a row."""

    sm_mhz: tuple[int, ...]
    power_w: tuple[float, ...]
    temperature_c: tuple[int, ...]
    throttle: tuple[Throttle, ...] = ()
    """Every reason that NVML gave at any time for a clock below the highest one."""


class Burst(Closed, frozen=True, kw_only=True):
    """Calls back to back, timed by the parent process, whose clock no page's code can reach."""

    calls: int
    wall_us: Latency
    """For all of the calls together."""


class Ok(Closed, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """Correct before and after timing; `latency_us` holds every sample of the round, in order."""

    latency_us: Annotated[tuple[Latency, ...], msgspec.Meta(min_length=1)]
    late_samples: int
    """Samples in which the device waited for the host, so that launch latency may be in them."""
    first_call_ms: float
    """Wall time of `prepare` and the first call: compilation, tuning, planning.

    Compilation caches are empty in the first round and warm in those that follow.
    """
    warmup_calls: int
    settled: bool
    """Whether warm-up reached a steady state within its limit."""
    accuracy: Accuracy
    peak_memory_bytes: int | None = None
    """Of runs before schema 2; later ones have it in the examination."""
    seeds: tuple[int, ...] = ()
    """Of the inputs whose outputs were judged: first call, last batch, burst; drawn at the time."""
    busy_s: float | None = None
    """Wall time of warm-up and sampling."""
    checked_batches: int | None = None
    """Batches of samples, each with an output that was spot-checked."""
    burst: Burst | None = None
    clocks: Clocks | None = None


class Lane(Closed, frozen=True, kw_only=True):
    """The same call timed in another way: shown beside the ranked latency, never ranked."""

    latency_us: tuple[Latency, ...] = ()
    reason: Words | None = None
    """Why there are no samples."""


class Lanes(Closed, frozen=True, kw_only=True):
    """Other ways to time a call; GPU runs have all of them, CPU runs the wall clock alone."""

    cold: Lane
    """As ranked, but few samples, in the process that the others were taken in."""
    wall: Lane
    """Wall clock around the call and a synchronisation: launch latency included."""
    warm: Lane | None = None
    """CUDA events without an L2 flush."""
    graph: Lane | None = None
    """Replays of a CUDA graph of the call, warm L2."""


class Kernel(Closed, frozen=True, kw_only=True):
    """Something a call ran on the GPU: a kernel, a copy or a fill."""

    name: Words
    stream: int
    duration_us: float


class Trace(Closed, frozen=True, kw_only=True):
    """What CUPTI saw of a few calls, each from a cold L2."""

    span_us: tuple[Latency, ...]
    """From the start of a call's first kernel to the end of its last, for each call."""
    event_us: tuple[Latency, ...]
    """The same calls by our CUDA events."""
    kernels: tuple[Kernel, ...]
    """Of the last call, in order of their start."""


class Passed(Closed, frozen=True, kw_only=True, tag_field="status", tag="passed"):
    """Examined and found right; what is measured once and not ranked."""

    accuracy: Accuracy
    busy_s: float
    """Wall time of warm-up and of all that is measured here."""
    lanes: Lanes
    peak_memory_bytes: int | None = None
    """Most memory allocated during one call, beyond the inputs; GPU runs only."""
    trace: Trace | None = None
    """GPU runs only."""
    trace_problem: Words | None = None
    """Why there is no trace on a GPU."""


class Incorrect(Closed, frozen=True, kw_only=True, tag_field="status", tag="incorrect"):
    """The output was wrong: shown with its error, never ranked."""

    reason: Words
    accuracy: Accuracy | None = None


class Unsupported(Closed, frozen=True, kw_only=True, tag_field="status", tag="unsupported"):
    """The implementation does not do this workload or device, and says so."""

    reason: Words


class Unavailable(Closed, frozen=True, kw_only=True, tag_field="status", tag="unavailable"):
    """A package, a kernel or the network is missing here; says nothing of the implementation."""

    reason: Words


class OutOfMemory(Closed, frozen=True, kw_only=True, tag_field="status", tag="out_of_memory"):
    """The device's memory did not suffice."""

    reason: Words


class TimedOut(Closed, frozen=True, kw_only=True, tag_field="status", tag="timeout"):
    """The case did not end within the time-out and was killed."""

    reason: Words


class Crashed(Closed, frozen=True, kw_only=True, tag_field="status", tag="crashed"):
    """The child process died."""

    reason: Words


class Failed(Closed, frozen=True, kw_only=True, tag_field="status", tag="error"):
    """The page's code raised; the reason ends with the line of the page."""

    reason: Words


Failure = Incorrect | Unsupported | Unavailable | OutOfMemory | TimedOut | Crashed | Failed
Outcome = Ok | Failure
Status = Literal[
    "ok",
    "incorrect",
    "unsupported",
    "unavailable",
    "out_of_memory",
    "timeout",
    "crashed",
    "error",
]
