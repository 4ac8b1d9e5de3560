"""NVBench as a second clock: its package and its process."""

import subprocess
from pathlib import Path

import msgspec

from bench.analysis.alternate_timings import ClockPair
from bench.devices import Device
from bench.devices.discovery import KINDS
from bench.machine.child_environment import child_environment
from bench.machine.host import scrub
from bench.machine.virtual_environments import prepare_python
from bench.pages.implementation import FrontMatter, Implementation
from bench.project import Project
from bench.records.outcome import Unavailable
from bench.records.run_lines import Environment
from bench.runner.messages import ClocksCompared
from bench.text import one_line

_TIMEOUT_S = 180.0
_LONGEST_PROBLEM = 400


def compare_with_nvbench(
    project: Project, environment: Environment
) -> tuple[tuple[ClockPair, ...], str | None]:
    """A few kernels timed by our clock and by NVBench's, or why there is no comparison.

    A problem is returned and never raised, because our clock does not need NVBench, which only
    confirms it. On a CPU there is neither a comparison nor a problem.
    """
    if not KINDS[environment.device].other_clocks:
        return (), None
    python = prepare_python(_package(environment), project, build=False)
    if isinstance(python, Unavailable):
        return (), _told(python.reason, project)
    answer = _ask(python, environment.device)
    return answer.pairs, _told(answer.problem, project) if answer.problem else None


def _package(environment: Environment) -> Implementation:
    """The packages to install, in the form that `prepare_python` takes.

    cuda-bench loads its extension for the CUDA version of cuda-bindings, which must be torch's.
    """
    major = (environment.cuda or "13").split(".")[0]
    about = FrontMatter(
        title="NVBench",
        provider="NVIDIA",
        homepage="https://github.com/NVIDIA/nvbench",
        dependencies=("cuda-bench==0.3.0", f"cuda-bindings=={major}.*"),
    )
    return Implementation("nvbench", Path("nvbench"), about, ())


def _ask(python: Path, device: Device) -> ClocksCompared:
    try:
        child = subprocess.run(
            [python, "-P", "-m", "bench.worker.nvbench", device],
            capture_output=True,
            env=child_environment(device, python),
            timeout=_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ClocksCompared(problem=f"it did not end within {_TIMEOUT_S:g} s")
    except OSError as error:
        return ClocksCompared(problem=f"it could not be started: {error}")
    try:
        return msgspec.json.decode(child.stdout, type=ClocksCompared)
    except msgspec.MsgspecError:
        printed = child.stderr.decode(errors="replace").split("\n")
        last = next((line for line in reversed(printed) if line.strip()), "")
        return ClocksCompared(problem=f"it ended with {child.returncode} and no answer: {last}")


def _told(problem: str, project: Project) -> str:
    return one_line(scrub(problem, project))[:_LONGEST_PROBLEM] or "unknown"
