"""The metrics of the report, each computed from a latency. One entry in `_ALL` adds one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.roofline import peak_tflops
from bench.analysis.summary import CaseSummary
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


Formula = Callable[[Quantity, Context], Quantity | None]
"""Computes a metric from a latency in µs; None where it is undefined, as without a baseline."""


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
    formula: Formula

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
        context = Context(board, line, workload, baseline or board.baseline)
        return self.formula(latency, context) if latency else None


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


def _latency(latency: Quantity, _: Context) -> Quantity:
    return latency


def _rate(latency: Quantity, context: Context) -> Quantity:
    return _over(Quantity(*(context.workload.flops / 1e6,) * 3), latency)


def _share_of_peak(latency: Quantity, context: Context) -> Quantity | None:
    line, workload = context.line, context.workload
    peak = peak_tflops(context.board.scope.device, workload.dtype, line.precision)
    if peak is None:
        return None
    return Quantity(*(100 * rate / peak for rate in _rate(latency, context)))


def _speedup(latency: Quantity, context: Context) -> Quantity | None:
    baseline = context.baseline.cases.get(context.workload) if context.baseline else None
    numerator = latency_of(baseline)
    return _over(numerator, latency) if numerator else None


_PEAK = "Share of the datasheet’s dense peak (%)"
_SPEEDUP = "Speed-up over the baseline"

_ALL = (
    Metric("latency", "Latency", "Median latency (µs)", " µs", "lower", log=True, formula=_latency),
    Metric("tflops", "TFLOP/s", "TFLOP/s", " TFLOP/s", "higher", log=False, formula=_rate),
    Metric("peak", "% of peak", _PEAK, " %", "higher", log=False, formula=_share_of_peak),
    Metric("speedup", "Speed-up", _SPEEDUP, "×", "higher", log=True, formula=_speedup),
)
METRICS = {metric.name: metric for metric in _ALL}
