"""Exceptions that end a thread of a page's code, where no caller sees them.

The call that started the thread returns as if nothing had happened, in a time that is not that of
the work: such a case is an error.
"""

import sys
import threading
from concurrent.futures import Future
from types import TracebackType

_Error = tuple[Exception, TracebackType | None]

_errors: list[_Error] = []
"""Each with the traceback that it had when its thread ended."""

_set_exception, _exception = Future.set_exception, Future.exception


def watch() -> None:
    """From now on, note what ends a thread: one of `threading`, of `_thread` or of a pool."""
    threading.excepthook = _thread_ended
    sys.unraisablehook = _unraisable
    Future.exception = _asked  # type: ignore[method-assign,assignment]
    Future.set_exception = _task_failed  # type: ignore[method-assign,assignment]


def forget() -> None:
    """Take no notice of what went wrong until now."""
    _errors.clear()


def raise_first() -> None:
    """Raise the first exception that ended a thread, if there is one."""
    for error in _errors:
        if not _handled(error):
            raise error[0]


def _handled(error: _Error) -> bool:
    """Whether a pool's result was asked for: raising the exception there adds to its trace."""
    return error[0].__traceback__ is not error[1]


def _note(error: BaseException | None) -> None:
    _errors[:] = [one for one in _errors if not _handled(one)][:1]  # each holds tensors of a call
    if isinstance(error, Exception):
        _errors.append((error, error.__traceback__))


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    _note(ended.exc_value)


def _unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    """Python's own hook also gets what a destructor raises, which says nothing of the result."""
    if "in thread" in (unraisable.err_msg or ""):
        _note(unraisable.exc_value)
    else:
        sys.__unraisablehook__(unraisable)


def _task_failed(future: "Future[object]", error: BaseException | None) -> None:
    """In place of `Future.set_exception`, which a pool calls in the thread of the task."""
    _note(error)
    _set_exception(future, error)


def _asked(future: "Future[object]", timeout: float | None = None) -> BaseException | None:
    """In place of `Future.exception`, with which its caller takes the exception on itself."""
    found = _exception(future, timeout)
    _errors[:] = [one for one in _errors if one[0] is not found]
    return found
