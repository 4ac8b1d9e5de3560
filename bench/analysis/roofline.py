"""The peak rates in GPUs' datasheets, and the shortest latencies that these rates allow."""

from dataclasses import dataclass

from bench.operations.operation import FLOAT8, Dtype, Workload
from bench.pages.implementation import Precision
from bench.records.run_lines import Environment


@dataclass(frozen=True)
class Peak:
    """A datasheet: dense TFLOP/s of the tensor cores and GB/s of the memory, with clocks."""

    half: float
    """Rate for bfloat16 and float16 with float32 accumulation."""
    int8: float
    float8: float | None
    """Rate with the fastest accumulation, float16 on Ada; None for a GPU without float8."""
    tf32: float
    sm_mhz: int
    """Clock for which `half` is given: 4,096 operations per cycle and SM on Hopper, 2,048 on
    Ampere, 512 on Ada. Cards may run at higher clocks: H100s and H200s at up to 1,980 MHz."""
    memory_gb_per_s: float
    memory_mhz: int
    """Clock for which `memory_gb_per_s` is given, from the width of the bus. H200s: 3,201 MHz."""
    source: str


_HOPPER = "NVIDIA H100 and H200 datasheets; half of the figures that they give with sparsity"
_AMPERE = "NVIDIA A100 datasheet"
_ADA = "NVIDIA Ada GPU architecture whitepaper, appendix A"

PEAKS = {
    "NVIDIA H200": Peak(989.5, 1979.0, 1979.0, 494.5, 1830, 4800, 3125, _HOPPER),
    "NVIDIA H100 80GB HBM3": Peak(989.5, 1979.0, 1979.0, 494.5, 1830, 3350, 2617, _HOPPER),
    # The datasheet rounds to 2 TB/s: five stacks of HBM2e at 1,593 MHz have 2,039 GB/s.
    "NVIDIA H100 PCIe": Peak(756.5, 1513.0, 1513.0, 378.0, 1620, 2039, 1593, _HOPPER),
    "NVIDIA A100-SXM4-80GB": Peak(312.0, 624.0, None, 156.0, 1410, 2039, 1593, _AMPERE),
    "NVIDIA A100-SXM4-40GB": Peak(312.0, 624.0, None, 156.0, 1410, 1555, 1215, _AMPERE),
    "NVIDIA A100 80GB PCIe": Peak(312.0, 624.0, None, 156.0, 1410, 1935, 1512, _AMPERE),
    "NVIDIA GeForce RTX 4090": Peak(165.2, 660.6, 660.6, 82.6, 2520, 1008, 10500, _ADA),
}
"""Datasheets by the device name that the driver reports; other devices have no bound."""


def limit_us(
    device: str, workload: Workload, precision: str, *, clock: float = 1.0, memory: float = 1.0
) -> float | None:
    """The time in µs that the datasheet of `device` allows for `workload`; None without one.

    This is the roofline model (Williams, Waterman and Patterson, CACM 52(4), 2009): the time of all
    operations at the peak rate, or of reading each input and writing the output once, whichever is
    longer. `clock` and `memory` are factors of the two rates.
    """
    peak = PEAKS.get(device)
    if peak is None:
        return None
    tflops = clock * _peak_tflops(peak, workload.narrowest_dtype, precision)
    gb_per_s = memory * peak.memory_gb_per_s
    return max(workload.flops / tflops / 1e6, workload.moved_bytes / gb_per_s / 1e3)


def floor_us(environment: Environment, workload: Workload, precision: Precision) -> float | None:
    """The shortest time in µs that `workload` can take on a GPU.

    It is the limit by the datasheet, scaled to the highest clocks of the card, because
    FlashAttention-2 reaches 169 TFLOP/s on an RTX 4090, whose datasheet has 165.2 at 2,520 MHz.
    None for a device that is not in `PEAKS` or does not report its clocks.
    """
    peak = PEAKS.get(environment.name)
    sm_mhz, memory_mhz = environment.sm_clock_max_mhz, environment.memory_clock_max_mhz
    if peak is None or sm_mhz is None or memory_mhz is None:
        return None
    return limit_us(
        environment.name,
        workload,
        precision,
        clock=max(1.0, sm_mhz / peak.sm_mhz),
        memory=max(1.0, memory_mhz / peak.memory_mhz),
    )


def _peak_tflops(peak: Peak, dtype: Dtype, precision: str) -> float:
    """The dense peak in TFLOP/s for a dtype and precision class.

    The dtype is the narrowest of the inputs: nothing prevents a kernel from computing in it.
    """
    if precision != "exact":
        return peak.int8
    if dtype == FLOAT8:
        return peak.float8 or peak.half
    return peak.tf32 if dtype == "float32" else peak.half
