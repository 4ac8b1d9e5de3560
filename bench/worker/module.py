"""Loads a page's code as a module whose tracebacks name the lines of the page."""

import contextlib
import importlib
import os
import sys
from collections.abc import Callable
from importlib.abc import ExecutionLoader
from importlib.util import module_from_spec, spec_from_loader
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from pickle import PicklingError
from types import FunctionType, ModuleType

from bench.runs.messages import Request

MODULE = "bench_page"
"""The name of the module that a page's code is."""

_SPAWNING = ("multiprocessing.popen_spawn_posix", "multiprocessing.popen_forkserver")
"""Imported where a process is started that begins without the modules of this one."""

_LAZY = ("sympy", "torch", "triton")
_IMPORTS = "imports.txt"


class _PageLoader(ExecutionLoader):
    """Gives Python the code of a page, and whoever asks for its source nothing but that code.

    inspect, torch.jit and Triton read the source of what they are given; in the page's file they
    would find Markdown.
    """

    def __init__(self, request: Request) -> None:
        self._filename = source_name(request)
        # Empty lines before the code give it the page's own line numbers.
        self._source = "\n" * (request.line - 1) + request.code

    def get_filename(self, fullname: str) -> str:  # noqa: ARG002 the loader of one module
        """The name of the source, in tracebacks too."""
        return self._filename

    def get_source(self, fullname: str) -> str:  # noqa: ARG002
        """The code, on the lines on which it stands in the page."""
        return self._source


def source_name(request: Request) -> str:
    """What the source of the page's code is called: no file's name, as it is a part of one."""
    return f"{request.page}#L{request.line}"


def load_module(request: Request) -> ModuleType:
    """Execute the page's code once.

    Raises:
        Exception: whatever the code raises.
    """
    spec = spec_from_loader(MODULE, _PageLoader(request))
    assert spec is not None  # noqa: S101 for mypy: there is a loader
    assert spec.loader is not None  # noqa: S101 for mypy
    module = module_from_spec(spec)
    sys.modules[MODULE] = module
    ForkingPickler.reducer_override = _reduce  # type: ignore[method-assign,assignment]
    spec.loader.exec_module(module)
    return module


def _reduce(_: ForkingPickler, value: object) -> object:
    """Refuse to send what a page defines to a process that cannot import it.

    A pool would lose the task and start a new process for ever; so its caller gets an exception.
    """
    spawning = any(name in sys.modules for name in _SPAWNING)
    if spawning and isinstance(value, FunctionType | type) and value.__module__ == MODULE:
        raise PicklingError(
            f"{value.__qualname__} is defined by the page, which a spawned process cannot import: "
            "use threads, or processes that are forked"
        )
    return NotImplemented


def local_kernels() -> tuple[str, ...]:
    """The Hub kernels in use that were loaded from a local folder instead of the Hub.

    `LOCAL_KERNELS` (of the `kernels` package) is `repo_id=path:repo_id=path`; a kernel is in use
    where a module has been imported from under its path.
    """
    entries = [entry.split("=", 1) for entry in os.environ.get("LOCAL_KERNELS", "").split(":")]
    folders = {entry[0]: _under(entry[1]) for entry in entries if len(entry) == 2}
    # Resolving thousands of paths would take longer than measuring the case did.
    files = {file for module in list(sys.modules.values()) if (file := _file(module))}
    return tuple(name for name, under in folders.items() if any(map(under, files)))


def _under(folder: str) -> Callable[[str], bool]:
    """Whether a file is in `folder`, as it is given or as it really is."""
    paths = Path(folder).absolute(), Path(folder).resolve()
    starts = tuple(f"{path}{os.sep}" for path in paths)
    return lambda file: file.startswith(starts)


def _file(module: ModuleType) -> str | None:
    file = getattr(module, "__file__", None)
    return file if isinstance(file, str) else None


def remember_imports(folder: Path) -> None:
    """Note which parts of torch have been imported, for the next process of this line."""
    names = [name for name in sys.modules if name.split(".")[0] in _LAZY]
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _IMPORTS).write_text("\n".join(names), encoding="utf-8")


def repeat_imports(folder: Path) -> None:
    """Import what the last process of this line did, while another one still measures.

    torch imports its compiler when something is first compiled, which takes it seconds.
    """
    with contextlib.suppress(OSError):
        for name in (folder / _IMPORTS).read_text(encoding="utf-8").split():
            with contextlib.suppress(Exception):  # it was imported in another order then
                importlib.import_module(name)
