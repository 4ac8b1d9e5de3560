"""Prints how good the harness is: six figures, each beside its goal.

    python tests/benchmarks/harness.py [--recorded] [--device auto|cuda|cpu]

The clocks, the false differences and the trials come from a selftest made now on this machine, or
with `--recorded` from the newest one in `data/`. The spread and the time of a run come from the
complete runs in `data/` on the same device.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from bench.errors import BenchError  # noqa: E402
from bench.machine.host import detect_device  # noqa: E402
from bench.pages.implementation import Device, Implementation  # noqa: E402
from bench.project import Project  # noqa: E402
from bench.records.outcome import Ok, Passed  # noqa: E402
from bench.records.record import Canary, Examination, Protocol, Result  # noqa: E402
from bench.records.runfile import RunFile, read_data  # noqa: E402
from bench.runs.schedule import Step, Turn  # noqa: E402
from bench.selftest.fitness import Figure, SelfTest, decode, figures, read_selftests  # noqa: E402
from bench.selftest.selftest import selftest  # noqa: E402
from bench.verdicts.cell import Cell, cells  # noqa: E402 -- from the checkout
from bench.verdicts.stats import median  # noqa: E402
from bench.workload import SUITES, Workload  # noqa: E402

SPREAD_GOAL, RUNS = 0.015, 5
WALL_GOAL_S, BUSY_GOAL = 360.0, 0.40
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
        runs = [run for run in read_data(project) if run.run.environment.device == device]
    except BenchError as error:
        sys.exit(str(error))
    found = [*(figures(test) if test else [_none("selftest")]), *_of_runs(runs)]
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


def _of_runs(runs: Sequence[RunFile]) -> Iterator[Figure]:
    complete = [run for run in runs if _is_complete(run)]
    if not complete:
        yield _none("complete run")
        return
    newest = complete[-1]
    yield _spread([run for run in complete if _alike(run, newest)][-RUNS:])
    wall_s, busy_s = _wall_s(newest), _busy_s(newest)
    name = f"the newest complete run, {newest.run.id}"
    yield Figure(
        f"wall time of {name}",
        f"{wall_s:.0f} s",
        f"≤ {WALL_GOAL_S:.0f} s",
        wall_s <= WALL_GOAL_S,
    )
    share = busy_s / wall_s if wall_s else 0.0
    goal = f"≥ {BUSY_GOAL * 100:.0f} %"
    yield Figure(
        f"measuring or warming up, of {name}", f"{share * 100:.0f} %", goal, share >= BUSY_GOAL
    )


def _spread(runs: Sequence[RunFile]) -> Figure:
    """How far the published latency of a case moves over runs of the same code, at most."""
    published: dict[_Key, list[float]] = {}
    for run in runs:
        for cell in cells(run):
            if cell.latency_us is not None:
                published.setdefault(_key(cell), []).append(cell.latency_us)
    moved = {
        key: (max(all_us) - min(all_us)) / median(all_us)
        for key, all_us in published.items()
        if len(all_us) == len(runs) > 1
    }
    name = f"spread of a published latency over {len(runs)} complete runs, {len(moved)} cases"
    goal = f"≤ {SPREAD_GOAL * 100:.1f} % over {RUNS} runs"
    if not moved:
        return Figure(name, "not measured", goal, met=False)
    worst = max(moved, key=lambda key: moved[key])
    value = f"{moved[worst] * 100:.2f} % at most, {worst.title} at {worst.workload.name}"
    return Figure(name, value, goal, moved[worst] <= SPREAD_GOAL and len(runs) >= RUNS)


@dataclass(frozen=True)
class _Key:
    implementation: str
    variant: str | None
    title: str
    workload: Workload
    code_sha256: str


def _key(cell: Cell) -> _Key:
    case = cell.newest
    return _Key(case.implementation, case.variant, case.title, case.workload, case.code_sha256)


def _is_complete(run: RunFile) -> bool:
    """Whether every line has every workload of the suite, in every round or with its failure."""
    suite = SUITES.get(run.run.suite)
    made = cells(run)
    lines = Counter((cell.newest.implementation, cell.newest.variant) for cell in made)
    whole = suite is not None and all(n == len(suite.workloads) for n in lines.values())
    rounds = run.run.protocol.rounds
    timed = all(cell.failure or len(cell.timed) == rounds for cell in made)
    return whole and timed and rounds > 1 and run.run.schema > 1


def _alike(one: RunFile, other: RunFile) -> bool:
    """Whether two runs measured the same suite in the same way on the same kind of device."""
    return all(
        (
            one.run.environment.name == other.run.environment.name,
            one.run.environment.torch == other.run.environment.torch,
            one.run.suite == other.run.suite,
            _ranked(one.run.protocol) == _ranked(other.run.protocol),
        )
    )


def _ranked(protocol: Protocol) -> Protocol:
    """The protocol without what the published latency does not depend on."""
    return msgspec.structs.replace(protocol, lane_samples=0)


def _wall_s(run: RunFile) -> float:
    """From the start of the run to its last record."""
    return (max(record.finished for record in run.records) - run.run.started).total_seconds()


def _busy_s(run: RunFile) -> float:
    """What the workers say of warming up and sampling, and of examining."""
    outcomes = (record.outcome for record in run.records if not isinstance(record, Canary))
    return sum(outcome.busy_s or 0 for outcome in outcomes if isinstance(outcome, Ok | Passed))


def _none(what: str) -> Figure:
    return Figure(f"no {what} on this kind of device", "not measured", "one", met=False)


if __name__ == "__main__":
    main()
