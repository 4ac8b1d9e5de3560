"""How a case ended: a closed set of statuses, each with the fields that it allows."""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from bench.text import Words


class Closed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record type: immutable; decoding refuses unknown fields."""


class Accuracy(Closed, frozen=True, kw_only=True):
    """Errors against the float64 reference, and the bounds that they had to stay within."""

    max_abs_error: float
    max_abs_bound: float
    relative_error: float
    """Frobenius norm of the error, divided by the norm of the reference."""
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
"""One sample in µs; never zero, because a call that took no time was not measured."""

Throttle = Literal[
    "power_cap",
    "hw_slowdown",
    "hw_thermal",
    "hw_power_brake",
    "sw_thermal",
    "sync_boost",
    "display",
]
"""NVML's reasons for a lower clock, except that the GPU is idle or that someone set its clock."""


class Clocks(Closed, frozen=True, kw_only=True):
    """NVML's readings of the GPU, in order, while a case was timed."""

    sm_mhz: tuple[int, ...]
    power_w: tuple[float, ...]
    temperature_c: tuple[int, ...]
    throttle: tuple[Throttle, ...] = ()
    """Every reason for a lower clock that any of the readings gave."""


class Burst(Closed, frozen=True, kw_only=True):
    """Calls back to back, timed by the parent process, whose clock no page's code can reach."""

    calls: int
    wall_us: Latency
    """Time of all the calls together."""
    waiting_us: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """The part of `wall_us` in which the calls were ready to run, but others had the CPU."""

    @property
    def running_us(self) -> float:
        """The rest of `wall_us`."""
        return self.wall_us - self.waiting_us


class Sustained(Closed, frozen=True, kw_only=True):
    """Calls back to back on a GPU that has been busy for a while, as in a model that runs on.

    A sample begins on an idle GPU at its highest clock. A GPU that is busy for seconds reaches its
    power limit, and the clocks fall.
    """

    calls: int
    wall_us: Latency
    """Time of all the calls together, by the parent's clock."""
    energy_j: float | None = None
    """Energy in J that the GPU used for all calls, by NVML's counter; None without a counter."""
    clocks: Clocks | None = None

    @property
    def call_us(self) -> float:
        """Time of a call in µs."""
        return self.wall_us / self.calls

    @property
    def call_energy_j(self) -> float | None:
        """Energy of a call in J; None if the driver does not count it."""
        return None if self.energy_j is None else self.energy_j / self.calls


class Sampled(Closed, frozen=True, kw_only=True):
    """The samples of a round, as the worker took them."""

    latency_us: Annotated[tuple[Latency, ...], msgspec.Meta(min_length=1)]
    """Every sample of the round, in order."""
    late_samples: int
    """Number of samples that may include launch latency, because the device waited for the host."""
    enqueue_us: float | None = None
    """Typical time that the host took to enqueue a call; GPU runs since 30 November 2026 only."""
    warmup_calls: int
    settled: bool
    """Whether warm-up reached a steady state within its limit."""
    busy_s: float | None = None
    """Wall time of warm-up and sampling."""
    checked_batches: int | None = None
    """Number of batches of samples; one output of each batch was spot-checked."""

    @property
    def late(self) -> bool:
        """Whether most samples show the host's time, because the device waited for the host."""
        return 2 * self.late_samples > len(self.latency_us)


