"""Packed attention with tensors: its inputs, the call of a page, and the reference.

All tensors are laid out [tokens, heads, head_dim]. Sequence s has the tokens from cu_seqlens[s] up
to, but not including, cu_seqlens[s + 1].
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate

import torch

from bench.operations.attention import kernels as attention
from bench.operations.kernels import Part, Tensors
from bench.operations.packed_attention.workload import PackedAttentionWorkload


def make_tensors(workload: PackedAttentionWorkload, device: str) -> Tensors:
    """Uninitialised `q`, `k`, `v` and in a backward pass `d_output`; `cu_seqlens` with its values.

    `cu_seqlens` [sequences + 1] holds the cumulative lengths, as 32-bit integers.
    """
    alone = attention.make_tensors(workload.alone(workload.tokens), device)
    starts = list(accumulate(workload.seqlens, initial=0))
    cu_seqlens = torch.tensor(starts, dtype=torch.int32, device=device)
    return {name: tensor[0] for name, tensor in alone.items()} | {"cu_seqlens": cu_seqlens}


def plant(
    pattern: str, workload: PackedAttentionWorkload, inputs: Tensors, generator: torch.Generator
) -> None:
    """Let every query point at one key (`needles`), or give all keys low scores (`sunk scores`)."""
    if pattern != "needles":
        shift = attention.sunk_shift(workload.head_dim)
        inputs["q"].add_(shift)
        inputs["k"].sub_(shift)
        return
    group = workload.q_heads // workload.kv_heads
    for head in range(workload.q_heads):
        targets = torch.cat(
            [_targets(workload, place, head, generator) for place in _places(workload)]
        )
        keys = inputs["k"][targets, head // group]
        inputs["q"][:, head] = attention.needles_at(keys, among=workload.max_seqlen)


def _targets(
    workload: PackedAttentionWorkload, place: slice, head: int, generator: torch.Generator
) -> torch.Tensor:
    """The key in the pack that each query of a sequence points at, [seqlen].

    They are the keys of attention over this sequence alone, except for the decoys that half of the
    queries point at. Every second decoy is the key just before the sequence. Without a mask, the
    others are the key just after the sequence. With a causal mask, they are the nearest key that
    the mask hides: for the last query, this is also the key just after the sequence.
    """
    first, end, seqlen = place.start, place.stop, place.stop - place.start
    targets: torch.Tensor = (
        attention.needle_targets(workload.alone(seqlen), head, generator) + first
    )
    turn = torch.arange(seqlen, device=generator.device) + head
    decoy, early = turn % 2 == 1, turn % 4 == 3
    if end < workload.tokens:
        late = decoy.clone()
        if workload.causal:
            late[:-1] = False
        targets[late] = end
    if first > 0:
        targets[decoy & early] = first - 1
    return targets


def call(
    function: Callable[..., object], workload: PackedAttentionWorkload, inputs: Tensors
) -> object:
    """Call `function(q, k, v, cu_seqlens=…, max_seqlen=…, causal=…)`."""
    return function(
        inputs["q"],
        inputs["k"],
        inputs["v"],
        cu_seqlens=inputs["cu_seqlens"],
        max_seqlen=workload.max_seqlen,
        causal=workload.causal,
    )


def reference(workload: PackedAttentionWorkload, inputs: Tensors, dtype: torch.dtype) -> Tensors:
    """Attention or its gradients, in `dtype`, one head of one sequence at a time."""
    device = inputs["q"].device
    outputs = {
        name: torch.empty(shape, dtype=dtype, device=device)
        for name, shape in workload.outputs.items()
    }
    for place in _places(workload):
        alone = workload.alone(place.stop - place.start)
        for name, part in attention.reference(alone, _cut(inputs, place), dtype).items():
            outputs[name][place] = part[0]
    return outputs


def draw_part(workload: PackedAttentionWorkload, inputs: Tensors, outputs: Tensors) -> Part | None:
    """A part of one sequence, drawn by attention's own `draw_part`.

    The chance of a sequence is proportional to its length. A sequence of one token is left out: its
    output is its value, and its gradients of q and k are zeros, so there is no error to compare
    with.
    """
    chance = random.SystemRandom()  # created here: a page could tamper with a lasting one
    places = [place for place in _places(workload) if place.stop - place.start > 1]
    (place,) = chance.choices(places, [place.stop - place.start for place in places])
    part = attention.draw_part(
        workload.alone(place.stop - place.start), _cut(inputs, place), _cut(outputs, place)
    )
    where = f" of tokens {place.start}–{place.stop - 1}"
    return part and replace(part, place=part.place + where)


def _places(workload: PackedAttentionWorkload) -> Iterator[slice]:
    """Where each sequence that has tokens is in the pack."""
    start = 0
    for seqlen in workload.seqlens:
        if seqlen:
            yield slice(start, start + seqlen)
        start += seqlen


def _cut(tensors: Tensors, place: slice) -> Tensors:
    """One sequence as attention's tensors, [1, seqlen, heads, head_dim]."""
    return {
        name: tensor[place].unsqueeze(0)
        for name, tensor in tensors.items()
        if tensor.is_floating_point()
    }
