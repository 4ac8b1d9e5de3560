"""Verdicts: which cases and lines are faster than others; computed when needed, never stored."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bench.analysis.stats import Interval, geometric_mean, rounds_interval
from bench.analysis.summary import CaseSummary
from bench.operations.operation import Workload

Name = TypeVar("Name")


@dataclass(frozen=True)
class Rank:
    """A rank by interval."""

    number: int
    """1 + the number of faster competitors: those whose whole interval is below this one."""
    tied: bool
    """Whether another interval overlaps this one."""


@dataclass(frozen=True)
class Slowdown:
    """How much slower than the fastest a line is over a suite; 1 means equally fast."""

    value: float
    """Geometric mean over the covered workloads."""
    interval: Interval | None
    """95 % interval; None for a single round."""
    covered: int
    """Number of workloads that both sides completed."""

    @property
    def bounds(self) -> Interval:
        """The interval; if there is none, both ends are the value."""
        return self.interval or (self.value, self.value)


class HasLatency(Protocol):
    """A case of a run, as records or as a summary."""

    @property
    def latency_us(self) -> float | None:
        """Published latency; None for a case that failed."""

    @property
    def interval_us(self) -> Interval | None:
        """95 % interval of the latency; None for a single round."""


@dataclass(frozen=True)
class Ratio:
    """The latency of one case divided by the latency of another case."""

    value: float
    interval: Interval | None
    """95 % interval; None if one of the two latencies has none."""
    indistinguishable: bool | None
    """Whether neither case is shown to be faster; None if one of the two has no interval."""


def overlap(first: Interval, second: Interval) -> bool:
    """Whether two intervals share a point; if so, neither is shown to be faster."""
    return first[0] <= second[1] and second[0] <= first[1]


def ranks(intervals: Mapping[Name, Interval]) -> dict[Name, Rank]:
    """The rank of each name by its interval; lower is better.

    Overlap is not transitive, so there are no groups of ties: only intervals that are entirely
    lower count as better.
    """
    lows = sorted(low for low, _ in intervals.values())
    highs = sorted(high for _, high in intervals.values())
    result = {}
    for name, (low, high) in intervals.items():
        better = bisect_left(highs, low)
        result[name] = Rank(number=1 + better, tied=bisect_right(lows, high) - better > 1)
    return result


def slowdown(
    cases: Mapping[Workload, CaseSummary], fastest: Mapping[Workload, CaseSummary]
) -> Slowdown | None:
    """The geometric mean of the ratios of `cases` to `fastest`, with interval and coverage.

    Within a run, the interval is computed from the ratio in each round. Conditions that affect
    both, such as a warm card, then cancel out. Rounds of different runs share no conditions, so the
    interval runs from the smallest to the largest ratio that the intervals of the latencies allow.
    None if the two share no workload.
    """
    pairs = [
        (case, fastest[workload])
        for workload, case in cases.items()
        if workload in fastest and case.latency_us and fastest[workload].latency_us
    ]
    if not pairs:
        return None
    value = geometric_mean((case.latency_us or 0) / (best.latency_us or 1) for case, best in pairs)
    same_run = all(case.run == best.run for case, best in pairs)
    return Slowdown(value, (_round_by_round if same_run else _farthest)(pairs), len(pairs))


_Pairs = Sequence[tuple[CaseSummary, CaseSummary]]


def _round_by_round(pairs: _Pairs) -> Interval | None:
    count = min(len(case.round_medians_us) for pair in pairs for case in pair)
    rounds = [
        geometric_mean(case.round_medians_us[n] / best.round_medians_us[n] for case, best in pairs)
        for n in range(count)
    ]
    if count > 1 and rounds == [1.0] * count:
        return 1.0, 1.0  # a line against itself is exactly 1
    return rounds_interval(rounds)


def _farthest(pairs: _Pairs) -> Interval | None:
    ends = [(case.interval_us, best.interval_us) for case, best in pairs]
    known = [(interval, best) for interval, best in ends if interval and best]
    if len(known) < len(pairs):
        return None
    low = geometric_mean(interval[0] / best[1] for interval, best in known)
    return low, geometric_mean(interval[1] / best[0] for interval, best in known)


def ratio(case: HasLatency, other: HasLatency) -> Ratio | None:
    """The latency of `case` divided by that of `other`; None if either case has no latency.

    The interval `[low/high, high/low]` contains 1 exactly if the two intervals overlap, so
    "indistinguishable" means the same everywhere in the report. It is determined from the intervals
    themselves, because quotients are rounded.
    """
    if not (case.latency_us and other.latency_us):
        return None
    value = case.latency_us / other.latency_us
    if case.interval_us is None or other.interval_us is None:
        return Ratio(value, None, None)
    (low, high), (other_low, other_high) = case.interval_us, other.interval_us
    ends = low / other_high, high / other_low
    return Ratio(value, ends, overlap(case.interval_us, other.interval_us))
