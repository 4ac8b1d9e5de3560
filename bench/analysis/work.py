"""The rate that a latency implies."""

from bench.operations.operation import Workload


def tflops_per_second(workload: Workload, latency_us: float) -> float:
    """The rate of a workload in TFLOP/s."""
    return workload.flops / latency_us / 1e6
