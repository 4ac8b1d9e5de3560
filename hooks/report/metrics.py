"""The metrics of the report: a latency, and what follows from it. One entry adds a metric."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.roofline import peak_tflops
from bench.analysis.summary import CaseSummary
from bench.analysis.work import forward_flops
from bench.workload import Workload
from hooks.report.formats import microseconds, significant


class Quantity(NamedTuple):
    """A value and the ends of its 95 % interval; for a single round, three times the value."""

    value: float
    low: float
    high: float


class Place(NamedTuple):
    """One line at one workload of a leaderboard, and the line that speed-ups are over."""

    board: Leaderboard
    line: Line
    workload: Workload
    baseline: Line | None


Formula = Callable[[Quantity, Place], Quantity | None]
"""From a latency in µs to the metric; None where it has no meaning, such as without a baseline."""


@dataclass(frozen=True)
class Metric:
    """One way to show a latency."""

    name: str
    label: str
    """What a reader chooses it by."""
    title: str
    """With its unit, for an axis or a caption."""
    unit: str
    """After a value, with the space before it."""
    better: Literal["lower", "higher"]
    log: bool
    """Whether equal distances on an axis are equal ratios."""
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
        """The metric of a line at a workload; None without a latency, or where it has no meaning.

        Speed-ups are over `baseline`, or over that of the leaderboard.
        """
        latency = latency_of(line.cases.get(workload))
        place = Place(board, line, workload, baseline or board.baseline)
        return self.formula(latency, place) if latency else None


def latency_of(case: CaseSummary | None) -> Quantity | None:
    """The latency of a case in µs."""
    if case is None or case.latency_us is None:
        return None
    low, high = case.interval_us or (case.latency_us, case.latency_us)
    return Quantity(case.latency_us, low, high)


def _over(numerator: Quantity, latency: Quantity) -> Quantity:
    """A quotient with the farthest ends, so that a ratio of two ties contains 1."""
    return Quantity(
        numerator.value / latency.value, numerator.low / latency.high, numerator.high / latency.low
    )


def _rate(latency: Quantity, place: Place) -> Quantity:
    return _over(Quantity(*(forward_flops(place.workload) / 1e6,) * 3), latency)


def _share_of_peak(latency: Quantity, place: Place) -> Quantity | None:
    line, workload = place.line, place.workload
    peak = peak_tflops(place.board.scope.device, workload.dtype, line.precision)
    if peak is None:
        return None
    return Quantity(*(100 * rate / peak for rate in _rate(latency, place)))


def _speedup(latency: Quantity, place: Place) -> Quantity | None:
    baseline = place.baseline
    reference = latency_of(baseline.cases.get(place.workload)) if baseline else None
    return _over(reference, latency) if reference else None


METRICS = {
    metric.name: metric
    for metric in (
        Metric(
            "latency",
            "Latency",
            "Median latency (µs)",
            " µs",
            "lower",
            log=True,
            formula=lambda latency, _: latency,
        ),
        Metric("tflops", "TFLOP/s", "TFLOP/s", " TFLOP/s", "higher", log=False, formula=_rate),
        Metric(
            "peak",
            "% of peak",
            "Share of the datasheet’s dense peak (%)",
            " %",
            "higher",
            log=False,
            formula=_share_of_peak,
        ),
        Metric(
            "speedup",
            "Speed-up",
            "Speed-up over the baseline",
            "×",
            "higher",
            log=True,
            formula=_speedup,
        ),
    )
}
