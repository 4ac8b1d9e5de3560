"""Other clocks than the ranked one, each as one figure."""

from bench.analysis.stats import median
from bench.records.outcome import AlternateTiming, Ok


def per_call_us(timed: tuple[Ok, ...]) -> float | None:
    """The median over the rounds of a burst's time per call, in µs; none without bursts."""
    each = [ok.burst.wall_us / ok.burst.calls for ok in timed if ok.burst]
    return median(each) if each else None


def timing_us(timing: AlternateTiming | None) -> float | None:
    """The median of a timing, in µs; none where it has no samples."""
    return median(timing.latency_us) if timing and timing.latency_us else None
