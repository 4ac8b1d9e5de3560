"""CPUs with torch: the clock and the environment."""

import platform
import time
from collections.abc import Iterable
from typing import Any

import torch

from bench.devices.runtime import Call, TimedCalls

TORCH_DEVICE, ASYNCHRONOUS = "cpu", False


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


def make_clock(*, l2_flush_factor: float) -> CpuClock:  # noqa: ARG001
    """A clock that flushes no cache, whatever `l2_flush_factor` is."""
    return CpuClock()


def synchronize() -> None:
    """Do nothing: a CPU call has ended when it returns."""


def free_memory() -> None:
    """Do nothing: torch gives memory back immediately."""


def l2_set_aside_bytes() -> None:
    """None, because nothing here relies on a flush."""


def facts() -> dict[str, Any]:
    """The CPU's model name, if the system gives it, and the number of threads."""
    return {"name": _name(), "threads": torch.get_num_threads()}


def uuid() -> None:
    """None, because no driver reads a CPU's clocks."""


def _name() -> str:
    """The CPU's model name if the system gives it, else its architecture."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123 no file of ours
            names = [line.split(":", 1)[1] for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return " ".join(names[0].split()) if names else f"{platform.machine()} CPU"
