"""What a chart of a board may show: a latency, and what follows from it.

The browser has a twin of this (browser/metrics.js), for the baseline and the run that
a reader chooses; a test holds the two together.
"""

from dataclasses import dataclass

from bench.verdicts.cell import Cell
from bench.verdicts.metrics import forward_flops
from bench.verdicts.peaks import peak_tflops
from bench.verdicts.stats import Interval
from bench.verdicts.summary import Board, Line
from bench.workload import Workload
from hooks.markup import microseconds, number


@dataclass(frozen=True)
class Metric:
    """One way to show a latency."""

    name: str
    title: str
    """Of the axis."""
    unit: str
    log: bool
    """Whether equal distances are equal ratios."""

    def text(self, value: float) -> str:
        """A value with its unit."""
        digits = microseconds(value) if self.name == "latency" else number(value)
        return f"{digits}{self.unit}"


METRICS = {
    metric.name: metric
    for metric in (
        Metric("latency", "Median latency (µs, log scale)", " µs", log=True),
        Metric("tflops", "TFLOP/s", " TFLOP/s", log=False),
        Metric("peak", "Share of the datasheet’s dense peak (%)", " %", log=False),
        Metric("speedup", "Speed-up over the baseline (log scale)", "×", log=True),
    )
}


@dataclass(frozen=True)
class Measured:
    """A value and the ends of its interval; of one round, the value itself."""

    value: float
    low: float
    high: float


def measured(
    metric: Metric, board: Board, line: Line, workload: Workload, *, baseline: Line | None = None
) -> Measured | None:
    """What `metric` makes of a line's latency; none without a latency, a peak or a baseline.

    Speed-ups are over `baseline`, or over that of the board.
    """
    cell = line.cells.get(workload)
    if cell is None or cell.latency_us is None:
        return None
    own = Measured(cell.latency_us, *_bounds(cell, cell.latency_us))
    if metric.name == "latency":
        return own
    if metric.name == "speedup":
        return _over(baseline or board.baseline, workload, own)
    rate = forward_flops(workload) / 1e6
    if metric.name == "peak":
        peak = peak_tflops(board.scope.device, workload.dtype, line.precision)
        if peak is None:
            return None
        rate *= 100 / peak
    return Measured(rate / own.value, rate / own.high, rate / own.low)


def has(metric: Metric, board: Board) -> bool:
    """Whether any line of `board` has a value."""
    return any(measured(metric, board, line, w) for line in board.lines for w in board.workloads)


def _over(baseline: Line | None, workload: Workload, own: Measured) -> Measured | None:
    """The baseline's latency over the line's own; farthest ends, so it holds 1 for every tie."""
    cell = baseline.cells.get(workload) if baseline else None
    if cell is None or cell.latency_us is None:
        return None
    low, high = _bounds(cell, cell.latency_us)
    return Measured(cell.latency_us / own.value, low / own.high, high / own.low)


def _bounds(cell: Cell, latency_us: float) -> Interval:
    return cell.interval_us or (latency_us, latency_us)
