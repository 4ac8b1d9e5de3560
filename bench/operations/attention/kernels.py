"""Attention with tensors: its inputs, the call of a page, and the reference.

All tensors are laid out [batch, seqlen, heads, head_dim].
"""

import math
import random
from collections.abc import Callable

import msgspec
import torch

from bench.operations.attention.workload import AttentionWorkload
from bench.operations.kernels import FLOAT8, WIDE, Part, Tensors

ROWS = 128
"""Rows that a spot check compares: as many as it takes for the bounds of a whole output to hold.

In bfloat16, with 128 to 1,024 keys and a head_dim of 64 or 128, 128 rows of one head that pass
through INT8 have 1.56 to 2.58 times the error of attention written out, and those of exact kernels
have 0.37 to 1.28 times (60 draws of each). With 64 rows the ranges nearly meet: INT8 has 1.39 times
or more, exact kernels up to 1.36 times.
"""


_NEEDLE = 1.2
"""Least factor of a query that points at a key: q = factor · k, for a key of average length.

Take a bound of twice the relative error of attention written out. With a head_dim of 128 and 4,224
to 16,384 keys on an H100, fused kernels have 0.24 to 0.36 times this bound, eager attention has
0.50 times, and one dropped key makes an error of 1.2 to 27 times.
"""

_SUNK = -20.0
"""Mean of sunk scores: a key that does not exist, with a score of 0, has all the weight."""

_SCORES = 1 << 28
"""Most scores that the reference of a forward pass has in memory at once: 2 GiB in float64."""

_SCALE = 256.0
"""Factor of weights that are rounded to float8, whose least normal number is 1/64.

FlashAttention-3 uses the same: `Max_offset` in `hopper/flash_fwd_kernel_sm90.h` is its log2, 8.
Without it, small weights lose bits or become zero.
"""

TILE = 64
"""Keys from one place where a kernel may cut to the next; most kernels' tiles are multiples."""


def make_tensors(workload: AttentionWorkload, device: str) -> Tensors:
    """Queries `q`, keys `k` and values `v`, and in a backward pass `d_output`; uninitialised."""
    dtype = getattr(torch, workload.dtype)

    def tensor(seqlen: int, heads: int) -> torch.Tensor:
        shape = (workload.batch, seqlen, heads, workload.head_dim)
        return torch.empty(shape, dtype=dtype, device=device)

    inputs = {
        "q": tensor(workload.seqlen_q, workload.q_heads),
        "k": tensor(workload.seqlen_kv, workload.kv_heads),
        "v": tensor(workload.seqlen_kv, workload.kv_heads),
    }
    if workload.direction == "backward":
        inputs["d_output"] = torch.empty_like(inputs["q"])
    return inputs


def plant(
    pattern: str, workload: AttentionWorkload, inputs: Tensors, generator: torch.Generator
) -> None:
    """Let every query point at one key (`needles`), or give all keys low scores (`sunk scores`).

    With N(0, 1) inputs, attention is nearly a mean over all keys: a dropped key, or one too many,
    changes the output less than rounding does.
    """
    if pattern == "needles":
        _plant_needles(workload, inputs["q"], inputs["k"], generator)
    else:  # softmax does not change if all scores of a row shift
        shift = sunk_shift(workload.head_dim)
        inputs["q"].add_(shift)
        inputs["k"].sub_(shift)


