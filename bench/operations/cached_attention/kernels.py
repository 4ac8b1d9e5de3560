"""Attention over a KV cache with tensors: its inputs, the call of a page, and the reference.

The caches are [batch, longest, kv_heads, head_dim] or, in pages, [pages, page_size, kv_heads,
head_dim]. A place is a token's index in such a cache after its first two axes are flattened.
"""

import random
from collections.abc import Callable, Iterator

import torch

from bench.operations.attention.kernels import (
    TILE,
    needles_at,
    operand,
    sunk_shift,
    written_out,
)
from bench.operations.attention.workload import AttentionWorkload
from bench.operations.cached_attention.workload import CachedAttentionWorkload
from bench.operations.kernels import FLOAT8, Part, Tensors


def make_tensors(workload: CachedAttentionWorkload, device: str) -> Tensors:
    """Queries `q` and the caches, uninitialised, and `seqlens` and `page_table` with values."""
    new, cached = (getattr(torch, name) for name in (workload.dtype, workload.narrowest_dtype))

    def integers(values: tuple[object, ...]) -> torch.Tensor:
        return torch.tensor(values, dtype=torch.int32, device=device)

    inputs = {
        "q": torch.empty(workload.outputs["output"], dtype=new, device=device),
        "k_cache": torch.empty(workload.cache, dtype=cached, device=device),
        "v_cache": torch.empty(workload.cache, dtype=cached, device=device),
        "seqlens": integers(workload.seqlens),
    }
    if pages := workload.page_table:
        inputs["page_table"] = integers(pages)
    return inputs


def plant(
    pattern: str, workload: CachedAttentionWorkload, inputs: Tensors, generator: torch.Generator
) -> None:
    """Let every query point at one key (`needles`), or give all keys low scores (`sunk scores`).

    Only the keys of sequences are sunk. The rest of the cache keeps scores of about 0, so a kernel
    that reads any of it gives it all the weight.
    """
    q, keys = inputs["q"], inputs["k_cache"].flatten(0, 1)
    if pattern == "sunk scores":
        shift = sunk_shift(workload.head_dim)
        q.add_(shift)
        for sequence in range(workload.batch):
            keys[_places(workload, inputs, sequence)] -= shift
        return
    heads = torch.arange(workload.q_heads, device=q.device)
    key_heads = heads // (workload.q_heads // workload.kv_heads)
    for sequence, length in enumerate(workload.seqlens):
        targets = _targets(workload, inputs, sequence, generator)
        q[sequence] = needles_at(keys[targets, key_heads], among=length)


