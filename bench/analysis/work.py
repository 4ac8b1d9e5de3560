"""The work of a workload: attended pairs, operations, and the rate that a latency implies."""

from bench.workload import Workload


def attended_pairs(workload: Workload) -> int:
    """Number of query–key pairs that the mask does not hide, for each head and batch entry.

    A causal mask is aligned to the bottom right (FlashAttention ≥ 2.1): query i of Sq sees the
    keys up to i + Skv - Sq.
    """
    queries, keys = workload.seqlen_q, workload.seqlen_kv
    if not workload.causal:
        return queries * keys
    first = max(0, keys - queries + 1)
    rows = keys - first + 1
    return rows * (first + keys) // 2


def forward_flops(workload: Workload) -> int:
    """Floating-point operations of a forward pass: two products of 2·D per attended pair.

    Without a mask this is `4·B·Hq·Sq·Skv·D`, as FlashAttention and PyTorch count it.
    """
    pairs = attended_pairs(workload) * workload.batch * workload.q_heads
    return 4 * pairs * workload.head_dim


def tflops_per_second(workload: Workload, latency_us: float) -> float:
    """The rate of a forward pass in TFLOP/s."""
    return forward_flops(workload) / latency_us / 1e6
