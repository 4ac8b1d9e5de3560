"""From an exception to an outcome with a reason that a reader can act on."""

import traceback

import torch

from bench.messages import Request
from bench.outcome import Failed, Outcome, OutOfMemory, Unavailable, Unsupported

_LONGEST_REASON = 400
_UNREACHABLE = ("httpx", "httpx2", "huggingface_hub", "requests", "urllib3")
_NO_SDPA_KERNEL = "No available kernel"


def outcome_of(error: Exception, request: Request, *, loading: bool = False) -> Outcome:
    """What `error`, raised by the page's code, means for the case.

    While the code is loaded, a package, file or server that is missing is no fault of the
    implementation: `unavailable`. Once it runs, every unexpected exception is an `error`.
    """
    if isinstance(error, NotImplementedError) or str(error).startswith(_NO_SDPA_KERNEL):
        return Unsupported(reason=_text(error) or "not implemented")
    if isinstance(error, torch.OutOfMemoryError):
        return OutOfMemory(reason=_text(error))
    if loading and any(_is_missing(cause) for cause in _chain(error)):
        return Unavailable(reason=f"{type(error).__name__}: {_text(error)}")
    return Failed(reason=f"{type(error).__name__}: {_text(error)}{_place(error, request)}")


def broke_the_device(outcome: Failed) -> bool:
    """Whether the CUDA context of this process can no longer be trusted."""
    return "CUDA error" in outcome.reason or "CUDA driver error" in outcome.reason


def _chain(error: BaseException | None) -> list[BaseException]:
    causes: list[BaseException] = []
    while error and error not in causes:
        causes.append(error)
        error = error.__cause__ or error.__context__
    return causes


def _is_missing(error: BaseException) -> bool:
    package = type(error).__module__.split(".")[0]
    return isinstance(error, (ImportError, OSError)) or package in _UNREACHABLE


def _text(error: Exception) -> str:
    """The message without the advice that follows it, on one line."""
    lines = (line.strip() for line in str(error).strip().splitlines())
    text = " ".join(line for line in lines if line)
    return text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 1] + "…"


def _place(error: Exception, request: Request) -> str:
    """The last line of the page that the traceback passes through."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == request.page]
    return f" (line {lines[-1]} of the page)" if lines else ""