def _targets(
    workload: CachedAttentionWorkload,
    inputs: Tensors,
    sequence: int,
    generator: torch.Generator,
) -> torch.Tensor:
    """The place of the key that each query of each head points at, [seqlen_q, q_heads].

    Of four consecutive heads, one points at the last key that it sees, and one at a decoy:
    alternately the key that a kernel reads if it goes one too far, and any place in the cache. The
    third points at the last or first key of a page or tile, the fourth at keys spread over the
    whole sequence, including the first. The roles move on by one from query to query and from
    sequence to sequence, so that no head always has the same role.
    """
    new, heads, device = workload.seqlen_q, workload.q_heads, generator.device
    places = _places(workload, inputs, sequence)
    length, step = len(places), workload.page_size or TILE

    last = torch.arange(length - new, length, device=device)[:, None].expand(new, heads)
    turn = torch.arange(new, device=device)[:, None] + torch.arange(heads, device=device) + sequence
    alternate = turn // 4 % 2 == 1
    beyond = torch.cat([places, _beyond(workload, inputs, sequence, places)])[last + 1]
    cached = inputs["k_cache"].shape[0] * inputs["k_cache"].shape[1]
    anywhere = torch.randint(cached, turn.shape, generator=generator, device=device)

    most = 1 + max(1, (length - 1) // step)
    starts = step * torch.randint(1, most, turn.shape, generator=generator, device=device)
    edges = (starts - alternate.long()).clamp(max=length - 1)
    spread = turn % 4 == 0
    count = int(spread.sum())
    strata = torch.arange(count, device=device)
    strata = strata + torch.rand(count, generator=generator, device=device)
    strata[:1] = 0
    order = torch.randperm(count, generator=generator, device=device)
    across = (strata * (length / max(count, 1))).long().clamp(max=length - 1)[order]

    targets = places[torch.where(turn % 4 == 1, last, edges)]
    targets = torch.where(turn % 4 == 3, torch.where(alternate, anywhere, beyond), targets)
    targets[spread] = places[across]
    return targets


def _places(workload: CachedAttentionWorkload, inputs: Tensors, sequence: int) -> torch.Tensor:
    """The places of a sequence's tokens, in their order."""
    length, device = workload.seqlens[sequence], inputs["q"].device
    if workload.page_size is None:
        return torch.arange(length, device=device) + sequence * workload.seqlen_kv
    slots = torch.arange(workload.page_size, device=device)
    pages = inputs["page_table"][sequence].long() * workload.page_size
    return (pages[:, None] + slots).flatten()[:length]


def _beyond(
    workload: CachedAttentionWorkload, inputs: Tensors, sequence: int, places: torch.Tensor
) -> torch.Tensor:
    """The place that a kernel reads if it takes the sequence to be one token longer, [1].

    It is the next place in memory or, after a full page, the first place of the page whose entry
    comes next in the page table's memory. After the last place or entry, the first comes again.
    """
    pages, size = inputs.get("page_table"), workload.page_size
    if pages is None or size is None or len(places) % size:
        cached = inputs["k_cache"].shape[0] * inputs["k_cache"].shape[1]
        return (places[-1:] + 1) % cached
    following = sequence * pages.shape[1] + len(places) // size
    return pages.flatten().roll(-following)[:1].long() * size


def call(
    function: Callable[..., object], workload: CachedAttentionWorkload, inputs: Tensors
) -> object:
    """Call `function(q, k_cache, v_cache, seqlens=…)`, with `page_table=…` if there is one."""
    options = {name: inputs[name] for name in workload.options}
    q, k_cache, v_cache = inputs["q"], inputs["k_cache"], inputs["v_cache"]
    return function(q, k_cache, v_cache, seqlens=inputs["seqlens"], **options)


def reference(workload: CachedAttentionWorkload, inputs: Tensors, dtype: torch.dtype) -> Tensors:
    """softmax(q·kᵀ/√D)·v in `dtype`, for one key head of one sequence at a time to save memory."""
    rounded = getattr(torch, workload.output_dtype) if dtype == FLOAT8 else dtype
    output = inputs["q"].new_zeros(workload.outputs["output"], dtype=rounded)
    for sequence, kv_head in _groups(workload):
        heads, parts = _cut(workload, inputs, sequence, kv_head)
        q, k, v = (operand(part, dtype) for part in parts)
        new, group, length = *q.shape[:2], len(k)
        seen = torch.ones(new, length, dtype=torch.bool, device=q.device).tril(length - new)
        hidden = ~seen.repeat_interleave(group, 0)
        out = written_out(q.flatten(0, 1), k, v, hidden, dtype)
        output[sequence, :, heads] = out.view_as(q).to(rounded)
    return {"output": output}


def _groups(workload: CachedAttentionWorkload) -> Iterator[tuple[int, int]]:
    """Every pair of a sequence and a key head."""
    return ((b, head) for b in range(workload.batch) for head in range(workload.kv_heads))


def _cut(
    workload: CachedAttentionWorkload, inputs: Tensors, sequence: int, kv_head: int
) -> tuple[slice, tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """The query heads that share a key head, and their q, k and v in one sequence.

    q is [seqlen_q, heads, head_dim]; k and v are gathered: [length, head_dim].
    """
    group = workload.q_heads // workload.kv_heads
    heads = slice(kv_head * group, (kv_head + 1) * group)
    places = _places(workload, inputs, sequence)
    k, v = (_gathered(inputs[name], places, kv_head) for name in ("k_cache", "v_cache"))
    return heads, (inputs["q"][sequence, :, heads], k, v)


def _gathered(cache: torch.Tensor, places: torch.Tensor, kv_head: int) -> torch.Tensor:
    """The keys or values of one head at these places, [length, head_dim]."""
    if cache.dtype == FLOAT8:  # on a GPU, torch cannot take elements of float8 by their indices
        return _gathered(cache.view(torch.uint8), places, kv_head).view(FLOAT8)
    return cache.flatten(0, 1)[places, kv_head]


def draw_part(workload: CachedAttentionWorkload, inputs: Tensors, outputs: Tensors) -> Part | None:
    """All rows of one sequence and of the query heads that share one key head.

    With the keys gathered, this is a problem of plain attention.
    """
    chance = random.SystemRandom()  # created here: a page could tamper with a lasting one
    sequence, kv_head = chance.randrange(workload.batch), chance.randrange(workload.kv_heads)
    heads, (q, k, v) = _cut(workload, inputs, sequence, kv_head)
    part = AttentionWorkload(
        seqlen_q=workload.seqlen_q,
        seqlen_kv=len(k),
        q_heads=q.shape[1],
        kv_heads=1,
        head_dim=workload.head_dim,
        dtype=workload.narrowest_dtype,
        causal=True,
    )
    return Part(
        part,
        {"q": q[None], "k": k[None, :, None], "v": v[None, :, None]},
        {"output": outputs["output"][sequence : sequence + 1, :, heads]},
        f"rows of sequence {sequence} and key head {kv_head}",
    )
