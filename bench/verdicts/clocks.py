"""Other clocks than the ranked one, each as one figure."""

from bench.records.outcome import Lane, Ok
from bench.verdicts.stats import median


def per_call_us(timed: tuple[Ok, ...]) -> float | None:
    """The median over the rounds of a burst's time per call, in µs; none without bursts."""
    each = [ok.burst.wall_us / ok.burst.calls for ok in timed if ok.burst]
    return median(each) if each else None


def lane_us(lane: Lane | None) -> float | None:
    """The median of a lane, in µs; none where it has no samples."""
    return median(lane.latency_us) if lane and lane.latency_us else None
