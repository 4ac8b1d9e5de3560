"""What CUPTI sees of a few calls: an independent clock, and the kernels by name."""

import importlib
from dataclasses import dataclass
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile

from bench.records.outcome import Kernel, Trace
from bench.text import one_line
from bench.worker.case import Case, WrongError
from bench.worker.clock import Clock

_CALLS = 12
"""As many as in a lane, and even: input sets rotate, and one may be slower for where it lies."""

_HOLD = "spin_kernel"
"""The kernel that holds the queue before each call (`torch.cuda._sleep`) starts each segment."""

_NO_WORK = (" Sync", "Wait Event")
"""What CUPTI calls the waiting for work."""

_ESCAPED_FROM = 0.1
_ESCAPED_FROM_US = 10.0
"""Work outside the events is more than this share, and this much, of the span beyond them."""

_LONGEST_NAME = 160
_MOST_KERNELS = 64


@dataclass(frozen=True)
class Activity:
    """Something that ran on the device: a kernel, a copy, a write."""

    name: str
    stream: int
    start_us: float
    end_us: float


def ready_profiler() -> None:
    """Import what torch's profiler does when it is first used: its compiler, for seconds."""
    for name in ("torch._dynamo", "torch._inductor"):
        importlib.import_module(name)


def trace_calls(case: Case, clock: Clock) -> Trace:
    """Time a few calls by our events and by CUPTI at once.

    Raises:
        WrongError: work of a call ran outside its events.
        Exception: CUPTI cannot be used here.
    """
    clock.time(case.calls(1))
    with profile(activities=[ProfilerActivity.CUDA]) as profiler:
        timed = clock.time(case.calls(_CALLS))
        torch.cuda.synchronize()
    segments = segments_of(_activities(profiler))
    seen = sum(map(bool, segments))
    if not len(segments) == seen == _CALLS:
        raise RuntimeError(f"CUPTI saw {seen} of {_CALLS} calls")
    spans = [max(a.end_us for a in calls) - min(a.start_us for a in calls) for calls in segments]
    for span, event in zip(spans, timed.latency_us, strict=True):
        if span > event * (1 + _ESCAPED_FROM) + _ESCAPED_FROM_US:
            raise WrongError(
                f"work of the call ran outside the timed events: its kernels span {span:.0f} µs by "
                f"CUPTI, the events {event:.0f} µs"
            )
    return Trace(
        span_us=tuple(round(span, 3) for span in spans),
        event_us=tuple(round(us, 3) for us in timed.latency_us),
        kernels=tuple(
            Kernel(
                name=one_line(a.name)[:_LONGEST_NAME],
                stream=a.stream,
                duration_us=round(a.end_us - a.start_us, 3),
            )
            for a in segments[-1][:_MOST_KERNELS]
        ),
    )


def _activities(profiler: Any) -> list[Activity]:
    """Everything that ran on the device, in order of its start."""
    events = [
        event
        for event in profiler.profiler.kineto_results.events()
        if "CUDA" in str(event.device_type()) and not event.name().endswith(_NO_WORK)
    ]
    # Nanoseconds since 1970 are more than a float holds.
    began = min((event.start_ns() for event in events), default=0)
    found = []
    for event in events:
        start = event.start_ns() - began
        end = start + event.duration_ns()
        found.append(Activity(event.name(), event.device_resource_id(), start / 1e3, end / 1e3))
    return sorted(found, key=lambda activity: activity.start_us)


def segments_of(activities: list[Activity]) -> list[list[Activity]]:
    """The activities of each call: what follows a hold, without the flush for the next call."""
    segments: list[list[Activity]] = []
    for activity in activities:
        if _HOLD in activity.name:
            if segments:
                _remove_last(segments[-1], activity.stream)
            segments.append([])
        elif segments:
            segments[-1].append(activity)
    return segments


def _remove_last(segment: list[Activity], stream: int) -> None:
    """Take out what `stream` did last: the L2 flush, which the host waits for before it holds."""
    last = max((i for i, a in enumerate(segment) if a.stream == stream), default=None)
    if last is not None:
        del segment[last]
