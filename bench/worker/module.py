"""Loads a page's code as a module whose tracebacks name the lines of the page."""

import importlib.metadata
import os
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

from packaging.requirements import Requirement

from bench.messages import Request


def load_module(request: Request) -> ModuleType:
    """Execute the page's code once.

    Raises:
        Exception: whatever the code raises.
    """
    module = ModuleType("bench_page")
    module.__file__ = request.page
    sys.modules[module.__name__] = module
    # Empty lines before the code give it the page's own line numbers.
    source = "\n" * (request.line - 1) + request.code
    exec(compile(source, request.page, "exec"), module.__dict__)  # noqa: S102 pages are code
    return module


def package_versions(request: Request) -> dict[str, str]:
    """The versions of the page's dependencies, and of all that its own environment holds."""
    names = {Requirement(dependency).name for dependency in request.dependencies}
    own = [sysconfig.get_path("purelib")] if request.layer else []
    found = {
        *(found for name in names for found in importlib.metadata.distributions(name=name)),
        *importlib.metadata.distributions(path=own),
    }
    return {package.name: package.version for package in sorted(found, key=lambda p: p.name)}


def local_kernels() -> tuple[str, ...]:
    """The Hub kernels in use that were loaded from a local folder instead of the Hub.

    `LOCAL_KERNELS` (of the `kernels` package) is `repo_id=path:repo_id=path`; a kernel is in use
    where a module has been imported from under its path.
    """
    entries = [entry.split("=", 1) for entry in os.environ.get("LOCAL_KERNELS", "").split(":")]
    files = [Path(file) for module in list(sys.modules.values()) if (file := _file(module))]
    return tuple(
        entry[0]
        for entry in entries
        if len(entry) == 2 and any(file.is_relative_to(Path(entry[1]).resolve()) for file in files)
    )


def _file(module: ModuleType) -> Path | None:
    file = getattr(module, "__file__", None)
    return Path(file).resolve() if isinstance(file, str) else None
