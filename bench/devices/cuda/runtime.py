"""NVIDIA's GPUs with torch: the clock, and the environment."""

import ctypes
import time
from collections.abc import Iterable
from typing import Any

import torch

from bench.analysis.stats import median
from bench.devices.runtime import Call, TimedCalls

TORCH_DEVICE, ASYNCHRONOUS = "cuda", True

_SHORTEST_HOLD_US, _LONGEST_HOLD_US = 100.0, 20_000.0
_HOLD_FACTOR = 2.0
"""The queue is held this many times as long as a typical call of the last batch took to enqueue."""

_DRIVER = "libcuda.so.1"
_PERSISTING_L2_CACHE_SIZE = 6
"""CU_LIMIT_PERSISTING_L2_CACHE_SIZE of CUDA's driver API."""


class CudaClock:
    """CUDA events around each call, on a cold L2; the queue is held until the call is enqueued.

    For each call, on the current stream, the clock runs the call's preparation, writes over a
    buffer larger than L2 (so that no input is left in L2) and waits for both. Then it enqueues a
    kernel that spins (so that the host gets ahead of the device), the first event, the call and the
    second event. So the time between the events does not include launch latency. A call that takes
    longer to enqueue than the kernel spins counts as late, and the other calls of its batch are
    held twice as long. The next batch is held only as long as this one showed to be necessary:
    otherwise a single late call, such as a first one that allocates memory, would leave the device
    spinning for milliseconds before each of hundreds of samples. NVBench's cold measurement does
    these steps in the same order. Without the wait between the write and the call, short kernels
    took up to 0.7 µs longer.
    """

    __slots__ = ("_buffer", "_cycles_per_us", "_hold_us", "_size")

    def __init__(self, *, l2_flush_factor: float) -> None:
        """A factor of 0 means no L2 flush: a call finds in L2 the data that the last call left."""
        self._size = int(torch.cuda.get_device_properties(0).L2_cache_size * l2_flush_factor)
        self._buffer = torch.empty(self._size, dtype=torch.int8, device=TORCH_DEVICE)
        self._cycles_per_us = _spin_rate()
        self._hold_us = _SHORTEST_HOLD_US

    def time(self, calls: Iterable[Call]) -> TimedCalls:
        """Make each of the calls once, in order, then wait for the whole device.

        `calls` must not be empty.
        """
        events, enqueue_us, output, late = [], [], None, 0
        for call in calls:
            begin, end = _event(), _event()
            output = None  # frees the last output, so that outputs do not pile up in memory
            call.before()
            self._flush()
            _await_stream()
            began = time.perf_counter_ns()
            torch.cuda._sleep(int(self._hold_us * self._cycles_per_us))
            begin.record()
            output = call.run()
            end.record()
            late += self._was_late(begin)
            enqueue_us.append((time.perf_counter_ns() - began) / 1e3)
            events.append((begin, end))
        torch.cuda.synchronize()
        typical_us = median(enqueue_us)
        self._hold_us = min(max(_HOLD_FACTOR * typical_us, _SHORTEST_HOLD_US), _LONGEST_HOLD_US)
        latency_us = tuple(b.elapsed_time(e) * 1e3 for b, e in events)
        return TimedCalls(latency_us, output, late, typical_us)

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


def make_clock(*, l2_flush_factor: float) -> CudaClock:
    """A clock; a factor of 0 means no L2 flush."""
    return CudaClock(l2_flush_factor=l2_flush_factor)


def synchronize() -> None:
    """Wait for every stream of the device."""
    torch.cuda.synchronize()


def free_memory() -> None:
    """Give back memory that torch's allocator keeps."""
    torch.cuda.empty_cache()


def l2_set_aside_bytes() -> int | None:
    """The bytes of L2 set aside in this process; None if that is unknown or CUDA is not yet in use.

    By default, a driver sets some of L2 aside (3/16 on an H200), and only code that asks for this
    part uses it.
    """
    if not torch.cuda.is_initialized():
        return None
    try:
        driver = ctypes.CDLL(_DRIVER)
    except OSError:
        return None
    limit = ctypes.c_size_t()
    failed = driver.cuCtxGetLimit(ctypes.byref(limit), _PERSISTING_L2_CACHE_SIZE)
    return None if failed else limit.value


def facts() -> dict[str, Any]:
    """The GPU as torch and NVML see it."""
    from bench.devices.cuda import nvml  # here, because only the referee asks

    gpu = torch.cuda.get_device_properties(0)
    torch.cuda.synchronize()  # creates the context that `l2_set_aside_bytes` needs
    return {
        "name": gpu.name,
        "compute_capability": f"{gpu.major}.{gpu.minor}",
        "multiprocessors": gpu.multi_processor_count,
        "memory_bytes": gpu.total_memory,
        "l2_cache_bytes": gpu.L2_cache_size,
        "l2_set_aside_bytes": l2_set_aside_bytes(),
        "cuda": torch.version.cuda,
        "cudnn": str(torch.backends.cudnn.version()),
        **nvml.limits(uuid()),
    }


def uuid() -> str:
    """UUID by which NVML finds the GPU that torch uses; the two may number GPUs differently."""
    return f"GPU-{torch.cuda.get_device_properties(0).uuid}"


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
