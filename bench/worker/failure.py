"""From an exception to an outcome with a reason that a reader can act on."""

import errno
import traceback

import torch

from bench.records.outcome import Failed, Failure, OutOfMemory, Unavailable, Unsupported
from bench.runs.messages import Request
from bench.text import one_line
from bench.worker.module import source_name

_LONGEST_REASON = 400
_NO_SDPA_KERNEL = ("No available kernel", "No viable backend")
"""What torch says of a GPU, and of a CPU, where a page asks for backends that cannot do a case."""
_NO_COMPILER = ("InvalidCxxCompiler", "CppCompileError")

_NO_MEMORY = ("can't allocate memory", "cannot allocate memory", "out of memory", "_alloc_failed")
"""What torch's CPU allocator, the C library, CUDA and cuBLAS say, in lower case."""

_MISTAKES = (ArithmeticError, AttributeError, LookupError, NameError, SyntaxError, TypeError)
"""What Python raises for wrong code, never for something that is missing."""

_BUILD_FAILED = "Error building extension"
_IMPORTING = "importlib"
"""In the file names of Python's own import machinery."""

_NO_TOOL = ("not found", "No such file")
"""What a compiler's log says where the compiler itself, or a header of CUDA, is missing."""


def outcome_of(error: Exception, request: Request, *, loading: bool = False) -> Failure:
    """What `error`, raised by the page's code, means for the case.

    While the code is loaded, what a library raises (a package, file or server is missing, versions
    do not match) is no fault of the implementation: `unavailable`. A mistake of the page's author,
    and every unexpected exception once the code runs, is an `error`.
    """
    said = _said(error)
    if isinstance(error, NotImplementedError) or said.startswith(_NO_SDPA_KERNEL):
        return Unsupported(reason=text_of(error) or "not implemented")
    if _is_out_of_memory(error):
        return OutOfMemory(reason=text_of(error) or type(error).__name__)
    if any(name in said or name == type(error).__name__ for name in _NO_COMPILER):
        return Unavailable(reason="torch.compile needs g++ and Python's headers to run on a CPU")
    if loading and not _is_mistake(error, request):
        return Unavailable(reason=_with_root(error))
    return Failed(reason=f"{_with_root(error)}{_place(error, request)}")


def _is_out_of_memory(error: Exception) -> bool:
    """Whether memory did not suffice: Python's own, the host's or the device's."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    said = _said(error).lower()
    return isinstance(error, RuntimeError) and any(words in said for words in _NO_MEMORY)


def broke_the_device(outcome: Failed) -> bool:
    """Whether the CUDA context of this process can no longer be trusted."""
    return "CUDA error" in outcome.reason or "CUDA driver error" in outcome.reason


def text_of(error: BaseException) -> str:
    """The message of an exception on one line, cut where it goes on and on.

    Cut between words: the parent would not know half of a path for what it has to take out.
    """
    text = one_line(_said(error))
    if len(text) <= _LONGEST_REASON:
        return text
    start = text[: _LONGEST_REASON - 2]
    return f"{start.rpartition(' ')[0] or start} …"


def _said(error: BaseException) -> str:
    """Its message; one whose own code fails to say it has none."""
    try:
        return str(error)
    except Exception:
        return ""


def _is_mistake(error: Exception, request: Request) -> bool:
    """Whether the page's author has made a mistake, or something is missing on this machine.

    What an import raises is never the page's mistake, whatever its type: versions do not match.
    """
    if isinstance(error, ImportError):
        return False
    source, said = source_name(request), _said(error)
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    if source not in files:
        return isinstance(error, SyntaxError)
    below = files[len(files) - files[::-1].index(source) :]
    if any(_IMPORTING in file for file in below):
        return False
    if said.startswith(_BUILD_FAILED):
        return not any(words in said for words in _NO_TOOL)
    return not below or source in said or isinstance(error, _MISTAKES)


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
    source = source_name(request)
    lines = [frame.lineno for frame in frames if frame.filename == source]
    return f" (line {lines[-1]} of the page)" if lines else ""
