"""What a page's code replaces or leaves behind in its process is told by name."""

import random
import signal
import sys
from collections.abc import Callable

import pytest
from bench_fixtures import SDPA, Measure, WritePage, reason

import bench.worker.timing
from bench.devices.runtime import runtime_of
from bench.worker.guard import Guard


def test_where_nothing_was_replaced_there_is_nothing_to_tell() -> None:
    assert Guard(runtime_of("cpu")).problem() is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("_WINDOW", 1000), ("time", random), ("take_samples", print), ("Clock", dict)],
)
def test_whatever_a_module_names_is_watched(
    name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard = Guard(runtime_of("cpu"))
    monkeypatch.setattr(bench.worker.timing, name, value)
    assert f"replaced bench.worker.timing.{name}," in (guard.problem() or "")


@pytest.mark.parametrize(
    ("module", "name"),
    [("operations.attention.kernels", "reference"), ("devices.cpu.runtime", "synchronize")],
)
def test_the_torch_halves_of_operations_and_devices_are_watched_from_before_a_page_is_loaded(
    module: str, name: str, write_page: WritePage, timed: Measure
) -> None:
    page = write_page(f"import bench.{module} as half\nhalf.{name} = print\n{SDPA}")
    assert f"replaced bench.{module}.{name}," in reason(timed(page), 0)


def test_chance_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Guard(runtime_of("cpu"))
    monkeypatch.setattr(random.SystemRandom, "randrange", lambda *_: 0, raising=False)
    assert "replaced random.SystemRandom.randrange," in (guard.problem() or "")


def test_a_handler_of_a_timer_is_told() -> None:
    guard, before = Guard(runtime_of("cpu")), signal.signal(signal.SIGALRM, lambda *_: None)
    try:
        assert "replaced the handler of SIGALRM," in (guard.problem() or "")
    finally:
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("hook", [sys.settrace, sys.setprofile], ids=["trace", "profile"])
def test_who_sees_every_line_is_told(hook: Callable[[object], None]) -> None:
    guard = Guard(runtime_of("cpu"))
    own = sys.gettrace() if hook is sys.settrace else sys.getprofile()
    hook(lambda *_: None)
    try:
        problem = guard.problem()
    finally:
        hook(own)
    assert problem == "the page's code left a trace function active"
