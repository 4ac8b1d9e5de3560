"""Installs into a virtual environment with pip, and says in a line why it could not."""

import importlib.util
import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

from bench.machine.host import home

_TIMEOUT_S = 1800

_OURS = {
    "PIP_ROOT": "/",
    "PIP_DRY_RUN": "0",
    "PIP_NO_DEPS": "0",
    "PIP_IGNORE_INSTALLED": "0",
    "PIP_FORCE_REINSTALL": "0",
}
"""Variables that come before pip's files: it installs what is missing, here, and nothing else."""


def install(python: Path, dependencies: tuple[str, ...], pins: Path, *, build: bool) -> str | None:
    """Install `dependencies` for the interpreter `python`; the reason where that fails.

    `pins` is a constraints file. Nothing is compiled unless `build`. How pip is configured decides
    where packages come from, and not where they go: flags come before variables and files.
    """
    if importlib.util.find_spec("pip") is None:
        return "pip is missing beside torch: python -m ensurepip, or uv pip install pip"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    command += ["--no-user", "--target=", f"--prefix={python.parents[1]}"]
    command += ["--retries", "1", "--constraint", str(pins)]
    command += ["--no-build-isolation"] if build else ["--only-binary", ":all:"]
    pip = subprocess.Popen(
        [*command, *dependencies],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=_environment(python.parents[1]),
    )
    try:
        _, said = pip.communicate(timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return f"pip did not end within {_TIMEOUT_S} s"
    finally:
        _end(pip)
    return _reason(said, build=build) if pip.returncode else None


def _environment(layer: Path) -> dict[str, str]:
    # What PYTHONPATH names would count as installed.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    homeless = {} if home() else {"HOME": str(layer)}  # pip looks for its settings and cache there
    return kept | _OURS | homeless


def _end(pip: "subprocess.Popen[str]") -> None:
    """Kill pip and the pip that it starts for another interpreter, unless both have ended."""
    if pip.poll() is None:
        os.killpg(pip.pid, signal.SIGKILL)
        pip.wait()


def _reason(said: str, *, build: bool) -> str:
    """What pip said went wrong, and what would help."""
    errors = [line[7:] for line in said.splitlines() if line.startswith("ERROR: ")]
    telling = (line for line in errors if line.startswith(("No matching", "Cannot install")))
    last = said.strip().rpartition("\n")[-1]
    reason = next(telling, errors[-1] if errors else f"pip failed: {last}")
    if not reason.startswith("No matching"):
        return reason
    if "connection" in said.lower():
        return f"{reason}; the package index could not be reached"
    if build:
        return reason
    python = platform.python_version()
    return f"{reason} as a wheel for Python {python}; --build compiles a source release, if any"
