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

from bench.runner.messages import Request

MODULE = "bench_page"
"""Name of the module that is made from a page's code."""

_SPAWNING = ("multiprocessing.popen_spawn_posix", "multiprocessing.popen_forkserver")
"""Modules that Python imports to start a process that does not inherit this one's modules."""

_LAZY = ("sympy", "torch", "triton")
_IMPORTS = "imports.txt"


class _PageLoader(ExecutionLoader):
    """Gives Python the code of a page, and returns only this code as its source.

    inspect, torch.jit and Triton read the source of the functions that they are given. In the
    page's file they would find Markdown.
    """

    def __init__(self, request: Request) -> None:
        self._filename = source_name(request)
        # Empty lines before the code give it the page's own line numbers.
        self._source = "\n" * (request.line - 1) + request.code

    def get_filename(self, fullname: str) -> str:  # noqa: ARG002 there is one module
        """The name of the source, which tracebacks show too."""
        return self._filename

    def get_source(self, fullname: str) -> str:  # noqa: ARG002
        """The code, with the same line numbers as in the page."""
        return self._source


def source_name(request: Request) -> str:
    """The page and line of the code, which tracebacks show in place of a file's name."""
    return f"{request.page}#L{request.line}"


def load_module(request: Request) -> ModuleType:
    """Execute the page's code once, as a module.

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
    """Refuse to send a page's functions and classes to a process that cannot import them.

    Otherwise a pool would lose the task and keep starting new processes. This way its caller gets
    an exception.
    """
    spawning = any(name in sys.modules for name in _SPAWNING)
    if spawning and isinstance(value, FunctionType | type) and value.__module__ == MODULE:
        raise PicklingError(
            f"{value.__qualname__} is defined by the page, which a spawned process cannot import: "
            "use threads or forked processes"
        )
    return NotImplemented


def local_kernels() -> tuple[str, ...]:
    """The Hub kernels in use that were loaded from a local folder instead of the Hub.

    `LOCAL_KERNELS` (of the `kernels` package) has the form `repo_id=path:repo_id=path`. A kernel is
    in use if a module has been imported from a file under its path.
    """
    entries = [entry.split("=", 1) for entry in os.environ.get("LOCAL_KERNELS", "").split(":")]
    folders = {entry[0]: _under(entry[1]) for entry in entries if len(entry) == 2}
    # Links in these paths stay unresolved: resolving thousands takes longer than the measurement.
    files = {file for module in list(sys.modules.values()) if (file := _file(module))}
    return tuple(name for name, under in folders.items() if any(map(under, files)))


def _under(folder: str) -> Callable[[str], bool]:
    """A test of whether a path is in `folder`, as written or with its symbolic links resolved."""
    paths = Path(folder).absolute(), Path(folder).resolve()
    starts = tuple(f"{path}{os.sep}" for path in paths)
    return lambda file: file.startswith(starts)


def _file(module: ModuleType) -> str | None:
    file = getattr(module, "__file__", None)
    return file if isinstance(file, str) else None


def remember_imports(folder: Path) -> None:
    """Record which modules of torch, Triton and SymPy are imported, for the line's next process."""
    names = [name for name in sys.modules if name.split(".")[0] in _LAZY]
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _IMPORTS).write_text("\n".join(names), encoding="utf-8")


def repeat_imports(folder: Path) -> None:
    """Import what the line's last process imported, while another process still measures.

    torch imports its compiler when something is first compiled, which takes seconds.
    """
    with contextlib.suppress(OSError):
        for name in (folder / _IMPORTS).read_text(encoding="utf-8").split():
            with contextlib.suppress(Exception):  # it may need another order of imports
                importlib.import_module(name)
