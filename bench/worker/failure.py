"""Turns an exception into an outcome with a reason that a reader can act on."""

import errno
import traceback

import torch

from bench.records.outcome import Failed, Failure, OutOfMemory, Unavailable, Unsupported
from bench.runner.messages import Request
from bench.text import one_line
from bench.worker.module import source_name

_LONGEST_REASON = 400
_NO_SDPA_KERNEL = ("No available kernel", "No viable backend")
"""How torch's message begins, on a GPU and on a CPU, if no chosen backend supports a case."""
_NO_COMPILER = ("InvalidCxxCompiler", "CppCompileError")

_OBSERVED = "ObservedNotImplementedError"
"""The class that stands for NotImplementedError in code that torch.compile traces."""

_NO_MEMORY = ("can't allocate memory", "cannot allocate memory", "out of memory", "_alloc_failed")
"""Parts of messages of torch's CPU allocator, the C library, CUDA and cuBLAS, in lower case."""

_MISTAKES = (ArithmeticError, AttributeError, LookupError, NameError, SyntaxError, TypeError)
"""Exceptions that Python raises for wrong code, never because something is missing."""

_BUILD_FAILED = "Error building extension"
_IMPORTING = "importlib"
"""A part of the file names of Python's own import machinery."""

_NO_TOOL = ("not found", "No such file")
"""Parts of a compiler's log if the compiler itself or a CUDA header is missing."""


def outcome_of(error: Exception, request: Request, *, loading: bool = False) -> Failure:
    """The outcome of a case in which the page's code raised `error`.

    While the code is being loaded, an exception from a library (a package, file or server is
    missing, or versions do not match) is not the implementation's fault: it is `unavailable`. A
    mistake of the page's author, and every unexpected exception once the code runs, is an `error`.
    """
    message = _said(error)
    root = _chain(error)[-1]
    if type(root).__name__ == _OBSERVED:
        return Unsupported(reason=text_of(root))
    if isinstance(error, NotImplementedError) or message.startswith(_NO_SDPA_KERNEL):
        return Unsupported(reason=text_of(error) or "not implemented")
    if _is_out_of_memory(error):
        return OutOfMemory(reason=text_of(error) or type(error).__name__)
    if any(name in message or name == type(error).__name__ for name in _NO_COMPILER):
        return Unavailable(reason="torch.compile needs g++ and Python's headers to run on a CPU")
    if loading and not _is_mistake(error, request):
        return Unavailable(reason=_with_root(error))
    return Failed(reason=f"{_with_root(error)}{_place(error, request)}")


def _is_out_of_memory(error: Exception) -> bool:
    """Whether Python, the host or the device ran out of memory."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    message = _said(error).lower()
    return isinstance(error, RuntimeError) and any(words in message for words in _NO_MEMORY)


def text_of(error: BaseException) -> str:
    """The message of an exception on one line, shortened if it is long.

    It is cut between words, because the parent has to remove private paths and would not recognise
    half of a path.
    """
    text = one_line(_said(error))
    if len(text) <= _LONGEST_REASON:
        return text
    start = text[: _LONGEST_REASON - 2]
    return f"{start.rpartition(' ')[0] or start} …"


def _said(error: BaseException) -> str:
    """The message of an exception; empty if the exception's own code fails to make one."""
    try:
        return str(error)
    except Exception:
        return ""


def _is_mistake(error: Exception, request: Request) -> bool:
    """Whether the page's author has made a mistake, rather than something being missing here.

    An exception in an import is never the page's mistake, whatever its type: versions may differ.
    """
    if isinstance(error, ImportError):
        return False
    source, message = source_name(request), _said(error)
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    if source not in files:
        return isinstance(error, SyntaxError)
    below = files[len(files) - files[::-1].index(source) :]
    if any(_IMPORTING in file for file in below):
        return False
    if message.startswith(_BUILD_FAILED):
        return not any(words in message for words in _NO_TOOL)
    return not below or source in message or isinstance(error, _MISTAKES)


def _chain(error: BaseException) -> list[BaseException]:
    """The exception, the one that led to it, and so on to the first."""
    chain = [error]
    while (cause := _cause(chain[-1])) and cause not in chain:
        chain.append(cause)
    return chain


def _with_root(error: Exception) -> str:
    """The text of the exception, then that of the first exception that led to it, if any."""
    root = _chain(error)[-1]
    text = f"{type(error).__name__}: {text_of(error)}"
    return text if root is error else f"{text} (after {type(root).__name__}: {text_of(root)})"


def _cause(error: BaseException) -> BaseException | None:
    hidden = error.__suppress_context__
    return error.__cause__ or (None if hidden else error.__context__)


def _place(error: Exception, request: Request) -> str:
    """The last line of the page in the traceback, as a suffix; empty if there is none."""
    frames = traceback.extract_tb(error.__traceback__)
    source = source_name(request)
    lines = [frame.lineno for frame in frames if frame.filename == source]
    return f" (line {lines[-1]} of the page)" if lines else ""
