"""What attention costs: arithmetic operations and bytes of memory traffic."""

from typing import TYPE_CHECKING

from bench.operations.operation import ITEMSIZE

if TYPE_CHECKING:
    from bench.operations.attention.workload import AttentionWorkload


def attended_pairs(workload: "AttentionWorkload") -> int:
    """Query–key pairs that the mask leaves, per head and batch entry."""
    queries, keys = workload.seqlen_q, workload.seqlen_kv
    if not workload.causal:
        return queries * keys
    first = max(0, keys - queries + 1)
    rows = keys - first + 1
    return rows * (first + keys) // 2


def flops(workload: "AttentionWorkload") -> int:
    """Floating-point operations of a forward pass: two products of 2·D per attended pair.

    Without a mask this is `4·B·Hq·Sq·Skv·D`, as FlashAttention and PyTorch count it.
    """
    pairs = attended_pairs(workload) * workload.batch * workload.q_heads
    return 4 * pairs * workload.head_dim


def moved_bytes(workload: "AttentionWorkload") -> int:
    """Bytes of q, k, v and the output."""
    rows = 2 * workload.seqlen_q * workload.q_heads + 2 * workload.seqlen_kv * workload.kv_heads
    return rows * workload.batch * workload.head_dim * ITEMSIZE[workload.dtype]
