"""Notices if a page's code has replaced functions that the harness measures and judges with.

It catches casual tampering. Code that restores a function before the check goes unnoticed, so other
processes check too: the referee judges outputs, and the parent times calls once more.
"""

import builtins
import random
import secrets
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from types import FunctionType, ModuleType

import msgspec
import torch
from torch.overrides import _get_current_function_mode_stack
from torch.utils._device import DeviceContext
from torch.utils._python_dispatch import _get_current_dispatch_mode_stack

from bench.devices.runtime import Runtime

_WATCHED = {
    "time": (time, "monotonic perf_counter perf_counter_ns sleep"),
    "threading": (threading, "excepthook"),
    "sys": (sys, "unraisablehook"),
    "concurrent.futures.Future": (Future, "exception set_exception"),
    "random": (random, "SystemRandom"),
    "random.Random": (random.Random, "randrange"),
    "random.SystemRandom": (random.SystemRandom, "_randbelow getrandbits random randrange"),
    "secrets": (secrets, "randbits"),
    "msgspec.json": (msgspec.json, "encode"),
    "torch": (torch, "Generator Tensor empty empty_like equal from_file no_grad ones"),
    "torch.Tensor": (
        torch.Tensor,
        "__sub__ abs all amax clone contiguous copy_ data_ptr double equal exp is_contiguous "
        "isfinite item masked_fill max norm normal_ numel reshape shape softmax sum to view zero_",
    ),
    "torch.cuda": (
        torch.cuda,
        "CUDAGraph Event Stream _sleep current_stream graph max_memory_allocated memory_allocated "
        "reset_peak_memory_stats set_stream stream synchronize",
    ),
    "torch.cuda.Event": (
        torch.cuda.Event,
        "__new__ elapsed_time query record synchronize wait",
    ),
}
"""Functions that the harness measures and judges with, under the names that people know."""

_TIMERS = (signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF)
"""Signals that interrupt the harness anywhere if a page's code has set a handler for them."""

_ABSENT = object()


class Guard:
    """Remembers the functions that the harness uses; create it before loading a page's code."""

    def __init__(self, runtime: Runtime, l2_set_aside_bytes: int | None = None) -> None:
        """`l2_set_aside_bytes` is the amount of L2 set aside before any page's code has run."""
        self._runtime, self._set_aside = runtime, l2_set_aside_bytes
        self._modules = [
            module for name, module in sys.modules.items() if name.split(".")[0] == "bench"
        ]
        self._known = dict(self._found())

    def problem(self) -> str | None:
        """A change that a page's code has made since this guard was created, or None."""
        for name, value in self._found():
            if self._known.get(name, value) != value:
                return f"the page's code replaced {name}, which the harness relies on"
        return _mode() or traced() or self._kept_in_l2()

    def _kept_in_l2(self) -> str | None:
        now = self._runtime.l2_set_aside_bytes()
        if now is None or self._set_aside is None or now <= self._set_aside:
            return None
        return f"the page's code set {now >> 20} MiB of L2 aside, which no flush empties"

    def _found(self) -> Iterator[tuple[str, object]]:
        for name, value in vars(builtins).items():
            yield f"builtins.{name}", _mark(value)
        for name, (owner, attributes) in _WATCHED.items():
            for attribute in attributes.split():
                yield f"{name}.{attribute}", _mark(vars(owner).get(attribute, _ABSENT))
        for timer in _TIMERS:
            yield f"the handler of {timer.name}", _mark(signal.getsignal(timer))
        for module in self._modules:
            yield from _own(module)


def _mode() -> str | None:
    """A sentence about an active mode that sees every operation of torch; None if there is none."""
    modes = [*_get_current_function_mode_stack(), *_get_current_dispatch_mode_stack()]
    if any(isinstance(mode, DeviceContext) for mode in modes):
        return (
            "the page's code called torch.set_default_device, which moves the harness's tensors "
            "too: give each tensor a device of its own"
        )
    names = ", ".join(sorted({type(mode).__name__ for mode in modes}))
    if names:
        return f"the page's code left a mode active that sees every operation of torch: {names}"
    return None


def traced() -> str | None:
    """A sentence about an active trace or profile function; None if there is none."""
    if sys.gettrace() or sys.getprofile():
        return "the page's code left a trace function active"
    return None


def _own(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Every name in one of our modules and every method of its classes, with its mark."""
    for name, value in list(vars(module).items()):
        yield f"{module.__name__}.{name}", _mark(value)
        if isinstance(value, type) and value.__module__ == module.__name__:
            for method, function in list(vars(value).items()):
                if callable(function):
                    yield f"{module.__name__}.{name}.{method}", _mark(function)


def _mark(value: object) -> object:
    """The identity of `value`; for a function also its code, and whether it has defaults."""
    if isinstance(value, FunctionType):
        return id(value), id(value.__code__), value.__defaults__ is None
    return id(value)
