"""The rates that a latency implies."""

from bench.operations.discovery import operation_of
from bench.operations.operation import Workload


def tflops_per_second(workload: Workload, latency_us: float) -> float:
    """The rate of arithmetic in TFLOP/s."""
    return workload.flops / latency_us / 1e6


def tb_per_second(workload: Workload, latency_us: float) -> float:
    """The rate of memory traffic in TB/s (1e12 bytes), if each tensor is moved once."""
    return workload.moved_bytes / latency_us / 1e6


def rate(workload: Workload, latency_us: float) -> str:
    """The rate that the operation is limited by, with its unit."""
    if operation_of(workload).bound == "memory":
        return f"{tb_per_second(workload, latency_us):.3g} TB/s"
    return f"{tflops_per_second(workload, latency_us):.3g} TFLOP/s"
