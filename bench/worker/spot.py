"""A small part of an output, chosen where nobody can foresee it, held against the reference."""

import random

import torch

from bench.pages.implementation import Precision
from bench.worker.inputs import Inputs
from bench.worker.judge import compare, expect

_ROWS = 128
"""As many as the bounds of a whole output hold for.

In bfloat16, with 128 to 1,024 keys and a head_dim of 64 or 128, 128 rows of one head that pass
through INT8 make 1.56 to 2.58 times the error of attention written out, and those of exact kernels
0.37 to 1.28 times (60 draws of each); of 64 rows it is 1.39 and 1.36 times.
"""
_LENIENCE = 2.0
"""Over the bounds of a whole output where there are fewer rows than that: they vary more."""


def spot_problem(
    out: torch.Tensor, inputs: Inputs, *, causal: bool, precision: Precision
) -> str | None:
    """What is wrong with some rows of one head of one batch entry of `out`; they change each time.

    `out` has the form of an output for `inputs`.
    """
    batch, queries, heads, _ = inputs.q.shape
    keys, group = inputs.k.shape[1], heads // inputs.k.shape[2]
    chance = random.SystemRandom()  # new: one that lasts could be found and told what to draw
    entry, head = chance.randrange(batch), chance.randrange(heads)
    first = chance.randrange(max(1, queries - _ROWS + 1))
    rows = slice(first, first + _ROWS)
    # A block of rows under a causal mask sees the keys up to its own end, aligned to the bottom.
    seen = min(first + _ROWS, queries) + keys - queries if causal else keys
    if seen <= 0:
        return None
    part = Inputs(
        inputs.q[entry : entry + 1, rows, head : head + 1],
        inputs.k[entry : entry + 1, :seen, head // group : head // group + 1],
        inputs.v[entry : entry + 1, :seen, head // group : head // group + 1],
    )
    shown = out[entry : entry + 1, rows, head : head + 1]
    accuracy = compare(shown, expect(part, causal=causal), precision).accuracy
    if accuracy is None:
        return "a part of it has values that are not finite"
    lenience = _LENIENCE if shown.shape[1] < _ROWS else 1.0
    if accuracy.relative_error <= lenience * accuracy.relative_bound:
        return None
    return f"rows {first}–{first + shown.shape[1] - 1} of head {head} are wrong"
