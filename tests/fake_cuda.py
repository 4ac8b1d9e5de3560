"""A GPU that is none, for the code that only runs on one: its queues, its clock and its memory.

Time passes only where something is said to take it: the host spends it on launches and on asking,
the device on what lies in its queues. Who waits for the device is ahead to when it has finished.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace, TracebackType
from typing import Any, Self

import pytest
import torch

import bench.devices.cuda.runtime
import bench.worker.alternate_timings
import bench.worker.examine
import bench.worker.trace

L2_BYTES = 1000
FLUSH_US = 40.0
CYCLES_PER_US = 1500.0
ASK_US = 1.0

_empty = torch.empty


@dataclass
class Done:
    """Something that the device did, as CUPTI tells of it."""

    what: str
    stream: int
    start_us: float
    us: float

    def device_type(self) -> str:
        return "DeviceType.CUDA"

    def name(self) -> str:
        return self.what

    def device_resource_id(self) -> int:
        return self.stream

    def start_ns(self) -> int:
        return round(self.start_us * 1e3)

    def duration_ns(self) -> int:
        return round(self.us * 1e3)


@dataclass(eq=False)
class Stream:
    """A queue of the device."""

    gpu: "FakeGpu"
    number: int
    free_us: float = 0.0
    """When all that is in it will have been done."""

    def wait_stream(self, other: "Stream") -> None:
        self.free_us = max(self.free_us, other.free_us)


@dataclass
class FakeGpu:
    """What was done, in the host's order, in `log`; what the device did, with times, in `done`."""

    log: list[str] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    host_us: float = 0.0
    taken: int = 0
    peak: int = 0
    cannot_capture: bool = False
    flushed: list[int] = field(default_factory=list)
    """Bytes written by each flush."""
    capturing: "Graph | None" = None

    def __post_init__(self) -> None:
        self.streams = [Stream(self, 7)]
        self.current = self.streams[0]

    @property
    def holds_us(self) -> list[float]:
        """How long the queue was held before each call."""
        return [done.us for done in self.done if "spin_kernel" in done.what]

    def kernel(
        self, us: float, work: Callable[[], object] = lambda: None, *, launch_us: float = 5.0
    ) -> None:
        """A kernel of a call: the host needs `launch_us` to enqueue it, the device `us`."""
        if self.capturing:
            self.capturing.work.append((us, work))
            return
        self.host_us += launch_us
        self.enqueue("kernel", us)
        work()

    def enqueue(self, name: str, us: float) -> None:
        self.log.append({"spin_kernel": "hold", "memset": "flush"}.get(name, name))
        start = max(self.current.free_us, self.host_us)
        self.done.append(Done(name, self.current.number, start, us))
        self.current.free_us = start + us

    def stream(self) -> Stream:
        self.streams.append(Stream(self, 7 + len(self.streams)))
        return self.streams[-1]

    def synchronize(self) -> None:
        self.log.append("synchronize")
        self.host_us = max(self.host_us, *(stream.free_us for stream in self.streams), 0.0)

    def allocate(self, size: int) -> None:
        """Take memory, or give it back."""
        self.taken += size
        self.peak = max(self.peak, self.taken)

    def reset_peak(self) -> None:
        self.peak = self.taken

    def set_stream(self, stream: Stream) -> None:
        self.current = stream

    @contextmanager
    def on(self, stream: Stream) -> Iterator[None]:
        before, self.current = self.current, stream
        yield
        self.current = before

    @contextmanager
    def capture(self, graph: "Graph") -> Iterator[None]:
        """Where it cannot be, it leaves a stream of its own behind, as torch does."""
        self.log.append("capture")
        self.current = self.stream()
        if self.cannot_capture:
            raise RuntimeError("operation not permitted when stream is capturing")
        before, self.capturing = self.streams[0], graph
        yield
        self.capturing, self.current = None, before


class Graph:
    """What kernels were launched in a capture."""

    def __init__(self, gpu: FakeGpu) -> None:
        self.work: list[tuple[float, Callable[[], object]]] = []
        self._gpu = gpu

    def replay(self) -> None:
        for us, work in self.work:
            self._gpu.kernel(us, work, launch_us=1.0)


class Event:
    """A moment on a stream: when all that was in it before will have been done."""

    def __init__(self, gpu: FakeGpu, *, timed: bool) -> None:
        self._gpu, self._timed, self._at = gpu, timed, 0.0

    def record(self) -> None:
        self._gpu.log.append("record" if self._timed else "mark")
        self._at = max(self._gpu.current.free_us, self._gpu.host_us)

    def query(self) -> bool:
        """Asking takes the host a moment, so that who asks until it is so comes to an end."""
        reached = self._gpu.host_us >= self._at
        if not self._timed and reached:
            self._gpu.log.append("waited")
        self._gpu.host_us += ASK_US
        return reached

    def elapsed_time(self, end: "Event") -> float:
        """In ms, as CUDA has it."""
        return (end._at - self._at) / 1e3


class Buffer:
    """Memory of the device: only its size counts."""

    def __init__(self, gpu: FakeGpu, size: int) -> None:
        self._gpu, self._size = gpu, size

    def numel(self) -> int:
        return self._size

    def zero_(self) -> None:
        self._gpu.flushed.append(self._size)
        self._gpu.enqueue("memset", FLUSH_US)


class Profile:
    """CUPTI: what the device did while it was asked to look."""

    def __init__(self, gpu: FakeGpu) -> None:
        self._gpu = gpu

    def __enter__(self) -> Self:
        self._first = len(self._gpu.done)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        seen = self._gpu.done[self._first :]
        results = SimpleNamespace(events=lambda: seen)
        self.profiler = SimpleNamespace(kineto_results=results)


def stand_in(monkeypatch: pytest.MonkeyPatch) -> FakeGpu:
    """A GPU in the place of torch's; its tensors are the CPU's."""
    fake = FakeGpu()

    def empty(*shape: Any, dtype: object = None, device: object = None, **options: Any) -> object:
        if device == "cuda" and dtype is torch.int8:
            return Buffer(fake, shape[0])
        device = None if device == "cuda" else device
        return _empty(*shape, dtype=dtype, device=device, **options)

    monkeypatch.setattr(torch, "empty", empty)
    properties = SimpleNamespace(L2_cache_size=L2_BYTES)
    for name, value in {
        "get_device_properties": lambda _: properties,
        "_sleep": lambda cycles: fake.enqueue("spin_kernel", cycles / CYCLES_PER_US),
        "Event": lambda enable_timing=False: Event(fake, timed=enable_timing),
        "synchronize": fake.synchronize,
        "Stream": fake.stream,
        "current_stream": lambda: fake.current,
        "set_stream": fake.set_stream,
        "stream": fake.on,
        "CUDAGraph": lambda: Graph(fake),
        "graph": fake.capture,
        "memory_allocated": lambda: fake.taken,
        "max_memory_allocated": lambda: fake.peak,
        "reset_peak_memory_stats": fake.reset_peak,
    }.items():
        monkeypatch.setattr(torch.cuda, name, value)
    monkeypatch.setattr(bench.worker.trace, "profile", lambda **_: Profile(fake))
    clock = SimpleNamespace(
        perf_counter_ns=lambda: round(fake.host_us * 1e3), monotonic=lambda: fake.host_us / 1e6
    )
    for module in (
        bench.worker.alternate_timings,
        bench.worker.examine,
        bench.devices.cuda.runtime,
    ):
        monkeypatch.setattr(module, "time", clock)
    return fake
