"""From an exception to an outcome with a reason that a reader can act on."""

import traceback

import torch

from bench.records.outcome import Failed, Failure, OutOfMemory, Unavailable, Unsupported
from bench.runs.messages import Request
from bench.text import one_line

_LONGEST_REASON = 400
_NO_SDPA_KERNEL = "No available kernel"
_NO_COMPILER = ("InvalidCxxCompiler", "CppCompileError")


def outcome_of(error: Exception, request: Request, *, loading: bool = False) -> Failure:
    """What `error`, raised by the page's code, means for the case.

    While the code is loaded, what a library raises (a package, file or server is missing, versions
    do not match) is no fault of the implementation: `unavailable`. What the page's own lines raise,
    and every unexpected exception once it runs, is an `error`.
    """
    said = _said(error)
    if isinstance(error, NotImplementedError) or said.startswith(_NO_SDPA_KERNEL):
        return Unsupported(reason=text_of(error) or "not implemented")
    if isinstance(error, torch.OutOfMemoryError):
        return OutOfMemory(reason=text_of(error))
    if any(name in said or name == type(error).__name__ for name in _NO_COMPILER):
        return Unavailable(reason="torch.compile needs g++ and Python's headers to run on a CPU")
    if loading and not _raised_by_page(error, request):
        return Unavailable(reason=_with_root(error))
    return Failed(reason=f"{_with_root(error)}{_place(error, request)}")


def broke_the_device(outcome: Failed) -> bool:
    """Whether the CUDA context of this process can no longer be trusted."""
    return "CUDA error" in outcome.reason or "CUDA driver error" in outcome.reason


def text_of(error: BaseException) -> str:
    """The message of an exception on one line, cut where it goes on and on."""
    text = one_line(_said(error))
    return text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 1] + "…"


def _said(error: BaseException) -> str:
    """Its message; one whose own code fails to say it has none."""
    try:
        return str(error)
    except Exception:
        return ""


def _raised_by_page(error: Exception, request: Request) -> bool:
    """Whether a line of the page raised it, not an import or a library that the page called."""
    if isinstance(error, ImportError):
        return False
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and frames[-1].filename == request.page


def _with_root(error: Exception) -> str:
    """The exception, and where another one led to it, that one too."""
    chain: list[BaseException] = [error]
    while (cause := _cause(chain[-1])) and cause not in chain:
        chain.append(cause)
    root = chain[-1]
    text = f"{type(error).__name__}: {text_of(error)}"
    return text if root is error else f"{text} (after {type(root).__name__}: {text_of(root)})"


def _cause(error: BaseException) -> BaseException | None:
    hidden = error.__suppress_context__
    return error.__cause__ or (None if hidden else error.__context__)


def _place(error: Exception, request: Request) -> str:
    """The last line of the page that the traceback passes through."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == request.page]
    return f" (line {lines[-1]} of the page)" if lines else ""
