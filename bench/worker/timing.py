"""Warm-up and sampling, the same for every clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.record import Protocol
from bench.stats import median
from bench.worker.clock import Call, Clock, Timed

_WINDOW = 10
"""Calls timed together: a window of the warm-up, a batch of the sampling."""


@dataclass(frozen=True)
class WarmUp:
    """How the warm-up went."""

    calls: int
    settled: bool


def warm_up(clock: Clock, calls: Callable[[int], list[Call]], protocol: Protocol) -> WarmUp:
    """Call for at least `warmup_s`, and until two windows' medians agree; never past the limit."""
    began, done, last = time.monotonic(), 0, None
    while True:
        middle = median(clock.time(calls(_WINDOW)).latency_us)
        done += _WINDOW
        settled = last is not None and abs(middle - last) <= protocol.settled_within * last
        spent = time.monotonic() - began
        if (settled and spent >= protocol.warmup_s) or spent >= protocol.warmup_max_s:
            return WarmUp(done, settled)
        last = middle


def take_samples(clock: Clock, calls: Callable[[int], list[Call]], protocol: Protocol) -> Timed:
    """Time calls until there are `min_samples` that add up to `min_time_s`; drops none."""
    samples: list[float] = []
    late = 0
    while True:
        timed = clock.time(calls(_WINDOW))
        samples += timed.latency_us
        late += timed.late
        enough = len(samples) >= protocol.min_samples
        if enough and sum(samples) >= protocol.min_time_s * 1e6:
            return Timed(tuple(samples), timed.output, late)
