"""How a case ended: a closed set of statuses, each with the fields that it allows."""

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


Latency = Annotated[float, msgspec.Meta(gt=0)]
"""One sample in µs; a call that took no time was not measured."""


class Ok(Closed, frozen=True, kw_only=True, tag_field="status", tag="ok"):
    """Correct before and after timing; `latency_us` holds every sample, in order."""

    latency_us: Annotated[tuple[Latency, ...], msgspec.Meta(min_length=1)]
    late_samples: int
    """Samples in which the device waited for the host, so that launch latency may be in them."""
    first_call_ms: float
    """Wall time of `prepare` and the first call: compilation, tuning, planning."""
    warmup_calls: int
    settled: bool
    """Whether warm-up reached a steady state within its limit."""
    accuracy: Accuracy
    peak_memory_bytes: int | None = None
    """Most memory allocated during one call, beyond the inputs; GPU runs only."""


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


Outcome = Ok | Incorrect | Unsupported | Unavailable | OutOfMemory | TimedOut | Crashed | Failed
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
