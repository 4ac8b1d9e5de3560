"""Compares a small part of an output, chosen unpredictably, with the reference."""

import random

import torch

from bench.pages.implementation import Precision
from bench.worker.correctness import compare, expect
from bench.worker.inputs import Inputs

_ROWS = 128
"""Number of rows that are checked: enough for the bounds of a whole output to hold.

In bfloat16, with 128 to 1,024 keys and a head_dim of 64 or 128, 128 rows of one head that pass
through INT8 have 1.56 to 2.58 times the error of attention written out, and those of exact kernels
have 0.37 to 1.28 times (60 draws of each). With 64 rows, the two ranges nearly meet: INT8 has 1.39
times or more, exact kernels up to 1.36 times.
"""
_LENIENCE = 2.0
"""Factor on the bounds if an output has fewer rows than `_ROWS`: their errors vary more."""


def spot_problem(
    out: torch.Tensor, inputs: Inputs, *, causal: bool, precision: Precision
) -> str | None:
    """What is wrong with some rows of one head of one batch entry of `out`; None if nothing is.

    Every check draws other rows. `out` has the form of an output for `inputs`.
    """
    batch, queries, heads, _ = inputs.q.shape
    keys, group = inputs.k.shape[1], heads // inputs.k.shape[2]
    chance = random.SystemRandom()  # created here: a page could tamper with a lasting one
    entry, head = chance.randrange(batch), chance.randrange(heads)
    first = chance.randrange(max(1, queries - _ROWS + 1))
    rows = slice(first, first + _ROWS)
    # Under a causal mask, aligned to the bottom right, rows see only the keys up to their own end.
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
    place = f"rows {first}–{first + shown.shape[1] - 1} of head {head}"
    if accuracy is None:
        return f"{place} have values that are not finite"
    lenience = _LENIENCE if shown.shape[1] < _ROWS else 1.0
    if accuracy.relative_error <= lenience * accuracy.relative_bound:
        return None
    return f"{place} are wrong"
