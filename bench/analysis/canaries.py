"""The speed of the device itself, from all canaries of a run."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.analysis.roofline import PEAKS
from bench.analysis.stats import median
from bench.records.run_lines import Canary


def product_tflops(canary: Canary) -> float:
    """The rate of the canary's matrix product in TFLOP/s: `2·n³` operations."""
    return 2 * canary.matmul_n**3 / canary.matmul_us / 1e6


def copy_tb_per_s(canary: Canary) -> float:
    """The rate of the canary's copy in TB/s: each byte is read once and written once."""
    return 2 * canary.copy_bytes / canary.copy_us / 1e6


@dataclass(frozen=True)
class Pace:
    """The rates of one kind of canary in a run, in the order measured."""

    rates: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median rate."""
        return median(self.rates)

    @property
    def range(self) -> tuple[float, float]:
        """The lowest and the highest rate."""
        return min(self.rates), max(self.rates)

    @property
    def drift(self) -> float | None:
        """Change of the median from the first half to the second, as a share.

        None for fewer than four rates.
        """
        half = len(self.rates) // 2
        if half < 2:
            return None
        return median(self.rates[-half:]) / median(self.rates[:half]) - 1


def product_pace(canaries: Sequence[Canary]) -> Pace | None:
    """The rates of a run's matrix products in TFLOP/s; None without canaries."""
    return Pace(tuple(map(product_tflops, canaries))) if canaries else None


def copy_pace(canaries: Sequence[Canary]) -> Pace | None:
    """The rates of a run's copies in TB/s; None without canaries."""
    return Pace(tuple(map(copy_tb_per_s, canaries))) if canaries else None


def product_share(device: str, canaries: Sequence[Canary]) -> float | None:
    """The median rate of the matrix product as a share of the datasheet's dense peak.

    None for float32, whose product may or may not use TF32, and for a device not in `PEAKS`.
    """
    pace, peak = product_pace(canaries), PEAKS.get(device)
    if pace is None or peak is None or any(c.matmul_dtype == "float32" for c in canaries):
        return None
    return pace.median / peak.half


def copy_share(device: str, canaries: Sequence[Canary]) -> float | None:
    """The median rate of the copy as a share of the datasheet's memory bandwidth."""
    pace, peak = copy_pace(canaries), PEAKS.get(device)
    return pace.median * 1000 / peak.memory_gb_per_s if pace and peak else None
