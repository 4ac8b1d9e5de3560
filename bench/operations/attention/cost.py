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
    window = workload.window or keys

    def pairs_up_to(position: int) -> int:
        """Pairs of all queries up to a position, each with the window that ends there."""
        return _triangle(position) - _triangle(position - window)

    return pairs_up_to(keys) - pairs_up_to(keys - queries)


def _triangle(side: int) -> int:
    """1 + 2 + … + side."""
    return max(0, side) * (max(0, side) + 1) // 2


def flops(workload: "AttentionWorkload") -> int:
    """Floating-point operations: two products of 2·D per attended pair; five in a backward pass.

    Without a mask a forward pass has `4·B·Hq·Sq·Skv·D`, as FlashAttention and PyTorch count it.
    """
    pairs = attended_pairs(workload) * workload.batch * workload.q_heads
    products = 5 if workload.direction == "backward" else 2
    return products * 2 * pairs * workload.head_dim


def moved_bytes(workload: "AttentionWorkload") -> int:
    """Bytes of q, k, v and the output; in a backward pass, of q, k, v and all gradients.

    For float8 inputs, the output is bfloat16, two bytes per element.

    Keys that no window reaches need not be read; their gradients are zeros, which are written.
    """
    seen = workload.seqlen_kv
    if workload.window:
        seen = min(seen, workload.seqlen_q + workload.window - 1)
    queries, keys = workload.seqlen_q * workload.q_heads, seen * workload.kv_heads
    read, written = queries + 2 * keys, queries
    if workload.direction == "backward":  # the gradients of q, k and v, and that of the output
        read, written = read + queries, written + 2 * workload.seqlen_kv * workload.kv_heads
    size = read * ITEMSIZE[workload.dtype] + written * ITEMSIZE[workload.output_dtype]
    return size * workload.batch * workload.head_dim
