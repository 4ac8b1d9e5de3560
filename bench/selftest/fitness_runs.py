"""What the complete runs of a device show of the harness: spread, wall time, and time well used."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from bench.records.outcome import Ok, Passed
from bench.records.record import Canary, Protocol
from bench.records.runfile import RunFile
from bench.selftest.fitness import Figure
from bench.verdicts.cell import Cell, cells
from bench.verdicts.stats import median
from bench.workload import SUITES, Workload

SPREAD_GOAL, RUNS = 0.015, 5
WALL_GOAL_S, BUSY_GOAL = 360.0, 0.40


def run_figures(runs: Sequence[RunFile]) -> tuple[Figure, ...]:
    """What `runs`, of one kind of device and the oldest first, come to; none if none is whole."""
    complete = [run for run in runs if _is_complete(run)]
    return tuple(_figures(complete)) if complete else ()


def _figures(complete: Sequence[RunFile]) -> Iterator[Figure]:
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
