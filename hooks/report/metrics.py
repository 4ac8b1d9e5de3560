"""The metrics of the report, each computed from a latency. To add one, add an entry to `_ALL`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.roofline import limit_us
from bench.analysis.summary import CaseSummary
from bench.operations.discovery import OPERATIONS
from bench.operations.operation import Workload
from hooks.report.formats import microseconds, significant


class Quantity(NamedTuple):
    """A value and the ends of its 95 % interval; with a single round, both ends are the value."""

    value: float
    low: float
    high: float


class Context(NamedTuple):
    """A line at a workload of a leaderboard, and the baseline of its speed-up."""

    board: Leaderboard
    line: Line
    workload: Workload
    baseline: Line | None


Numerator = Callable[[Context], Quantity | None]
"""Makes the quantity that a metric divides by a latency in µs.

It is None where the metric is undefined, for example without a baseline.
"""


@dataclass(frozen=True)
class Metric:
    """One way to show a latency."""

    name: str
    label: str
    """Name in the selector."""
    title: str
    """Name with its unit, for an axis or a caption."""
    unit: str
    """Unit as it follows a value, with any space before it."""
    better: Literal["lower", "higher"]
    log: bool
    """Whether charts show it on a logarithmic axis."""
    numerator: Numerator | None
    """None for the latency itself."""

    @property
    def relative(self) -> bool:
        """Whether it is relative to a baseline, which readers may choose."""
        return self.numerator is _baseline

    def text(self, value: float) -> str:
        """A value with its unit."""
        return f"{self.digits(value)}{self.unit}"

    def digits(self, value: float) -> str:
        """A value without its unit."""
        return microseconds(value) if self.name == "latency" else significant(value)

    def of(
        self, board: Leaderboard, line: Line, workload: Workload, baseline: Line | None = None
    ) -> Quantity | None:
        """The metric of a line at a workload; None without a latency, or where it is undefined.

        The baseline of a speed-up is `baseline` or, if that is None, the leaderboard's.
        """
        latency = latency_of(line.cases.get(workload))
        if latency is None or self.numerator is None:
            return latency
        numerator = self.numerator(Context(board, line, workload, baseline or board.baseline))
        return _over(numerator, latency) if numerator else None


def latency_of(case: CaseSummary | None) -> Quantity | None:
    """The latency of a case in µs."""
    if case is None or case.latency_us is None:
        return None
    low, high = case.interval_us or (case.latency_us, case.latency_us)
    return Quantity(case.latency_us, low, high)


def _over(numerator: Quantity, latency: Quantity) -> Quantity:
    """A quotient with all values that the two intervals allow, so that a tie contains 1."""
    return Quantity(
        numerator.value / latency.value, numerator.low / latency.high, numerator.high / latency.low
    )


def _work(context: Context) -> Quantity | None:
    """The arithmetic in 10⁶ operations; None unless arithmetic limits the operation."""
    return _exactly(context.workload.flops / 1e6) if _bound(context) == "arithmetic" else None


def _traffic(context: Context) -> Quantity | None:
    """The memory traffic in 10⁶ bytes; None unless memory limits the operation."""
    return _exactly(context.workload.moved_bytes / 1e6) if _bound(context) == "memory" else None


def _limit(context: Context) -> Quantity | None:
    """The time that the datasheet allows in hundredths of a µs: the quotient is in percent."""
    board, line, workload, _ = context
    limit = limit_us(board.scope.device, workload, line.precision)
    return None if limit is None else _exactly(100 * limit)


def _bound(context: Context) -> str:
    return OPERATIONS[context.board.scope.operation].bound


def _exactly(value: float) -> Quantity:
    return Quantity(value, value, value)


def _baseline(context: Context) -> Quantity | None:
    return latency_of(context.baseline.cases.get(context.workload)) if context.baseline else None


_LIMIT = "Share of the limit by the datasheet (%)"
_SPEEDUP = "Speed-up over the baseline"

_ALL = (
    Metric("latency", "Latency", "Median latency (µs)", " µs", "lower", log=True, numerator=None),
    Metric("tflops", "TFLOP/s", "TFLOP/s", " TFLOP/s", "higher", log=False, numerator=_work),
    Metric("bandwidth", "TB/s", "TB/s", " TB/s", "higher", log=False, numerator=_traffic),
    Metric("limit", "% of limit", _LIMIT, " %", "higher", log=False, numerator=_limit),
    Metric("speedup", "Speed-up", _SPEEDUP, "×", "higher", log=True, numerator=_baseline),
)
METRICS = {metric.name: metric for metric in _ALL}

RATES = {
    "tflops": "Floating-point operations that the result needs, divided by the median",
    "bandwidth": "Bytes of reading each input and writing each output once, divided by the median",
}
"""Explanations of the rates."""


def rate_of(board: Leaderboard) -> Metric:
    """TFLOP/s if arithmetic limits the operation of `board`, TB/s if memory traffic does."""
    memory = OPERATIONS[board.scope.operation].bound == "memory"
    return METRICS["bandwidth" if memory else "tflops"]
