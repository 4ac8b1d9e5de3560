"""What ends a thread is noted once, and only where nobody else has to deal with it."""

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from bench.devices.runtime import runtime_of
from bench.worker import examine, uncaught


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The hooks of a worker, and after the test those of the tests again."""
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    for name in ("exception", "set_exception"):
        monkeypatch.setattr(Future, name, getattr(Future, name))
    uncaught.watch()
    uncaught.forget()
    yield
    uncaught.forget()


def fail() -> None:
    raise ArithmeticError("in a thread")


def in_a_thread() -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def test_a_thread_that_ends_well_leaves_nothing() -> None:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
    uncaught.raise_first()


def test_the_first_exception_is_raised_where_it_is_asked_for_until_it_is_forgotten() -> None:
    in_a_thread()
    for _ in range(2):
        with pytest.raises(ArithmeticError, match="in a thread"):
            uncaught.raise_first()
        in_a_thread()
    uncaught.forget()
    uncaught.raise_first()


def test_an_exception_that_a_pool_s_caller_has_seen_is_the_caller_s() -> None:
    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(ArithmeticError):
            pool.submit(fail).result()
        assert isinstance(pool.submit(fail).exception(), ArithmeticError)
        uncaught.raise_first()
        pool.submit(fail)
    with pytest.raises(ArithmeticError):
        uncaught.raise_first()


def test_what_a_thread_may_not_do_while_a_graph_is_captured_fails_only_the_lane() -> None:
    def timing() -> None:
        in_a_thread()
        uncaught.raise_first()

    made, reason = examine._tried(timing, runtime_of("cpu"))
    assert made is None
    assert reason == "ArithmeticError: in a thread"
    uncaught.raise_first()
