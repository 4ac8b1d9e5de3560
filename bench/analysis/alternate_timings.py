"""Timings by clocks other than the ranked one, each reduced to one figure."""

from bench.analysis.stats import median
from bench.records.outcome import AlternateTiming, Ok


def per_call_us(timed: tuple[Ok, ...]) -> float | None:
    """Time per call in a burst in µs, as the median over rounds; None without bursts."""
    times = [ok.burst.wall_us / ok.burst.calls for ok in timed if ok.burst]
    return median(times) if times else None


def timing_us(timing: AlternateTiming | None) -> float | None:
    """The median of a timing in µs; None if it has no samples."""
    return median(timing.latency_us) if timing and timing.latency_us else None
