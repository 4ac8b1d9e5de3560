"""Figures from a device's complete runs: spread, wall time, and the share spent measuring."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from bench.records.outcome import Ok, Passed
from bench.records.record import Canary, Protocol, Run
from bench.records.runfile import RunFile
from bench.selftest.fitness import Figure
from bench.verdicts.cell import Cell
from bench.verdicts.stats import median
from bench.workload import SUITES, Workload

SPREAD_GOAL, RUNS = 0.015, 5
WALL_GOAL_S, BUSY_GOAL = 360.0, 0.40


CaseKey = tuple[str, str | None, str, Workload, str]
"""Identity of a case across runs: page, variant, title, workload, and hash of the code."""


@dataclass(frozen=True)
class RunFacts:
    """The facts about the harness that one run provides."""

    run: Run
    complete: bool
    """Whether every variant has every workload of the suite, in every round or with its failure."""
    wall_s: float
    """Time from the start of the run to its last record."""
    busy_s: float
    """Time that the workers say they spent on warm-up, sampling and examinations."""
    published: Mapping[CaseKey, float]
    """The published latency of each case that has one, in µs."""


def facts_of(file: RunFile, cells: tuple[Cell, ...]) -> RunFacts:
    """The facts from a run and its cells."""
    published = {_key(cell): cell.latency_us for cell in cells if cell.latency_us is not None}
    return RunFacts(file.run, _is_complete(file, cells), _wall_s(file), _busy_s(file), published)


def run_figures(runs: Sequence[RunFacts]) -> tuple[Figure, ...]:
    """The figures of `runs` of one kind of device, oldest first; none if no run is complete."""
    complete = [run for run in runs if run.complete]
    return tuple(_figures(complete)) if complete else ()


def _figures(complete: Sequence[RunFacts]) -> Iterator[Figure]:
    newest = complete[-1]
    yield _spread([run for run in complete if _alike(run, newest)][-RUNS:])
    wall_s, busy_s = newest.wall_s, newest.busy_s
    name = f"the newest complete run, {newest.run.id}"
    yield Figure(
        f"wall time of {name}",
        f"{wall_s:.0f} s",
        f"≤ {WALL_GOAL_S:.0f} s",
        wall_s <= WALL_GOAL_S,
    )
    share = busy_s / wall_s if wall_s else 0.0
    yield Figure(
        f"share of {name}, spent measuring or warming up",
        f"{share * 100:.0f} %",
        f"≥ {BUSY_GOAL * 100:.0f} %",
        share >= BUSY_GOAL,
    )


def _spread(runs: Sequence[RunFacts]) -> Figure:
    """The largest spread of a case's published latency over runs of the same code."""
    published: dict[CaseKey, list[float]] = {}
    for run in runs:
        for case, latency_us in run.published.items():
            published.setdefault(case, []).append(latency_us)
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
    _, _, title, workload, _ = worst
    value = f"{moved[worst] * 100:.2f} % at most, {title} at {workload.name}"
    return Figure(name, value, goal, moved[worst] <= SPREAD_GOAL and len(runs) >= RUNS)


def _key(cell: Cell) -> CaseKey:
    case = cell.newest
    return case.implementation, case.variant, case.title, case.workload, case.code_sha256


def _is_complete(file: RunFile, cells: tuple[Cell, ...]) -> bool:
    suite = SUITES.get(file.run.suite)
    counts = Counter((cell.newest.implementation, cell.newest.variant) for cell in cells)
    whole = suite is not None and all(n == len(suite.workloads) for n in counts.values())
    rounds = file.run.protocol.rounds
    timed = all(cell.failure or len(cell.timed) == rounds for cell in cells)
    return whole and timed and rounds > 1 and file.run.schema > 1


def _alike(facts: RunFacts, other: RunFacts) -> bool:
    """Whether two runs measured the same suite in the same way on the same kind of device."""
    return all(
        (
            facts.run.environment.name == other.run.environment.name,
            facts.run.environment.torch == other.run.environment.torch,
            facts.run.suite == other.run.suite,
            _ranked(facts.run.protocol) == _ranked(other.run.protocol),
        )
    )


def _ranked(protocol: Protocol) -> Protocol:
    """The protocol without the fields that do not affect the published latencies of a suite.

    Awaiting the flush changed no kernel of over 100 µs by more than 0.2 % on one card, and counting
    runs of both kinds together can only widen their spread.
    """
    return msgspec.structs.replace(protocol, lane_samples=0, flush_awaited=False)


def _wall_s(file: RunFile) -> float:
    return (max(record.finished for record in file.records) - file.run.started).total_seconds()


def _busy_s(file: RunFile) -> float:
    outcomes = (record.outcome for record in file.records if not isinstance(record, Canary))
    return sum(outcome.busy_s or 0 for outcome in outcomes if isinstance(outcome, Ok | Passed))
