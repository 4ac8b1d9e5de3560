"""Statistics of samples, without numpy: small, exact, the same at the terminal and on the site."""

import math
from collections.abc import Iterable, Sequence


def quantile(samples: Sequence[float], p: float) -> float:
    """The `p` quantile (0 to 1), interpolated linearly (type 7 of Hyndman and Fan, 1996).

    Raises:
        ValueError: there are no samples, or `p` is not within 0 and 1.
    """
    return quantiles(samples, (p,))[0]


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
