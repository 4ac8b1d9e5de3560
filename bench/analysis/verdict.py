"""Verdicts: who is faster than whom, and where nobody can tell. Derived, and stored nowhere."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bench.analysis.stats import Interval, geometric_mean, rounds_interval
from bench.analysis.summary import CaseSummary
from bench.workload import Workload

Name = TypeVar("Name")


@dataclass(frozen=True)
class Rank:
    """A rank among others."""

    number: int
    """1 + how many are shown to be faster: their whole interval lies below this one's."""
    tied: bool
    """Whether another interval overlaps this one."""


@dataclass(frozen=True)
class Slowdown:
    """How much slower than the fastest a line is over a suite."""

    value: float
    """Geometric mean over the covered workloads."""
    interval: Interval | None
    """95 % interval; None for a single round."""
    covered: int
    """Workloads that both completed."""

    @property
    def bounds(self) -> Interval:
        """The interval; where there is none, the value itself."""
        return self.interval or (self.value, self.value)


class HasLatency(Protocol):
    """A case of a run: its records or its summary."""

    @property
    def latency_us(self) -> float | None:
        """None for a case that failed."""

    @property
    def interval_us(self) -> Interval | None:
        """None for a single round."""


@dataclass(frozen=True)
class Ratio:
    """The latency of one case over that of another."""

    value: float
    interval: Interval | None
    """None where one of the two has none."""
    indistinguishable: bool | None
    """Whether neither is faster than the other; None where nobody can tell."""


def overlap(one: Interval, other: Interval) -> bool:
    """Whether two intervals share a point: then neither is faster than the other."""
    return one[0] <= other[1] and other[0] <= one[1]


def ranks(intervals: Mapping[Name, Interval]) -> dict[Name, Rank]:
    """The rank of each by its interval, lower being better.

    Overlap is not transitive, so no groups are formed: each is beaten by those that are certainly
    better, and by no others.
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
    """The geometric mean of the latency over the fastest one, with its interval and coverage.

    Within a run it goes round by round, each with the same round of the fastest: what both share,
    such as a warm card, cancels. Rounds of different runs share nothing: there the interval has the
    farthest ends of all latencies. None where they share no workload.
    """
    pairs = [
        (case, fastest[workload])
        for workload, case in cases.items()
        if workload in fastest and case.latency_us and fastest[workload].latency_us
    ]
    if not pairs:
        return None
    value = geometric_mean((own.latency_us or 0) / (best.latency_us or 1) for own, best in pairs)
    alike = all(own.run == best.run for own, best in pairs)
    return Slowdown(value, (_round_by_round if alike else _farthest)(pairs), len(pairs))


_Pairs = Sequence[tuple[CaseSummary, CaseSummary]]


def _round_by_round(pairs: _Pairs) -> Interval | None:
    count = min(len(case.round_medians_us) for pair in pairs for case in pair)
    rounds = [
        geometric_mean(o.round_medians_us[r] / b.round_medians_us[r] for o, b in pairs)
        for r in range(count)
    ]
    if count > 1 and rounds == [1.0] * count:
        return 1.0, 1.0  # beside itself: no measurement is needed to know that
    return rounds_interval(rounds)


def _farthest(pairs: _Pairs) -> Interval | None:
    ends = [(own.interval_us, best.interval_us) for own, best in pairs]
    known = [(own, best) for own, best in ends if own and best]
    if len(known) < len(pairs):
        return None
    low = geometric_mean(own[0] / best[1] for own, best in known)
    return low, geometric_mean(own[1] / best[0] for own, best in known)


def ratio(own: HasLatency, other: HasLatency) -> Ratio | None:
    """How slow `own` is beside `other`; None where one of them has no latency.

    The interval `[low/high, high/low]` contains 1 exactly where the two intervals overlap, so that
    "indistinguishable" is the one rule of the whole report. The rule is asked of the intervals
    themselves, as a quotient is rounded.
    """
    if not (own.latency_us and other.latency_us):
        return None
    value = own.latency_us / other.latency_us
    if own.interval_us is None or other.interval_us is None:
        return Ratio(value, None, None)
    (low, high), (its_low, its_high) = own.interval_us, other.interval_us
    ends = low / its_high, high / its_low
    return Ratio(value, ends, overlap(own.interval_us, other.interval_us))