class Ok(Sampled, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """A round with outputs that were correct before and after timing."""

    first_call_ms: float
    """Wall time of `prepare`, `plan` and the first call, with all compilation and tuning.

    Compilation caches are empty in the first round and warm in later ones.
    """
    accuracy: Accuracy
    patterns: dict[Words, Accuracy] = {}
    """Errors on the inputs of each pattern, by the pattern's name; in the first round only."""
    peak_memory_bytes: int | None = None
    """Peak memory, in runs before schema 2 only; later runs record it in the examination."""
    seeds: tuple[int, ...] = ()
    """Seeds of the judged inputs (first call, last batch, burst), all drawn during the run."""
    burst: Burst | None = None
    clocks: Clocks | None = None
    sustained: Sustained | None = None
    """For two forward workloads of the suite, in the first round on a GPU."""


class AlternateTiming(Closed, frozen=True, kw_only=True):
    """The same call timed in a different way, shown next to the ranked latency but never ranked."""

    latency_us: tuple[Latency, ...] = ()
    reason: Words | None = None
    """Why there are no samples."""


class AlternateTimings(Closed, frozen=True, kw_only=True):
    """Other ways to time a call: four on a GPU. A CPU has one, which is both `cold` and `wall`."""

    cold: AlternateTiming
    """Timed like the ranked latency, but with few samples, in the same process as the others."""
    wall: AlternateTiming
    """Wall-clock time of the call and a synchronisation, launch latency included."""
    warm: AlternateTiming | None = None
    """CUDA events without an L2 flush."""
    graph: AlternateTiming | None = None
    """Replays of a CUDA graph of the call, with a warm L2."""


class Kernel(Closed, frozen=True, kw_only=True):
    """Something a call ran on the GPU: a kernel, a copy or a fill."""

    name: Words
    stream: int
    duration_us: float


class Trace(Closed, frozen=True, kw_only=True):
    """CUPTI's record of a few calls, each of which began with a cold L2."""

    span_us: tuple[Latency, ...]
    """Time from the start of a call's first kernel to the end of its last, for each call."""
    event_us: tuple[Latency, ...]
    """Time of the same calls by our CUDA events."""
    kernels: tuple[Kernel, ...]
    """Kernels of the last call, in order of their start."""


class Findings(Closed, frozen=True, kw_only=True):
    """The measurements of an examination: made once and never ranked."""

    busy_s: float
    """Wall time of warm-up and of all these measurements."""
    lanes: AlternateTimings
    peak_memory_bytes: int | None = None
    """Peak memory allocated during one call, beyond what was allocated before; GPU runs only."""
    trace: Trace | None = None
    """CUPTI's trace of a few calls; GPU runs only."""
    trace_problem: Words | None = None
    """Why a GPU run has no trace."""
    plan_us: tuple[Latency, ...] = ()
    """Wall times of planning again, in order; empty if the page plans nothing for the workload.

    A program plans once a step. Runs before 30 November 2026 have no such times.
    """
    plan_problem: Words | None = None
    """Why there are no times although the page has made a plan."""


class Passed(Findings, frozen=True, kw_only=True, tag_field="status", tag="passed"):
    """An examination whose outputs were correct."""

    accuracy: Accuracy


class _Reasoned(Closed, frozen=True, kw_only=True):
    reason: Words


class Incorrect(_Reasoned, frozen=True, kw_only=True, tag_field="status", tag="incorrect"):
    """An output was wrong, or the page interfered with the measurement; never ranked."""

    accuracy: Accuracy | None = None


class Unsupported(_Reasoned, frozen=True, kw_only=True, tag_field="status", tag="unsupported"):
    """The implementation states that it does not support this workload or device."""


class Unavailable(_Reasoned, frozen=True, kw_only=True, tag_field="status", tag="unavailable"):
    """A package, a kernel or the network was missing; says nothing about the implementation."""


class OutOfMemory(_Reasoned, frozen=True, kw_only=True, tag_field="status", tag="out_of_memory"):
    """The case needed more memory than the device has, or than the host allows."""


class TimedOut(_Reasoned, frozen=True, kw_only=True, tag_field="status", tag="timeout"):
    """The case did not end within the timeout and was killed."""


class Crashed(_Reasoned, frozen=True, kw_only=True, tag_field="status", tag="crashed"):
    """The worker process died."""


class Failed(_Reasoned, frozen=True, kw_only=True, tag_field="status", tag="error"):
    """The page's code raised an exception, or its samples are faster than the device can be."""


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
