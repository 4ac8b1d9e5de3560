"""What the makers say their GPUs can do at most: bounds that no measurement may beat."""

from dataclasses import dataclass

from bench.pages.implementation import Precision
from bench.verdicts.metrics import forward_flops
from bench.workload import Dtype, Workload


@dataclass(frozen=True)
class Peak:
    """A datasheet: dense TFLOP/s of the tensor cores, and GB/s of the memory."""

    half: float
    """bfloat16 and float16 with float32 accumulation."""
    int8: float
    tf32: float
    memory_gb_per_s: float
    source: str


_HOPPER = "NVIDIA H100 and H200 datasheets; half of the figures that they give with sparsity"
_AMPERE = "NVIDIA A100 datasheet"
_ADA = "NVIDIA Ada GPU architecture whitepaper, appendix A"

PEAKS = {
    "NVIDIA H200": Peak(989.5, 1979.0, 494.7, 4800, _HOPPER),
    "NVIDIA H100 80GB HBM3": Peak(989.5, 1979.0, 494.7, 3350, _HOPPER),
    "NVIDIA H100 PCIe": Peak(756.5, 1513.0, 378.0, 2000, _HOPPER),
    "NVIDIA A100-SXM4-80GB": Peak(312.0, 624.0, 156.0, 2039, _AMPERE),
    "NVIDIA A100-SXM4-40GB": Peak(312.0, 624.0, 156.0, 1555, _AMPERE),
    "NVIDIA A100 80GB PCIe": Peak(312.0, 624.0, 156.0, 1935, _AMPERE),
    "NVIDIA GeForce RTX 4090": Peak(165.2, 660.6, 82.6, 1008, _ADA),
}
"""By the name that the driver gives; a device that is not here has no bound."""


def floor_us(device: str, workload: Workload, precision: Precision) -> float | None:
    """The least time that `workload` can take on `device`, by its arithmetic or its memory.

    The roofline model (Williams, Waterman and Patterson, CACM 52(4), 2009): all operations at the
    peak rate, or each input read and the output written once, whichever takes longer.
    """
    peak, rate = PEAKS.get(device), peak_tflops(device, workload.dtype, precision)
    if peak is None or rate is None:
        return None
    return max(
        forward_flops(workload) / rate / 1e6, moved_bytes(workload) / peak.memory_gb_per_s / 1e3
    )


def peak_tflops(device: str, dtype: Dtype, precision: str) -> float | None:
    """The dense peak of `device` in TFLOP/s for a dtype and precision class; none if unknown."""
    peak = PEAKS.get(device)
    if peak is None:
        return None
    if precision != "exact":
        return peak.int8
    return peak.tf32 if dtype == "float32" else peak.half


def cpu_floor_us(cores: int, workload: Workload) -> float:
    """The least time that `workload` can take on so many cores of any CPU, by its arithmetic.

    Generous on purpose: two AVX-512 units in float32 (64 operations in each cycle), AMX tiles in
    the 16-bit types (2048), 6 GHz (Intel, 64 and IA-32 Architectures Optimization Reference
    Manual). It tells what cannot have been computed at all.
    """
    cycle = 64 if workload.dtype == "float32" else 2048
    return forward_flops(workload) / (cores * cycle * 6e9) * 1e6


def moved_bytes(workload: Workload) -> int:
    """Bytes of q, k, v and the output."""
    rows = 2 * workload.seqlen_q * workload.q_heads + 2 * workload.seqlen_kv * workload.kv_heads
    return rows * workload.batch * workload.head_dim * itemsize(workload)


def itemsize(workload: Workload) -> int:
    """Bytes of one element."""
    return 4 if workload.dtype == "float32" else 2
