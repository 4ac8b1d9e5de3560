"""Timings by clocks other than the ranked one."""

from bench.analysis.stats import median
from bench.records.outcome import AlternateTiming, Closed, Latency, Ok
from bench.text import Words


class ClockPair(Closed, frozen=True, kw_only=True):
    """One kernel timed by two clocks in one process."""

    title: Words
    workload: Words
    ours_us: tuple[Latency, ...]
    theirs_us: tuple[Latency, ...]

    @property
    def difference(self) -> float:
        """Relative difference of the medians: ours / theirs − 1."""
        return median(self.ours_us) / median(self.theirs_us) - 1

    @property
    def difference_us(self) -> float:
        """Difference of the medians: ours − theirs, in µs."""
        return median(self.ours_us) - median(self.theirs_us)


def per_call_us(timed: tuple[Ok, ...]) -> float | None:
    """Time per call in a burst in µs, as the median over rounds; None without bursts."""
    times = [ok.burst.wall_us / ok.burst.calls for ok in timed if ok.burst]
    return median(times) if times else None


def timing_us(timing: AlternateTiming | None) -> float | None:
    """The median of a timing in µs; None if it has no samples."""
    return median(timing.latency_us) if timing and timing.latency_us else None
