"""What attention over a KV cache costs: arithmetic operations and bytes of memory traffic."""

from typing import TYPE_CHECKING

from bench.operations.operation import ITEMSIZE

if TYPE_CHECKING:
    from bench.operations.cached_attention.workload import CachedAttentionWorkload


def flops(workload: "CachedAttentionWorkload") -> int:
    """Floating-point operations: two products of 2·D for each visible pair of a query and a key."""
    new = workload.seqlen_q
    pairs = sum(new * length - new * (new - 1) // 2 for length in workload.seqlens)
    return 4 * pairs * workload.q_heads * workload.head_dim


def moved_bytes(workload: "CachedAttentionWorkload") -> int:
    """Bytes of q, of the output, and of the cached keys and values, once for each key head.

    The cache may have a narrower dtype than q and the output.

    Room in the cache that no sequence fills is not read. The lengths and the page table are not
    counted: four bytes for each page of 16 are 0.006 % of its keys and values (8 heads of 128 in
    bfloat16).
    """
    queries = workload.batch * workload.seqlen_q * workload.q_heads
    keys = sum(workload.seqlens) * workload.kv_heads
    new, cached = ITEMSIZE[workload.dtype], ITEMSIZE[workload.narrowest_dtype]
    return 2 * (queries * new + keys * cached) * workload.head_dim
