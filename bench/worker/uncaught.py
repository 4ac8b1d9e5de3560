"""Exceptions that end a thread of a page's code, where no caller sees them.

The call that started the thread returns as if nothing had happened, but the time of the call is not
the time of the work. Such a case is an error.
"""

import sys
import threading
from concurrent.futures import Future
from types import TracebackType

_Error = tuple[Exception, TracebackType | None]

_errors: list[_Error] = []
"""Exceptions, each with the traceback that it had when its thread ended."""

_set_exception, _exception = Future.set_exception, Future.exception


def watch() -> None:
    """From now on, record exceptions that end a thread of `threading`, `_thread` or a pool."""
    threading.excepthook = _thread_ended
    sys.unraisablehook = _unraisable
    Future.exception = _asked  # type: ignore[method-assign,assignment]
    Future.set_exception = _task_failed  # type: ignore[method-assign,assignment]


def forget() -> None:
    """Discard the exceptions recorded so far."""
    _errors.clear()


def raise_first() -> None:
    """Raise the first recorded exception that nobody has handled, if there is one."""
    for error in _errors:
        if not _handled(error):
            raise error[0]


def _handled(error: _Error) -> bool:
    """Whether a caller has asked a pool for the result, which adds to the exception's traceback."""
    return error[0].__traceback__ is not error[1]


def _note(error: BaseException | None) -> None:
    # One exception is enough, and each keeps the tensors of a call alive.
    _errors[:] = [recorded for recorded in _errors if not _handled(recorded)][:1]
    if isinstance(error, Exception):
        _errors.append((error, error.__traceback__))


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    _note(ended.exc_value)


def _unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    """Record only exceptions that end a thread; Python's hook also gets those from destructors."""
    if "in thread" in (unraisable.err_msg or ""):
        _note(unraisable.exc_value)
    else:
        sys.__unraisablehook__(unraisable)


def _task_failed(future: "Future[object]", error: BaseException | None) -> None:
    """Replacement for `Future.set_exception`, which a pool calls in the thread of the task."""
    _note(error)
    _set_exception(future, error)


def _asked(future: "Future[object]", timeout: float | None = None) -> BaseException | None:
    """Replacement for `Future.exception`: whoever asks for the exception has to deal with it."""
    error = _exception(future, timeout)
    _errors[:] = [recorded for recorded in _errors if recorded[0] is not error]
    return error
