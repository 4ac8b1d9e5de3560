"""Installs packages into a virtual environment with pip, and explains a failure in one line."""

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
"""Variables that override pip's configuration files, so that it installs only what is missing."""


def install(python: Path, dependencies: tuple[str, ...], pins: Path, *, build: bool) -> str | None:
    """Install `dependencies` for the interpreter `python`; return the reason if that fails.

    `pins` is a constraints file. Nothing is compiled unless `build` is set. The machine's pip
    configuration decides where packages come from. It does not decide where they go, because flags
    override variables and files.
    """
    if importlib.util.find_spec("pip") is None:
        return "pip is not installed: run `python -m ensurepip` or `uv pip install pip`"
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
        _, errors = pip.communicate(timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return f"pip did not end within {_TIMEOUT_S} s"
    finally:
        _end(pip)
    return _reason(errors, build=build) if pip.returncode else None


def _environment(layer: Path) -> dict[str, str]:
    # pip would count packages on PYTHONPATH as installed.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    # pip looks for its settings and its cache in the home folder.
    fallback = {} if home() else {"HOME": str(layer)}
    return kept | _OURS | fallback


def _end(pip: "subprocess.Popen[str]") -> None:
    """Kill pip, and the pip that it starts for the other interpreter, unless it has ended."""
    if pip.poll() is None:
        os.killpg(pip.pid, signal.SIGKILL)
        pip.wait()


def _reason(output: str, *, build: bool) -> str:
    """The reason that pip gives for a failure and, if there is one, a remedy."""
    errors = [line[7:] for line in output.splitlines() if line.startswith("ERROR: ")]
    causes = (line for line in errors if line.startswith(("No matching", "Cannot install")))
    last = output.strip().rpartition("\n")[-1]
    reason = next(causes, errors[-1] if errors else f"pip failed: {last}")
    if not reason.startswith("No matching"):
        return reason
    if "connection" in output.lower():
        return f"{reason}; the package index could not be reached"
    if build:
        return reason
    python = platform.python_version()
    remedy = "--build compiles a source release if there is one"
    return f"{reason} as a wheel for Python {python}; {remedy}"
