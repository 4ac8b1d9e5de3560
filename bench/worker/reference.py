"""The reference: attention written out in any dtype, one head at a time to save memory."""

import torch

from bench.worker.inputs import Inputs


def written_out(inputs: Inputs, *, causal: bool, dtype: torch.dtype) -> torch.Tensor:
    """softmax(q·kᵀ/√D)·v computed in `dtype`, [batch, seqlen_q, q_heads, head_dim].

    In float64 it is the reference. In the workload's own dtype it is the plain implementation: its
    rounding error sets the bounds for exact kernels.
    """
    q, k, v = (tensor.to(dtype) for tensor in (inputs.q, inputs.k, inputs.v))
    group = q.shape[2] // k.shape[2]
    hidden = _hidden(q.shape[1], k.shape[1], q.device) if causal else None
    out = torch.empty_like(q)
    for batch in range(q.shape[0]):
        for head in range(q.shape[2]):
            scores = q[batch, :, head] @ k[batch, :, head // group].T * q.shape[-1] ** -0.5
            if hidden is not None:
                scores = scores.masked_fill(hidden, float("-inf"))
            out[batch, :, head] = scores.softmax(-1) @ v[batch, :, head // group]
    return out


def _hidden(queries: int, keys: int, device: torch.device) -> torch.Tensor:
    """The pairs that a causal mask hides, aligned to the bottom right (FlashAttention ≥ 2.1)."""
    ones = torch.ones(queries, keys, dtype=torch.bool, device=device)
    return ~ones.tril(diagonal=keys - queries)
