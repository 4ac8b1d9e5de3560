"""Clocks that time each of a few calls on a device, in µs, and keep the output of the last one."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import torch

from bench.pages.implementation import Device

_HOLD_US = 100.0
_LONGEST_HOLD_US = 20_000.0


def _nothing() -> None:
    """Do nothing: most calls need no preparation."""


@dataclass(frozen=True)
class Call:
    """A call to time, and a preparation that runs right before it and is not timed."""

    run: Callable[[], object]
    before: Callable[[], None] = _nothing


@dataclass(frozen=True)
class TimedCalls:
    """The time of each call in µs, in order, and the output of the last."""

    latency_us: tuple[float, ...]
    output: object
    late: int = 0
    """Number of calls that were not fully enqueued when the device was free to begin them."""


class Clock(Protocol):
    """Times calls on one device."""

    def time(self, calls: Iterable[Call]) -> TimedCalls:
        """Make each call once, in order."""
        ...

    def finish(self) -> None:
        """Wait until the device has nothing left to do."""
        ...


class CpuClock:
    """A wall clock around each call: a CPU call costs the time that its caller waits."""

    __slots__ = ()  # without slots, a page's code could replace methods of an instance

    def time(self, calls: Iterable[Call]) -> TimedCalls:
        """Make each call once, in order."""
        samples, output = [], None
        for call in calls:
            call.before()
            begin = time.perf_counter_ns()
            output = call.run()
            samples.append((time.perf_counter_ns() - begin) / 1e3)
        return TimedCalls(tuple(samples), output)

    def finish(self) -> None:
        """Do nothing: a CPU call has ended when it returns."""


class CudaClock:
    """CUDA events around each call, on a cold L2; the queue is held until the call is enqueued.

    For each call, on the current stream, the clock runs the call's preparation, writes over a
    buffer larger than L2 (so that no input is left in L2) and waits for both. Then it enqueues a
    kernel that spins (so that the host gets ahead of the device), the first event, the call and the
    second event. So the time between the events does not include launch latency. A call that takes
    longer to enqueue than the kernel spins counts as late, and the following calls are held twice
    as long. NVBench's cold measurement does these steps in the same order. Without the wait between
    the write and the call, short kernels took up to 0.7 µs longer.
    """

    __slots__ = ("_buffer", "_cycles_per_us", "_hold_us", "_size")

    def __init__(self, *, l2_flush_factor: float) -> None:
        """A factor of 0 means no L2 flush: a call finds in L2 the data that the last call left."""
        self._size = int(torch.cuda.get_device_properties(0).L2_cache_size * l2_flush_factor)
        self._buffer = torch.empty(self._size, dtype=torch.int8, device="cuda")
        self._cycles_per_us = _spin_rate()
        self._hold_us = _HOLD_US

    def time(self, calls: Iterable[Call]) -> TimedCalls:
        """Make each call once, in order, and wait for the whole device."""
        events, output, late = [], None, 0
        for call in calls:
            begin, end = _event(), _event()
            output = None  # frees the last output, so that outputs do not pile up in memory
            call.before()
            self._flush()
            _await_stream()
            torch.cuda._sleep(int(self._hold_us * self._cycles_per_us))
            begin.record()
            output = call.run()
            end.record()
            late += self._was_late(begin)
            events.append((begin, end))
        torch.cuda.synchronize()
        return TimedCalls(tuple(b.elapsed_time(e) * 1e3 for b, e in events), output, late)

    def finish(self) -> None:
        """Wait for every stream of the device."""
        torch.cuda.synchronize()

    def _flush(self) -> None:
        """Write over the whole of L2.

        Raises:
            RuntimeError: a page's code has found the buffer and changed its size.
        """
        if self._buffer.numel() != self._size:
            raise RuntimeError("the buffer that L2 is flushed with was made another size")
        if self._size:
            self._buffer.zero_()

    def _was_late(self, begin: torch.cuda.Event) -> bool:
        """Whether the device reached the call before it was enqueued; if so, double the hold."""
        late = bool(begin.query())
        if late:
            self._hold_us = min(2 * self._hold_us, _LONGEST_HOLD_US)
        return late


def make_clock(device: Device, *, l2_flush_factor: float) -> Clock:
    """The clock for `device`."""
    return CudaClock(l2_flush_factor=l2_flush_factor) if device == "cuda" else CpuClock()


def _event() -> torch.cuda.Event:
    return torch.cuda.Event(enable_timing=True)


def _await_stream() -> None:
    """Wait until the current stream has nothing left to do.

    It polls, because `synchronize` would release the interpreter: a thread of the page's code could
    then run between the renewal of the inputs and the start of the clock.
    """
    reached = torch.cuda.Event()
    reached.record()
    while not reached.query():
        pass


def _spin_rate() -> float:
    """Cycles that `torch.cuda._sleep` spins in 1 µs at the device's present clock rate."""
    cycles = 10_000_000
    torch.cuda._sleep(cycles)
    begin, end = _event(), _event()
    begin.record()
    torch.cuda._sleep(cycles)
    end.record()
    torch.cuda.synchronize()
    return cycles / float(begin.elapsed_time(end) * 1e3)
