"""Statistics of samples, shared by the terminal and the site.

Nothing is random, so a reader who repeats a calculation gets the same digits.
"""

import math
from collections.abc import Iterable, Sequence
from functools import cache

KNOWN_TO = 0.0025
"""Smallest half-width of an interval, as a share of the median, even if all rounds agree.

In seven complete runs on H100s and H200s (587 cases), the medians of a case's rounds have a
standard deviation of 0.12 to 0.40 % (pooled over each run), so the median of three rounds is within
0.16 to 0.53 % of the median of many rounds. Three rounds that agree by chance are no more precise.
"""

Interval = tuple[float, float]


def quantile(samples: Sequence[float], p: float) -> float:
    """The `p` quantile (0 to 1), interpolated linearly (type 7 of Hyndman and Fan, 1996).

    Raises:
        ValueError: there are no samples, or `p` is not within 0 and 1.
    """
    return _interpolated(sorted(samples), p)


def quantiles(samples: Sequence[float], ps: Iterable[float]) -> tuple[float, ...]:
    """Several quantiles of the same samples, which are sorted once.

    Raises:
        ValueError: there are no samples, or one of `ps` is not within 0 and 1.
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
    """The median of the samples, in their unit.

    Raises:
        ValueError: there are no samples.
    """
    return quantile(samples, 0.5)


def geometric_mean(ratios: Iterable[float]) -> float:
    """The geometric mean of positive ratios; the mean of 2 and 1/2 is 1.

    Raises:
        ValueError: there are no ratios, or one is not positive.
    """
    logarithms = [math.log(ratio) for ratio in ratios]
    if not logarithms:
        raise ValueError("no geometric mean of nothing")
    return math.exp(math.fsum(logarithms) / len(logarithms))


def median_interval(samples: Sequence[float]) -> Interval | None:
    """The exact 95 % interval of the median, between two order statistics.

    It is valid for any distribution (Conover, Practical Nonparametric Statistics, 3.2). Its ends
    are the k-th smallest and k-th largest sample, with the largest k for which
    `P(Binomial(n, 1/2) < k) <= 0.025`. None for fewer than six samples, which
    have no such k.
    """
    ordered = sorted(samples)
    rank = _median_rank(len(ordered))
    return (ordered[rank - 1], ordered[-rank]) if rank else None


@cache
def _median_rank(count: int) -> int:
    """The k of `median_interval`; 0 if there is none."""
    allowed = 2**count // 40  # 0.025 of all outcomes of `count` coin tosses
    rank, ways, total = 0, 1, 1  # outcomes with `rank` heads, and with at most `rank`
    while total <= allowed:
        rank += 1
        ways = ways * (count - rank + 1) // rank
        total += ways
    return rank


_FARTHER = {2: 9.17, 3: 2.69, 4: 1.87, 5: 1.58}
"""Factors by which the range of the rounds' medians is widened, by the number of rounds.

A factor is a product of two. The first is the 97.5 % quantile of Student's t distribution divided
by that of the normal distribution, because the spread is estimated from few rounds. The second is
√(n/(n − 1)), by which a bootstrap of n draws underestimates the spread (Efron and Tibshirani, An
Introduction to the Bootstrap, 1993, chapters 5 and 12). For three rounds: 4.303 / 1.960 × 1.225.
"""


def rounds_interval(medians: Sequence[float]) -> Interval | None:
    """The 95 % interval of the median of the rounds' medians; None for fewer than two rounds.

    The interval is the range of the medians, with each end moved away from the middle: for three
    rounds to 2.69 times its distance (two, four and five rounds have other factors), and always to
    at least 0.25 % (`KNOWN_TO`). From six rounds on the interval is the exact interval of a median,
    without a factor. Distances are ratios, because latencies and slow-downs are positive, so no end
    is below 0.
    """
    if len(medians) < 2:
        return None
    middle = median(medians)
    low, high = median_interval(medians) or (min(medians), max(medians))
    farther = _FARTHER.get(len(medians), 1.0)
    return (
        middle * min(1 - KNOWN_TO, (low / middle) ** farther),
        middle * max(1 + KNOWN_TO, (high / middle) ** farther),
    )
