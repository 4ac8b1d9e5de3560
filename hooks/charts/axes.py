"""The axes of a drawing, so that the live chart and the still picture cannot disagree."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Axis:
    """An axis; on a logarithmic one equal distances are equal ratios."""

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool = True
    zero: bool = False
    """Whether it is nearly linear below 1, and so has a place for zero: Vega's symlog."""

    def place(self, value: float) -> float:
        """Where `value` lies, from 0 at the low end to 1 at the high one."""
        if self.zero:
            return math.log1p(value) / math.log1p(self.high)
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def log_axis(values: Sequence[float]) -> Axis:
    """An axis around positive `values`, with round ticks: few over decades, more within one."""
    low, high = (min(values) * 0.9, max(values) * 1.1) if values else (1.0, 10.0)
    steps = (1, 2, 5) if high > 8 * low else (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [step * 10.0**decade for decade in decades for step in steps]
    return Axis(low, high, tuple(tick for tick in ticks if low <= tick <= high))


def symlog_axis(high: float) -> Axis:
    """An axis from zero to `high`, with a tick at zero and at each decade."""
    decades = (10.0**power for power in range(12))
    return Axis(0.0, high, (0.0, *(tick for tick in decades if tick <= high)), zero=True)


_TICKS = 7


def linear_axis(values: Sequence[float]) -> Axis:
    """An axis from zero to over the largest of `values`, with round ticks."""
    high = max(values, default=1.0) * 1.05
    decade = 10.0 ** math.floor(math.log10(high / _TICKS))
    step = next(s * decade for s in (1, 2, 5, 10) if high / (s * decade) <= _TICKS)
    return Axis(0.0, high, tuple(step * n for n in range(int(high / step) + 1)), log=False)


@dataclass(frozen=True)
class Lengths:
    """An axis of sequence lengths, or of names at equal distances."""

    ticks: tuple[int | str, ...]

    @cached_property
    def named(self) -> bool:
        """Whether workloads have names, as lengths alone do not tell them apart."""
        return not all(isinstance(length, int) for length in self.ticks)

    @cached_property
    def wide(self) -> bool:
        """Whether the lengths span so much that they need a logarithmic axis."""
        return not self.named and max(self._numbers) >= 4 * min(self._numbers)

    def place(self, length: int | str) -> float:
        """Where `length` lies, from 0 to 1."""
        return self._places[length]

    @cached_property
    def _places(self) -> dict[int | str, float]:
        numbers = [math.log(number) for number in self._numbers] if self.wide else self._numbers
        first, span = min(numbers), max(numbers) - min(numbers)
        return {
            tick: (number - first) / span if span else 0.5
            for tick, number in zip(self.ticks, numbers, strict=True)
        }

    @cached_property
    def _numbers(self) -> list[float]:
        lengths = range(len(self.ticks)) if self.named else self.ticks
        return [float(length) for length in lengths]