def _plant_needles(
    workload: AttentionWorkload, q: torch.Tensor, k: torch.Tensor, generator: torch.Generator
) -> None:
    group = workload.q_heads // workload.kv_heads
    for batch in range(workload.batch):
        for head in range(workload.q_heads):
            targets = needle_targets(workload, head, generator)
            keys = k[batch, targets, head // group]
            q[batch, :, head] = needles_at(keys, among=workload.seqlen_kv)


def sunk_shift(head_dim: int) -> float:
    """The shift that, added to queries and subtracted from keys, lowers scores to `_SUNK`."""
    return float((-_SUNK / head_dim**0.5) ** 0.5)


def needles_at(keys: torch.Tensor, *, among: int) -> torch.Tensor:
    """Queries that point at `keys`, each at one of `among` keys; both are [..., head_dim]."""
    keys, head_dim = keys.float(), keys.shape[-1]
    factor = _needle_factor(among, head_dim)
    return factor * head_dim * keys / keys.square().sum(-1, keepdim=True)


def _needle_factor(keys: int, head_dim: int) -> float:
    """The factor for which a needle has about 0.9 of the weight among all keys.

    The needle's score is c·√D, because its length is divided out. The other scores are about
    N(0, c²), so their weights add up to that of a score of ln(keys) + c²/2.
    """
    enough = math.sqrt(head_dim) - math.sqrt(max(0.0, head_dim - 2 * (math.log(keys) + 2)))
    return max(_NEEDLE, enough)


def needle_targets(
    workload: AttentionWorkload, head: int, generator: torch.Generator
) -> torch.Tensor:
    """The key that each query of a head points at, [seqlen_q].

    Without a mask, they are all keys in random order; if there are fewer queries than keys, the
    first, last and middle key take precedence, then the edges of tiles. With a causal mask, half of
    the queries point at the nearest key that they must not see (a decoy), and a quarter at the last
    key that they see. Which queries do so differs between heads, so that four heads together point
    at all keys. With a window, every second decoy is the nearest key before the window, and half of
    that quarter of the queries point at its first key instead of its last.
    """
    queries, keys, device = workload.seqlen_q, workload.seqlen_kv, generator.device
    order = torch.randperm(keys, generator=generator, device=device)
    if queries < keys:  # not every key has its query
        ends = torch.tensor([0, keys - 1, keys // 2], device=device)
        edges = torch.arange(TILE, max(keys, TILE), TILE, device=device)
        order = torch.cat([ends, _shuffled(torch.cat([edges - 1, edges]), generator), order])

    def drawn(count: int) -> torch.Tensor:
        return _shuffled(order.repeat(-(-count // len(order)))[:count], generator)

    if not workload.causal:
        return drawn(queries)
    last = torch.arange(keys - queries, keys, device=device)
    turn = torch.arange(queries, device=device) + head
    first, early = torch.zeros_like(last), torch.zeros_like(last, dtype=torch.bool)
    if workload.window:
        first, early = (last + 1 - workload.window).clamp(min=0), turn // 4 % 2 == 1
    decoy = torch.where(early & (first > 0), first - 1, (last + 1).clamp(max=keys - 1))
    targets = torch.where(turn % 2 == 1, decoy, torch.where(early, first, last))
    free = turn % 4 == 0
    targets[free] = first[free] + drawn(int(free.sum())) % (last + 1 - first)[free]
    return targets


def _shuffled(tensor: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    order = torch.randperm(len(tensor), generator=generator, device=tensor.device)
    return tensor[order]


def call(function: Callable[..., object], workload: AttentionWorkload, inputs: Tensors) -> object:
    """Call `function(q, k, v, causal=…)`, with `window=…` if there is one."""
    options = {name: getattr(workload, name) for name in workload.options}
    return function(inputs["q"], inputs["k"], inputs["v"], causal=workload.causal, **options)


def reference(workload: AttentionWorkload, inputs: Tensors, dtype: torch.dtype) -> Tensors:
    """softmax(q·kᵀ/√D)·v or its gradients, in `dtype`, one head at a time to save memory."""
    cast = {name: operand(tensor, dtype) for name, tensor in inputs.items()}
    q, k, v = (cast[name] for name in "qkv")
    group = workload.q_heads // workload.kv_heads
    hidden = _hidden(workload, q.device) if workload.causal else None
    outputs = {name: q.new_zeros(shape) for name, shape in workload.outputs.items()}
    for batch in range(workload.batch):
        for head in range(workload.q_heads):
            place = (batch, slice(None), head)
            kv_place = (batch, slice(None), head // group)
            parts = (q[place], k[kv_place], v[kv_place])
            if workload.direction == "forward":
                outputs["output"][place] = _by_rows(*parts, hidden, dtype)
                continue
            gradients = _gradients(parts, cast["d_output"][place], hidden)
            for name, into, gradient in zip(
                ("dq", "dk", "dv"), (place, kv_place, kv_place), gradients, strict=True
            ):
                outputs[name][into] += gradient
    return outputs


def operand(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """One factor of a product, in `dtype`; after rounding to float8 it is returned in WIDE."""
    return tensor.to(FLOAT8).to(WIDE) if dtype == FLOAT8 else tensor.to(dtype)


def _by_rows(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    hidden: torch.Tensor | None,
    dtype: torch.dtype,
) -> torch.Tensor:
    """Attention of one head, some rows at a time, because rows do not depend on one another."""
    rows = max(1, _SCORES // len(k))
    masks = [None] * -(-len(q) // rows) if hidden is None else hidden.split(rows)
    pairs = zip(q.split(rows), masks, strict=True)
    return torch.cat([written_out(some, k, v, mask, dtype) for some, mask in pairs])


def written_out(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    hidden: torch.Tensor | None,
    dtype: torch.dtype,
) -> torch.Tensor:
    """Attention of one head, [seqlen_q, head_dim]; q, k and v are operands in `dtype`."""
    scores = q @ k.T * q.shape[-1] ** -0.5
    if hidden is not None:
        scores = scores.masked_fill(hidden, float("-inf"))
    if dtype == FLOAT8:
        return _weighed_in_float8(scores, v)
    out: torch.Tensor = scores.softmax(-1) @ v
    return out


def _weighed_in_float8(scores: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """softmax(scores)·v: float8 weights times v, divided by the sum of the unrounded weights."""
    scores = scores.float()
    weights = _SCALE * (scores - scores.amax(-1, keepdim=True)).exp()
    return (operand(weights, FLOAT8) @ v / weights.sum(-1, keepdim=True)).to(WIDE)


def _gradients(
    parts: tuple[torch.Tensor, ...], d_output: torch.Tensor, hidden: torch.Tensor | None
) -> tuple[torch.Tensor, ...]:
    """The gradients of q, k and v of one head."""
    with torch.enable_grad():
        q, k, v = (part.detach().requires_grad_() for part in parts)
        out = written_out(q, k, v, hidden, q.dtype)
        return torch.autograd.grad(out, (q, k, v), d_output)


def draw_part(workload: AttentionWorkload, inputs: Tensors, outputs: Tensors) -> Part | None:
    """Some rows of one head of one batch entry; None if a causal mask hides all keys from them.

    In a backward pass, all rows of one key head with its query heads, because the gradient of a key
    depends on all of them.
    """
    chance = random.SystemRandom()  # created here: a page could tamper with a lasting one
    entry, head = chance.randrange(workload.batch), chance.randrange(workload.q_heads)
    group = workload.q_heads // workload.kv_heads
    kv_head, first, end = head // group, 0, workload.seqlen_q
    unseen, seen = 0, workload.seqlen_kv
    heads = slice(kv_head * group, (kv_head + 1) * group)
    if workload.direction == "forward":
        heads = slice(head, head + 1)
        first = chance.randrange(max(1, workload.seqlen_q - ROWS + 1))
        end = min(first + ROWS, workload.seqlen_q)
        if workload.causal:  # aligned to the bottom right: rows see keys up to their own end only
            seen = end + workload.seqlen_kv - workload.seqlen_q
            if seen <= 0:
                return None
            if workload.window:  # and the first row none before its window
                unseen = max(0, seen - (end - first) - workload.window + 1)
    queries = (slice(entry, entry + 1), slice(first, end), heads)
    keys = (slice(entry, entry + 1), slice(unseen, seen), slice(kv_head, kv_head + 1))
    places = {"q": queries, "k": keys, "v": keys, "d_output": queries}
    places |= {"output": queries, "dq": queries, "dk": keys, "dv": keys}
    part = msgspec.structs.replace(
        workload,
        batch=1,
        seqlen_q=end - first,
        seqlen_kv=seen - unseen,
        q_heads=heads.stop - heads.start,
        kv_heads=1,
    )
    return Part(
        part,
        {name: tensor[places[name]] for name, tensor in inputs.items()},
        {name: tensor[places[name]] for name, tensor in outputs.items()},
        f"rows {first}–{end - 1} of head {head}",
    )


def _hidden(workload: AttentionWorkload, device: torch.device) -> torch.Tensor:
    """The pairs that a causal mask and a window hide, aligned to the bottom right."""
    queries, keys = workload.seqlen_q, workload.seqlen_kv
    ones = torch.ones(queries, keys, dtype=torch.bool, device=device)
    seen = ones.tril(diagonal=keys - queries)
    if workload.window:
        seen &= ones.triu(diagonal=keys - queries - workload.window + 1)
    return ~seen
