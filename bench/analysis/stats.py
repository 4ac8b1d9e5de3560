"""Statistics of samples, without numpy: small, exact, the same at the terminal and on the site.

Nothing is drawn at random: a reader who repeats a calculation gets the same digits.
"""

import math
from collections.abc import Iterable, Sequence
from functools import cache

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
    if there are too few samples (under 6) for any interval to cover that much.
    """
    ordered = sorted(samples)
    rank = _median_rank(len(ordered))
    return (ordered[rank - 1], ordered[-rank]) if rank else None


@cache
def _median_rank(count: int) -> int:
    """The k of `median_interval`; 0 if there is none."""
    allowed = 2**count // 40  # 0.025 of all ways in which `count` tosses may fall
    rank, ways, total = 0, 1, 1  # ways to throw `rank` heads, and at most `rank`
    while total <= allowed:
        rank += 1
        ways = ways * (count - rank + 1) // rank
        total += ways
    return rank


_FARTHER = {2: 9.17, 3: 2.69, 4: 1.87, 5: 1.58}
"""By the number of rounds: how far the range of their medians is widened.

Student's 97.5 % quantile over the normal one, for a spread that is estimated from few rounds,
times √(n/(n − 1)), the spread that a bootstrap of n draws loses (Efron and Tibshirani, An
Introduction to the Bootstrap, 1993, chapters 5 and 12). For three rounds: 4.303 / 1.960 × 1.225.
"""


def rounds_interval(medians: Sequence[float]) -> Interval | None:
    """The 95 % interval of the median of the rounds' medians; None for fewer than two rounds.

    The range of the medians, with each end 2.69 times as far from the middle for three rounds
    (other factors for two, four and five), and never nearer than 0.25 % (`KNOWN_TO`). From six
    rounds on, the range is the exact interval of a median, which needs no factor. Distances are
    ratios, because latencies and slow-downs are positive and vary by shares: no end lies below 0.
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
