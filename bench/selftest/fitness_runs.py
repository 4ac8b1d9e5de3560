"""Figures from a device's complete runs: spread, wall time, and the share spent measuring."""

from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec

from bench.analysis.stats import median
from bench.analysis.summary import RunSummary
from bench.records.run_lines import CaseKey, Protocol, without_sustained
from bench.selftest.fitness import Figure

SPREAD_GOAL, RUNS = 0.015, 5
WALL_GOAL_S, BUSY_GOAL = 360.0, 0.40


SameCase = tuple[CaseKey, str, str]
"""Case, title and hash of the code; two runs that measured the same have these in common."""


def run_figures(runs: Sequence[RunSummary]) -> tuple[Figure, ...]:
    """The figures of `runs` of one kind of device, oldest first; none if no run is complete.

    Each suite has its own figures; the suite of the newest run comes first.
    """
    complete = [run for run in runs if run.complete]
    suites = dict.fromkeys(run.run.suite for run in reversed(complete))
    return tuple(
        chain.from_iterable(
            _figures([run for run in complete if run.run.suite == suite]) for suite in suites
        )
    )


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
    yield Figure(
        f"share of {name}, spent measuring or warming up",
        f"{share * 100:.0f} %",
        f"≥ {BUSY_GOAL * 100:.0f} %",
        share >= BUSY_GOAL,
    )


def _spread(runs: Sequence[RunSummary]) -> Figure:
    """The largest spread of a case's published latency over runs of the same code."""
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
    suite = runs[-1].run.suite
    name = f"spread of a latency over {len(runs)} complete runs of {suite}, {len(moved)} cases"
    goal = f"≤ {SPREAD_GOAL * 100:.1f} % over {RUNS} runs"
    if not moved:
        return Figure(name, "not measured", goal, met=False)
    worst = max(moved, key=lambda key: moved[key])
    key, title, _ = worst
    value = f"{moved[worst] * 100:.2f} % at most, {title} at {key.workload.name}"
    return Figure(name, value, goal, moved[worst] <= SPREAD_GOAL and len(runs) >= RUNS)


def _alike(summary: RunSummary, other: RunSummary) -> bool:
    """Whether two runs of a suite measured it in the same way on the same kind of device."""
    return all(
        (
            summary.run.environment.name == other.run.environment.name,
            summary.run.environment.torch == other.run.environment.torch,
            _ranked(summary.run.protocol) == _ranked(other.run.protocol),
        )
    )


def _ranked(protocol: Protocol) -> Protocol:
    """The protocol without the fields that do not affect the published latencies of a suite.

    Awaiting the flush changed no kernel of over 100 µs by more than 0.2 % on one card. The first
    500 of 1,000 samples have the same medians within 0.23 % (both runs of RMSNorm on an H200 on 30
    November 2026). Sustained calls come after a case's samples. Counting runs that differ in these
    fields together can only widen their spread.
    """
    return msgspec.structs.replace(
        without_sustained(protocol), lane_samples=0, flush_awaited=False, many_samples=None
    )
