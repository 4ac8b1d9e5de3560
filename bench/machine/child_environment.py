"""The environment variables of a child process, without those that could change a result."""

import os
import re
import sys
import sysconfig
from pathlib import Path

import bench
from bench.devices import Device
from bench.devices.discovery import KINDS
from bench.machine.host import home

_SEARCH_PATH = frozenset({"PYTHONHOME", "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONUSERBASE"})
"""Variables for where Python finds packages; children in the shared environment inherit them."""

_HARMLESS = frozenset({"PYTHONDONTWRITEBYTECODE", "PYTHONNOUSERSITE", "PYTHONPYCACHEPREFIX"})
"""Settings of Python that change no result; others can slow code down or change its behaviour."""

_USER = "bench"
"""User name in the paths of caches; always the same, because a user ID may have no name."""

_CACHED = re.compile(
    r"(?!HF_|HUGGINGFACE_|KERNELS_|TRANSFORMERS_).*CACHE"
    r"|FLASHINFER_WORKSPACE_BASE|TILELANG_TMP_DIR|TORCH_EXTENSIONS_DIR|TORCH_HOME|TRITON_HOME|XDG_.*"
)
"""Variables that move, share or switch off the caches of compiled code.

Without these variables, libraries keep such caches in the home folder or the folder for temporary
files, and a run has both folders to itself. Hugging Face's variables are not matched: they locate
downloads, which contain nothing that was compiled here.
"""


def child_environment(
    device: Device, python: Path, *, scratch: Path | None = None
) -> dict[str, str]:
    """The environment variables of a child process, which `python` runs on `device`.

    Code that a library compiles is kept in `scratch`. This folder is empty in the first round of a
    line, so that the first call takes as long as it does for a new user; later rounds use the
    caches. A page's own environment (`bench.machine.virtual_environments`) finds its packages
    without help, so variables that would put other packages first are left out.
    """
    variables = {name: value for name, value in os.environ.items() if not _is_pythons(name)}
    if python == Path(sys.executable):
        variables |= {name: os.environ[name] for name in _SEARCH_PATH & os.environ.keys()}
        variables["PYTHONPATH"] = os.pathsep.join(search_path())  # Python treats "" as unset
    if scratch:
        kept = {name: value for name, value in variables.items() if not _CACHED.match(name)}
        variables = kept | _own_folders(scratch)
    return variables | KINDS[device].variables(Path(variables["HOME"]) if scratch else None)


def search_path() -> list[str]:
    """The folder that contains `bench`, then the folders on the caller's PYTHONPATH.

    If `bench` is installed like any other package, Python finds it without the first folder.
    """
    package = str(Path(bench.__file__).parents[1])
    folders = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    named = [str(Path(folder).absolute()) for folder in folders]
    installed = (sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))
    return list(dict.fromkeys(named if package in installed else [package, *named]))


def _is_pythons(name: str) -> bool:
    return name.startswith("PYTHON") and name not in _HARMLESS


def _own_folders(scratch: Path) -> dict[str, str]:
    """Create the run's home and temporary folders; return variables that put all caches there."""
    own_home, temporary = scratch / "home", scratch / "tmp"
    for folder in (own_home, temporary):
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "HOME": str(own_home),
        "TMPDIR": str(temporary),
        "USER": _USER,
        "LOGNAME": _USER,
        **_hugging_face(),
    }


def _hugging_face() -> dict[str, str]:
    """The variable for the folder where Hugging Face's libraries keep downloads and the token."""
    caller_home = home()
    cache = os.environ.get("XDG_CACHE_HOME") or (f"{caller_home}/.cache" if caller_home else None)
    folder = os.environ.get("HF_HOME") or (f"{cache}/huggingface" if cache else None)
    return {"HF_HOME": folder} if folder else {}
