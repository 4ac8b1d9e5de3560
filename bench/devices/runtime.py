"""What the torch half of every kind of device offers: its module `runtime`."""

import platform
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol, cast

import msgspec
import torch

from bench.devices import Device
from bench.records.run_lines import Environment


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
    enqueue_us: float | None = None
    """Median time in µs that the host took to enqueue a call; None on devices without a queue."""
    check_us: float = 0.0
    """Wall time in µs of a check of the output, if there was one."""


class Clock(Protocol):
    """Times calls on one device."""

    def time(self, calls: Iterable[Call]) -> TimedCalls:
        """Make each call once, in order, and wait until the device has nothing left to do."""
        ...


class Runtime(Protocol):
    """The functions of a kind of device that need torch."""

    TORCH_DEVICE: str
    """The name by which torch knows such a device."""
    ASYNCHRONOUS: bool
    """Whether a call may return before the device has finished it, as on torch's `cuda` devices."""

    def make_clock(self, *, l2_flush_factor: float) -> Clock:
        """A clock that, before each call, writes over this many times the L2 cache; 0: no flush."""
        ...

    def synchronize(self) -> None:
        """Wait until the device has nothing left to do."""
        ...

    def free_memory(self) -> None:
        """Give back memory that torch keeps for later."""
        ...

    def l2_set_aside_bytes(self) -> int | None:
        """The bytes of L2 set aside in this process for data that no flush writes over."""
        ...

    def facts(self) -> dict[str, Any]:
        """The fields of `Environment` that describe the device and its driver."""
        ...

    def uuid(self) -> str | None:
        """A name by which the parent finds the device through its driver; never recorded."""
        ...


def runtime_of(device: Device) -> Runtime:
    """The torch half of a kind of device."""
    return cast("Runtime", import_module(f"bench.devices.{device}.runtime"))


def read_environment(device: Device) -> Environment:
    """The hardware and the versions that a run on `device` uses, as torch sees them."""
    common = {
        "device": device,
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "os": f"{platform.system()} {platform.machine()}",
        "triton": _version("triton"),
    }
    return msgspec.convert(common | runtime_of(device).facts(), Environment)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
