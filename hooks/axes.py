"""The two axes of a drawing: round ticks, and whether lengths need a logarithmic scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LogAxis:
    """A logarithmic axis, on which equal distances are equal ratios."""

    low: float
    high: float
    ticks: tuple[float, ...]


def log_axis(values: Sequence[float]) -> LogAxis:
    """An axis around `values`, with round ticks: few over decades, more within one."""
    low, high = (min(values) * 0.9, max(values) * 1.1) if values else (1.0, 10.0)
    steps = (1, 2, 5) if high > 8 * low else (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [step * 10.0**decade for decade in decades for step in steps]
    return LogAxis(low, high, tuple(tick for tick in ticks if low <= tick <= high))


def is_wide(lengths: Sequence[int]) -> bool:
    """Whether sequence lengths span so much that they too need a logarithmic axis."""
    return max(lengths) >= 4 * min(lengths)
