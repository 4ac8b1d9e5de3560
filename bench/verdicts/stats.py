"""Statistics of samples, without numpy: small, exact, the same at the terminal and on the site.

Every interval here is a closed form of its samples: nothing is drawn at random, so that a reader
who repeats the calculation gets the same digits.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from bench.verdicts.special import beta_cdf, beta_quantile, student_quantile

LEVEL = 0.95
"""Coverage that every interval aims at."""

KNOWN_TO = 0.0025
"""How near, as a share, a median over rounds is known at best, however well a few rounds agree.

In seven complete runs on H100s and H200s (587 cases) the medians of a case's rounds have a standard
deviation of 0.12 to 0.40 % (pooled over each run), so that the median of three lies within 0.16 to
0.53 % of what it would be of many. Three that agree by chance do not know it better.
"""

Interval = tuple[float, float]


def quantile(samples: Sequence[float], p: float) -> float:
    """The `p` quantile (0 to 1), interpolated linearly (type 7 of Hyndman and Fan, 1996).

    Raises:
        ValueError: there are no samples, or `p` is not within 0 and 1.
    """
    return _interpolated(sorted(samples), p)


def quantiles(samples: Sequence[float], ps: Iterable[float]) -> tuple[float, ...]:
    """Several quantiles, for which the samples are sorted once.

    Raises:
        ValueError: as `quantile`.
    """
    ordered = sorted(samples)
    return tuple(_interpolated(ordered, p) for p in ps)


def _interpolated(ordered: list[float], p: float) -> float:
    if not ordered or not 0 <= p <= 1:
        raise ValueError(f"no {p} quantile of {len(ordered)} samples")
    position = p * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def median(samples: Sequence[float]) -> float:
    """The middle of the samples, in their unit.

    Raises:
        ValueError: there are no samples.
    """
    return quantile(samples, 0.5)


def geometric_mean(ratios: Iterable[float]) -> float:
    """The mean of positive ratios under which 2 and 1/2 cancel.

    Raises:
        ValueError: there are none, or one is not positive.
    """
    logarithms = [math.log(ratio) for ratio in ratios]
    if not logarithms:
        raise ValueError("no geometric mean of nothing")
    return math.exp(math.fsum(logarithms) / len(logarithms))


def median_interval(samples: Sequence[float]) -> Interval | None:
    """The exact 95 % interval of the median, between two order statistics.

    Holds for any distribution (Conover, Practical Nonparametric Statistics, 3.2): the k-th smallest
    and k-th largest sample, with the largest k for which `P(Binomial(n, 1/2) < k) <= 0.025`. None
    where there are too few samples (under 6) for any interval to cover as much.
    """
    ordered = sorted(samples)
    rank = _median_rank(len(ordered))
    return (ordered[rank - 1], ordered[-rank]) if rank else None


@cache
def _median_rank(count: int) -> int:
    """The k of `median_interval`; 0 where there is none."""
    below, above = 0, count // 2 + 1
    while above - below > 1:  # P(Binomial(n, 1/2) < k) = I_{1/2}(n - k + 1, k) grows with k
        k = (below + above) // 2
        fits = beta_cdf(0.5, count - k + 1, k) <= (1 - LEVEL) / 2
        below, above = (k, above) if fits else (below, k)
    return below


def rounds_interval(rounds: Sequence[Sequence[float]]) -> Interval | None:
    """The 95 % interval of the median of the rounds' medians; none for fewer than two rounds.

    A bootstrap over rounds and over the samples in each, in its exact form: the median of n draws
    from a round has the distribution of a Beta((n + 1)/2, (n + 1)/2) variable (Hutson and Ernst,
    J. R. Statist. Soc. B 62, 2000), rounds are drawn evenly, and the median of as many draws as
    there are rounds follows the same law once more. A bootstrap of few rounds is too narrow, so
    both ends are moved out by `few_rounds_factor`: as ratios, since latencies and slow-downs are
    positive and vary by shares, so that an end of noisy rounds is not below zero. Neither end is
    nearer than `KNOWN_TO`.
    """
    count = len(rounds)
    if count < 2:
        return None
    atoms = sorted(atom for samples in rounds for atom in _median_atoms(samples))
    values = [value for value, _ in atoms]
    sums = _running([weight / count for _, weight in atoms])
    middle = median([median(samples) for samples in rounds])
    wider = few_rounds_factor(count)
    low, high = (
        values[min(bisect_right(sums, beta_quantile(p, (count + 1) / 2)), len(values) - 1)]
        for p in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    )
    return (
        middle * min(1 - KNOWN_TO, (low / middle) ** wider),
        middle * max(1 + KNOWN_TO, (high / middle) ** wider),
    )


@cache
def few_rounds_factor(rounds: int) -> float:
    """How much wider an interval from so few rounds has to be than their bootstrap says.

    Student's quantile in the place of the normal one, and √(n/(n - 1)) for the spread that a
    bootstrap of n draws loses (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, ch. 5
    and 12).
    """
    students = student_quantile((1 + LEVEL) / 2, rounds - 1)
    normal = student_quantile((1 + LEVEL) / 2, 10**7)
    return students / normal * math.sqrt(rounds / (rounds - 1))


def _median_atoms(samples: Sequence[float]) -> list[tuple[float, float]]:
    """The samples that may be the median of as many draws from them, each with its chance."""
    ordered = sorted(samples)
    first, weights = _median_weights(len(ordered))
    return list(zip(ordered[first:], weights, strict=False))


@cache
def _median_weights(count: int) -> tuple[int, tuple[float, ...]]:
    """Chances of neighbouring places, from the first one that is not below 1 in 10⁹."""
    shape, reach = (count + 1) / 2, math.ceil(3.2 * math.sqrt(count))
    first, last = max(0, count // 2 - reach), min(count, count // 2 + reach + 1)
    steps = [beta_cdf(place / count, shape, shape) for place in range(first, last + 1)]
    return first, tuple(after - before for before, after in pairwise(steps))


def _running(weights: list[float]) -> list[float]:
    sums, total = [], 0.0
    for weight in weights:
        total += weight
        sums.append(total)
    return sums
