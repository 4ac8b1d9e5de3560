"""Prints how good the harness is: six figures, each beside its goal.

    python tests/benchmarks/harness.py [--recorded] [--device auto|cuda|cpu]

The clocks, the false differences and the trials come from a selftest made now on this machine, or
with `--recorded` from the newest one in `data/`. The spread and the time of a run come from the
complete runs in `data/` on the same device.
"""

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from bench.analysis.case_records import case_records  # noqa: E402
from bench.analysis.summary import summarise  # noqa: E402
from bench.devices import Device  # noqa: E402
from bench.devices.discovery import detect_device  # noqa: E402
from bench.errors import BenchError  # noqa: E402
from bench.pages.implementation import Implementation  # noqa: E402
from bench.project import Project  # noqa: E402
from bench.records.run_lines import Examination, Result  # noqa: E402
from bench.records.runfile import read_data  # noqa: E402
from bench.runner.schedule import Step, Turn  # noqa: E402
from bench.selftest.fitness import Figure, SelfTest, figures  # noqa: E402
from bench.selftest.fitness_files import decode, read_selftests  # noqa: E402
from bench.selftest.fitness_runs import run_figures  # noqa: E402
from bench.selftest.selftest import selftest  # noqa: E402 -- from the checkout

TIMEOUT_S = 120.0


def main() -> None:
    """Print the six figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recorded", action="store_true")
    parser.add_argument("--device", choices=("auto", "cuda", "cpu"), default="auto")
    options = parser.parse_args()
    device: Device = detect_device() if options.device == "auto" else options.device
    project = Project(ROOT)
    try:
        test = _recorded(project, device) if options.recorded else _live(project, device)
        files = [file for file in read_data(project) if file.run.environment.device == device]
    except BenchError as error:
        sys.exit(str(error))
    found = [*(figures(test) if test else [_none("selftest")])]
    runs = [summarise(file, file.path.name, case_records(file)) for file in files]
    found += run_figures(runs) or [_none("complete run")]
    for figure in found:
        goal = f"goal {figure.goal}" + ("" if figure.met else ": NOT MET")
        print(f"{figure.name}\n    {figure.value:24s} {goal}")  # noqa: T201


def _recorded(project: Project, device: Device) -> SelfTest | None:
    tests = [test for test in read_selftests(project) if test.environment.device == device]
    return tests[-1] if tests else None


def _live(project: Project, device: Device) -> SelfTest:
    with tempfile.TemporaryDirectory() as folder:
        path = selftest(project, device, TIMEOUT_S, _Told(), out=Path(folder))
        return decode(path.read_bytes())


class _Told:
    """Says which part of the selftest is under way."""

    def stage(self, name: str, steps: int) -> None:
        print(f"selftest: {name}, {steps} findings", file=sys.stderr, flush=True)  # noqa: T201

    def installing(self, implementation: Implementation) -> None: ...

    def starting(self, turn: Turn, step: Step) -> None: ...

    def found(self, record: Examination | Result, steps: int) -> None: ...


def _none(what: str) -> Figure:
    return Figure(f"no {what} on this kind of device", "not measured", "one", met=False)


if __name__ == "__main__":
    main()
