"""Attention with tensors: its inputs, the call of a page, and the reference.

All tensors are laid out [batch, seqlen, heads, head_dim].
"""

import random
from collections.abc import Callable

import msgspec
import torch

from bench.operations.attention.workload import AttentionWorkload
from bench.operations.kernels import Part, Tensors
from bench.pages.implementation import Device

ROWS = 128
"""Rows that a spot check compares: as many as it takes for the bounds of a whole output to hold.

In bfloat16, with 128 to 1,024 keys and a head_dim of 64 or 128, 128 rows of one head that pass
through INT8 have 1.56 to 2.58 times the error of attention written out, and those of exact kernels
have 0.37 to 1.28 times (60 draws of each). With 64 rows these nearly meet: INT8 has 1.39 times or
more, exact kernels up to 1.36 times.
"""


def make_tensors(workload: AttentionWorkload, device: Device) -> Tensors:
    """Queries `q`, keys `k` and values `v`, uninitialised."""
    dtype = getattr(torch, workload.dtype)

    def tensor(seqlen: int, heads: int) -> torch.Tensor:
        shape = (workload.batch, seqlen, heads, workload.head_dim)
        return torch.empty(shape, dtype=dtype, device=device)

    return {
        "q": tensor(workload.seqlen_q, workload.q_heads),
        "k": tensor(workload.seqlen_kv, workload.kv_heads),
        "v": tensor(workload.seqlen_kv, workload.kv_heads),
    }


def call(function: Callable[..., object], workload: AttentionWorkload, inputs: Tensors) -> object:
    """Call `function(q, k, v, causal=…)`."""
    return function(inputs["q"], inputs["k"], inputs["v"], causal=workload.causal)


def reference(workload: AttentionWorkload, inputs: Tensors, dtype: torch.dtype) -> Tensors:
    """softmax(q·kᵀ/√D)·v computed in `dtype`, one head at a time to save memory."""
    q, k, v = (inputs[name].to(dtype) for name in "qkv")
    group = q.shape[2] // k.shape[2]
    hidden = _hidden(q.shape[1], k.shape[1], q.device) if workload.causal else None
    out = torch.empty_like(q)
    for batch in range(q.shape[0]):
        for head in range(q.shape[2]):
            scores = q[batch, :, head] @ k[batch, :, head // group].T * q.shape[-1] ** -0.5
            if hidden is not None:
                scores = scores.masked_fill(hidden, float("-inf"))
            out[batch, :, head] = scores.softmax(-1) @ v[batch, :, head // group]
    return {"output": out}


def draw_part(workload: AttentionWorkload, inputs: Tensors, outputs: Tensors) -> Part | None:
    """Some rows of one head of one batch entry; None if a causal mask hides all keys from them."""
    queries, keys, group = (
        workload.seqlen_q,
        workload.seqlen_kv,
        workload.q_heads // workload.kv_heads,
    )
    chance = random.SystemRandom()  # created here: a page could tamper with a lasting one
    entry, head = chance.randrange(workload.batch), chance.randrange(workload.q_heads)
    first = chance.randrange(max(1, queries - ROWS + 1))
    end = min(first + ROWS, queries)
    # Under a causal mask, aligned to the bottom right, rows see only the keys up to their own end.
    seen = end + keys - queries if workload.causal else keys
    if seen <= 0:
        return None
    rows = (slice(entry, entry + 1), slice(first, end), slice(head, head + 1))
    columns = (rows[0], slice(seen), slice(head // group, head // group + 1))
    return Part(
        msgspec.structs.replace(
            workload, batch=1, seqlen_q=end - first, seqlen_kv=seen, q_heads=1, kv_heads=1
        ),
        {"q": inputs["q"][rows], "k": inputs["k"][columns], "v": inputs["v"][columns]},
        {"output": outputs["output"][rows]},
        f"rows {first}–{end - 1} of head {head}",
    )


def _hidden(queries: int, keys: int, device: torch.device) -> torch.Tensor:
    """The pairs that a causal mask hides, aligned to the bottom right (FlashAttention ≥ 2.1)."""
    ones = torch.ones(queries, keys, dtype=torch.bool, device=device)
    return ~ones.tril(diagonal=keys - queries)
