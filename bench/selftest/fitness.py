"""The record of `python -m bench selftest`, and the figures that say whether the harness is fit.

Each selftest has one file, `data/<device>/<id>.json`, which is written once, like a run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bench.analysis.alternate_timings import ClockPair
from bench.analysis.marks import ALLOWANCE_US, DISAGREEMENT
from bench.analysis.stats import median, quantiles
from bench.devices.discovery import KINDS
from bench.records.outcome import Closed
from bench.records.run_lines import Environment, Moment, Protocol
from bench.text import Words, signed

SELFTEST_SCHEMA = 1
"""The version of `SelfTest` that this code writes, and the latest that it reads."""

SHORTEST_FOR_NVBENCH_US = 15.0
SHORTEST_FOR_CUPTI_US = 50.0
"""Calls shorter than this, by the other clock, are left out of the comparison with that clock."""


class Trial(Closed, frozen=True, kw_only=True):
    """One kernel of the selftest, and how it ended in the harness."""

    title: Words
    intent: Words
    """What the kernel tries, in the words of its page."""
    wanted: str
    """The status with which the kernel must end; `not ok` if any failure will do."""
    status: str
    """Status of the first failure that meets the goal, else of the first failure, else `ok`."""
    reason: Words | None = None
    says: Words | None = None
    """Regular expression for the reason: the words of the check that must catch the kernel.

    None if any words will do, as in records until 29 November 2026.
    """

    @property
    def met(self) -> bool:
        """Whether the kernel ended with the required status and words."""
        ended = self.status != "ok" if self.wanted == "not ok" else self.status == self.wanted
        return ended and bool(self.says is None or re.search(self.says, self.reason or ""))

    @property
    def goal(self) -> str:
        """The required status and words."""
        return f"{self.wanted}: {self.says}" if self.says else self.wanted


class SameKernel(Closed, frozen=True, kw_only=True):
    """One kernel measured under several names, so that every difference found is false."""

    names: int
    pairs: int
    different: int
    """Pairs whose intervals do not overlap."""
    farthest: float | None = None
    """Largest relative difference of two medians; unknown in older records."""


class SelfTest(Closed, frozen=True, kw_only=True):
    """The record of one selftest."""

    schema: int
    id: str
    started: Moment
    environment: Environment
    protocol: Protocol
    command: Words
    commit: str | None
    dirty: bool | None
    same: SameKernel
    cheats: tuple[Trial, ...]
    crashes: tuple[Trial, ...]
    honest: tuple[Trial, ...]
    nvbench: tuple[ClockPair, ...] = ()
    """Our events and NVBench's cold GPU time; only on a GPU, with cuda-bench."""
    nvbench_problem: Words | None = None
    """Why there is no comparison with NVBench."""
    cupti: tuple[ClockPair, ...] = ()
    """Our events and CUPTI's span, from the examinations of the pages `same` and `honest…`.

    Since 29 November 2026 both clocks time the same calls; before that, each timed its own.
    """


@dataclass(frozen=True)
class Figure:
    """One figure of the harness, and its goal."""

    name: str
    value: str
    goal: str
    met: bool


def figures(test: SelfTest) -> tuple[Figure, ...]:
    """The figures of `test`, each with its goal; the harness is fit if all goals are met."""
    return tuple(_figures(test))


def is_fit(test: SelfTest) -> bool:
    """Whether every figure meets its goal."""
    return all(figure.met for figure in figures(test))


def _figures(test: SelfTest) -> Iterator[Figure]:
    same = test.same
    share = same.different / same.pairs if same.pairs else 1.0
    apart = "" if same.farthest is None else f"; {same.farthest * 100:.2f} % apart at most"
    yield Figure(
        f"false differences in {same.pairs} pairs of one kernel with itself",
        f"{share * 100:.1f} %{apart}",
        "≤ 1 %",
        same.pairs > 0 and share <= 0.01,
    )
    yield _all("cheats caught", test.cheats)
    yield _all("crashes given their right status", test.crashes)
    yield _all("honest kernels measured", test.honest)
    if KINDS[test.environment.device].other_clocks:
        nvbench, cupti = "NVBench’s cold time", "CUPTI’s span"
        yield _clocks(nvbench, test.nvbench, SHORTEST_FOR_NVBENCH_US, 0.01)
        yield _clocks(cupti, test.cupti, SHORTEST_FOR_CUPTI_US, DISAGREEMENT, ALLOWANCE_US)


def _all(name: str, trials: tuple[Trial, ...]) -> Figure:
    count = sum(trial.met for trial in trials)
    return Figure(name, f"{count} of {len(trials)}", "all", 0 < count == len(trials))


def _clocks(
    other: str,
    pairs: tuple[ClockPair, ...],
    shortest_us: float,
    goal: float,
    allowance_us: float = 0.0,
) -> Figure:
    """The largest difference between our events and another clock, as a share and in µs.

    Calls shorter than `shortest_us` are left out.
    Two clocks that are at most `allowance_us` apart agree, however short the call is.
    """
    counted = [pair for pair in pairs if median(pair.theirs_us) >= shortest_us]
    name = f"our events against {other}, {len(counted)} cases of at least {shortest_us:g} µs"
    limit = f"≤ {goal * 100:.0f} %" + (f", or {allowance_us:g} µs" if allowance_us else "")
    if not counted:
        return Figure(name, "not measured", limit, met=False)
    apart = [pair for pair in counted if abs(pair.difference_us) > allowance_us]
    worst = max((abs(pair.difference) for pair in apart), default=0.0)
    low, middle, high = quantiles([pair.difference_us for pair in counted], (0, 0.5, 1))
    ends = f"{signed(low)} to {signed(high)} µs, median {signed(middle)}"
    most = f"{worst * 100:.2f} % at most"
    if allowance_us:
        over = f"over {allowance_us:g} µs"
        most = f"{most} in the {len(apart)} {over}" if apart else f"none {over}"
    return Figure(name, f"{most}; {ends}", limit, worst <= goal)
