"""CUPTI's record of a few calls, as an independent clock and a list of the kernels."""

import importlib
from dataclasses import dataclass
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile

from bench.devices.runtime import Clock
from bench.records.outcome import Kernel, Trace
from bench.text import one_line
from bench.worker.case_under_test import CaseUnderTest, WrongError

_CALLS = 12
"""Number of traced calls: as many as an alternate timing has, half of them on each input set."""

_HOLD = "spin_kernel"
"""Name of the kernel that holds the queue before each call (`torch.cuda._sleep`)."""

_NO_WORK = (" Sync", "Wait Event")
"""Endings of the names that CUPTI gives to waits, which are not work."""

_ESCAPED_FROM = 0.1
_ESCAPED_FROM_US = 10.0
"""The kernels' span may exceed the events' time by this share of it, plus this many µs."""

_LONGEST_NAME = 160
_MOST_KERNELS = 64


@dataclass(frozen=True)
class Activity:
    """Something that ran on the device: a kernel, a copy or a write."""

    name: str
    stream: int
    start_us: float
    end_us: float


def ready_profiler() -> None:
    """Import in advance what torch's profiler imports at its first use, which takes seconds."""
    for name in ("torch._dynamo", "torch._inductor"):
        importlib.import_module(name)


def trace_calls(case: CaseUnderTest, clock: Clock) -> Trace:
    """Time a few calls with our events and with CUPTI at the same time.

    Raises:
        WrongError: work of a call ran outside its events.
        Exception: CUPTI cannot be used here, or did not see every call.
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
    """Everything that ran on the device, in the order in which it started."""
    events = [
        event
        for event in profiler.profiler.kineto_results.events()
        if "CUDA" in str(event.device_type()) and not event.name().endswith(_NO_WORK)
    ]
    # A float cannot hold nanoseconds since 1970 exactly.
    began = min((event.start_ns() for event in events), default=0)
    activities = []
    for event in events:
        start = event.start_ns() - began
        end = start + event.duration_ns()
        stream = event.device_resource_id()
        activities.append(Activity(event.name(), stream, start / 1e3, end / 1e3))
    return sorted(activities, key=lambda activity: activity.start_us)


def segments_of(activities: list[Activity]) -> list[list[Activity]]:
    """The activities of each call: those after its hold, without the flush for the next call."""
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
    """Remove the last activity of `stream`: the L2 flush, which ends before the next hold."""
    last = max((i for i, a in enumerate(segment) if a.stream == stream), default=None)
    if last is not None:
        del segment[last]
