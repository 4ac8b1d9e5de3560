"""Distribution functions: beta and Student's t, in closed forms without numpy or SciPy."""

import math
from collections.abc import Callable
from functools import cache


def student_quantile(p: float, freedom: int) -> float:
    """The `p` quantile (over 1/2) of Student's t with `freedom` degrees of freedom."""

    def below(t: float) -> float:
        return 1 - beta_cdf(freedom / (freedom + t * t), freedom / 2, 0.5) / 2

    return _inverse(below, p, 0.0, 1e3)


@cache
def beta_quantile(p: float, shape: float) -> float:
    """The `p` quantile of the symmetric Beta(shape, shape)."""
    return _inverse(lambda x: beta_cdf(x, shape, shape), p, 0.0, 1.0)


def _inverse(rising: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a rising function reaches `target`, by halving."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function `I_x(a, b)`.

    By its continued fraction (Numerical Recipes, 3rd ed., 6.4; DLMF 8.17.22), with Lentz's method.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_cdf(1 - x, b, a)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front += a * math.log(x) + b * math.log1p(-x)
    tiny, c = 1e-300, 1.0
    d = 1 / ((1 - (a + b) * x / (a + 1)) or tiny)
    fraction = d
    for m in range(1, 100_000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / ((1 + term * d) or tiny)
            c = (1 + term / c) or tiny
            fraction *= d * c
        if abs(d * c - 1) < 1e-14:
            break
    return math.exp(front) * fraction / a
