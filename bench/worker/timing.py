"""Warm-up and sampling, the same for every clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.analysis.stats import median, median_interval
from bench.devices.runtime import Call, Clock, TimedCalls
from bench.records.run_lines import Protocol

_WINDOW = 10
"""Number of calls in a window of the warm-up."""

_BATCH_US = 15_000.0
_SHORTEST_BATCH, _LONGEST_BATCH = 4, 36
"""A batch takes about 15 ms, or as long as a check of it, with at least 4 and at most 36 calls.

So checks take at most about half of the time: in a backward pass over 16,384 tokens, where a whole
gradient is checked, a check takes about 0.2 s on an H200.
"""


@dataclass(frozen=True)
class WarmUp:
    """How the warm-up went."""

    calls: int
    settled: bool
    latency_us: float
    """Median of the last window, in µs."""


@dataclass(frozen=True)
class Samples:
    """All samples of a round, in order."""

    latency_us: tuple[float, ...]
    late: int
    batches: int
    enqueue_us: float | None


def warm_up(clock: Clock, calls: Callable[[int], list[Call]], protocol: Protocol) -> WarmUp:
    """Call for at least `warmup_s` and until two windows agree, but for at most `warmup_max_s`."""
    began, done, last = time.monotonic(), 0, None
    while True:
        middle = median(clock.time(calls(_WINDOW)).latency_us)
        done += _WINDOW
        settled = last is not None and abs(middle - last) <= protocol.settled_within * last
        spent = time.monotonic() - began
        if (settled and spent >= protocol.warmup_s) or spent >= protocol.warmup_max_s:
            return WarmUp(done, settled, middle)
        last = middle


def take_samples(
    batch: Callable[[float], TimedCalls], protocol: Protocol, expected_us: float
) -> Samples:
    """Take batches of samples until there are enough for the protocol; drop none.

    `batch` gets the number of calls to make on average; see `CaseUnderTest.checked_batch`.
    """
    samples: list[float] = []
    enqueue_us: list[float] = []
    late = batches = 0
    check_us = 0.0
    began = time.monotonic()
    while not _enough(samples, time.monotonic() - began, protocol):
        timed = batch(_length(expected_us, check_us))
        check_us = timed.check_us
        samples += timed.latency_us
        late += timed.late
        batches += 1
        if timed.enqueue_us is not None:
            enqueue_us.append(timed.enqueue_us)
    return Samples(tuple(samples), late, batches, median(enqueue_us) if enqueue_us else None)


def _length(expected_us: float, check_us: float) -> float:
    batch_us = max(_BATCH_US, check_us)
    return min(max(batch_us / max(expected_us, 1.0), _SHORTEST_BATCH), _LONGEST_BATCH)


def _enough(samples: list[float], spent_s: float, protocol: Protocol) -> bool:
    if len(samples) < protocol.min_samples:
        return False
    many = protocol.many_samples is not None and len(samples) >= protocol.many_samples
    if sum(samples) < protocol.min_time_s * 1e6 and not many:
        return False
    if protocol.interval_within is None or spent_s >= (protocol.max_time_s or 0):
        return True
    interval = median_interval(samples)
    wanted = 2 * protocol.interval_within * median(samples)
    return interval is not None and interval[1] - interval[0] <= wanted
