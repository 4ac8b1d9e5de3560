"""The environment variables of a child process: nothing of the caller's that changes a result."""

import os
import re
import sys
import sysconfig
from pathlib import Path

import bench
from bench.machine.host import home

_SEARCH_PATH = frozenset({"PYTHONHOME", "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONUSERBASE"})
"""Where Python finds packages: in the shared environment, children find what their parent does."""

_HARMLESS = frozenset({"PYTHONDONTWRITEBYTECODE", "PYTHONNOUSERSITE", "PYTHONPYCACHEPREFIX"})
"""Settings of Python that change no result; others make code slower, louder or other code."""

_USER = "bench"
"""Whose name is in the paths of caches: everybody has this one, also where an ID has no name."""

_CACHED = re.compile(
    r"(?!HF_|HUGGINGFACE_|KERNELS_|TRANSFORMERS_).*CACHE"
    r"|FLASHINFER_WORKSPACE_BASE|TILELANG_TMP_DIR|TORCH_EXTENSIONS_DIR|TORCH_HOME|TRITON_HOME|XDG_.*"
)
"""Variables that move, share or switch off what libraries keep of a compilation.

Without them each keeps it in the home folder or in that for temporary files, which are the run's
own. Those of Hugging Face name downloads, which nothing was compiled for.
"""


def child_environment(device: str, python: Path, *, scratch: Path | None = None) -> dict[str, str]:
    """The environment variables of a child process, which `python` runs on `device`.

    Whatever a library compiles is kept in `scratch`, as long as that is the same: empty in the
    first round of a line, so that the first call is what a new user waits for, and warm later. A
    page's own environment finds its packages by itself (`bench.machine.environments`): variables
    that put others before them are left out.
    """
    variables = {name: value for name, value in os.environ.items() if not _is_pythons(name)}
    if python == Path(sys.executable):
        variables |= {name: os.environ[name] for name in _SEARCH_PATH & os.environ.keys()}
        variables["PYTHONPATH"] = os.pathsep.join(search_path())  # Python takes "" for none
    if scratch:
        kept = {name: value for name, value in variables.items() if not _CACHED.match(name)}
        variables = kept | _own_folders(scratch)
    if device == "cpu":
        # Threads that spin for each other are 30 times slower where another process has a core.
        variables |= {"CUDA_VISIBLE_DEVICES": "", "OMP_WAIT_POLICY": "PASSIVE"}
    return variables


def search_path() -> list[str]:
    """The folders that the caller's PYTHONPATH names, after that of this harness.

    Where the harness is installed like any package, it is found among them without being named.
    """
    package = str(Path(bench.__file__).parents[1])
    folders = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    named = [str(Path(folder).absolute()) for folder in folders]
    installed = (sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))
    return list(dict.fromkeys(named if package in installed else [package, *named]))


def _is_pythons(name: str) -> bool:
    return name.startswith("PYTHON") and name not in _HARMLESS


def _own_folders(scratch: Path) -> dict[str, str]:
    """Folders of the run for a home and for temporary files, and with them for every cache."""
    own_home, temporary = scratch / "home", scratch / "tmp"
    for folder in (own_home, temporary):
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "HOME": str(own_home),
        "TMPDIR": str(temporary),
        "USER": _USER,
        "LOGNAME": _USER,
        "CUDA_CACHE_PATH": str(
            own_home / "cuda"
        ),  # the driver may ask the system for the home folder
        **_hugging_face(),
    }


def _hugging_face() -> dict[str, str]:
    """Where Hugging Face's libraries keep downloads and the token, as they work it out."""
    callers = home()
    cache = os.environ.get("XDG_CACHE_HOME") or (f"{callers}/.cache" if callers else None)
    folder = os.environ.get("HF_HOME") or (f"{cache}/huggingface" if cache else None)
    return {"HF_HOME": folder} if folder else {}
