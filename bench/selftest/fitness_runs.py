"""What the complete runs of a device show of the harness: spread, wall time, and time well used."""

from collections.abc import Iterator, Sequence

import msgspec

from bench.records.record import CaseKey, Protocol
from bench.selftest.fitness import Figure
from bench.verdicts.stats import median
from bench.verdicts.summary import RunSummary

SPREAD_GOAL, RUNS = 0.015, 5
WALL_GOAL_S, BUSY_GOAL = 360.0, 0.40


SameCase = tuple[CaseKey, str, str]
"""Case, title and hash of the code: what two runs must share to have measured the same."""


def run_figures(runs: Sequence[RunSummary]) -> tuple[Figure, ...]:
    """What `runs`, of one kind of device and the oldest first, come to; none if none is whole."""
    complete = [run for run in runs if run.complete]
    return tuple(_figures(complete)) if complete else ()


def _figures(complete: Sequence[RunSummary]) -> Iterator[Figure]:
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
    goal = f"≥ {BUSY_GOAL * 100:.0f} %"
    yield Figure(
        f"measuring or warming up, of {name}", f"{share * 100:.0f} %", goal, share >= BUSY_GOAL
    )


def _spread(runs: Sequence[RunSummary]) -> Figure:
    """How far the published latency of a case moves over runs of the same code, at most."""
    published: dict[SameCase, list[float]] = {}
    for run in runs:
        for case in run.cases:
            if case.latency_us is not None:
                same = (case.key, case.title, case.code_sha256)
                published.setdefault(same, []).append(case.latency_us)
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
    key, title, _ = worst
    value = f"{moved[worst] * 100:.2f} % at most, {title} at {key.workload.name}"
    return Figure(name, value, goal, moved[worst] <= SPREAD_GOAL and len(runs) >= RUNS)


def _alike(one: RunSummary, other: RunSummary) -> bool:
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
    """The protocol without what the published latency of a suite does not depend on.

    Whether the flush is awaited moved no kernel of over 100 µs by more than 0.2 % on one card; to
    count runs of both kinds together can only widen their spread.
    """
    return msgspec.structs.replace(protocol, lane_samples=0, flush_awaited=False)
