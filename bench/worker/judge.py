"""Whether an output is right: form first, then its error against the float64 reference."""

from dataclasses import dataclass

import torch

from bench.pages.implementation import Precision
from bench.records.outcome import Accuracy
from bench.runs.messages import Verdict
from bench.worker.inputs import Inputs
from bench.worker.reference import written_out

QUANTISED_BOUND = 0.05
"""Error a quantised class may make, as a share of the output.

SageAttention 1 (INT8) makes 0.014, six times bfloat16's; a kernel that leaves out one head of 24
makes 0.2.
"""

QUANTISED_WORST = 0.2
"""Error a quantised class may make at one element, as a share of the largest output.

The largest of 13 million errors has a long tail: in 190 judgements of SageAttention 1 it was 0.01
to 0.05 of the largest output, at one relative error. A wrong row is wrong by about its own size.
"""

HALF_FACTOR, FLOAT32_FACTOR = 2.0, 4.0
"""How many times the errors of attention written out in the same dtype one may make.

For the 16-bit types, where those errors are mostly of the rounded scores and probabilities, the
factor is that of FlashAttention's own tests (tests/test_flash_attn.py, hopper/test_flash_attn.py).
In float32, which those do not test, the order of the sums decides: of outputs with a few rows one
in a hundred is over 2.5 times the relative error, none of 4,200 over 3.5; of 6,500 larger ones none
was over 2.2 times the largest error.
"""

HALF_RELATIVE = 1.5
"""The same for the relative error of a whole output in the 16-bit types.

Written out, scores and probabilities are rounded to the dtype. In bfloat16 and float16, with 512 to
4,096 keys and a head_dim of 64 to 256, kernels that keep them in float32 make 0.39 to 0.53 of that
error, eager attention as `transformers` computes it 1.00, one that scales queries and keys first
1.15. In bfloat16 at head_dim 128, INT8 with a scale for each row makes 1.64 to 1.93 of it: with a
factor of two a kernel that quantises would pass for exact.
"""

_FEW_ROWS = 128
"""Queries × heads × batch under which the relative error varies too much for that: an honest
kernel's came to 1.3 times that of attention written out with 128 rows, to 1.9 times with 8."""


@dataclass(frozen=True)
class Expected:
    """What the output of some inputs has to be, and how far an exact kernel may be from it."""

    reference: torch.Tensor
    """float64, [batch, seqlen_q, q_heads, head_dim]."""
    max_abs_bound: float
    relative_bound: float


def expect(inputs: Inputs, *, causal: bool) -> Expected:
    """The reference for `inputs`, with the bounds of the class `exact`.

    Both are multiples of the errors of attention written out in the same dtype. That of the largest
    error has rounding slack, which is what the dtype loses when 0.3 is added to the output and
    taken away.
    """
    dtype = inputs.q.dtype
    chosen = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")  # whatever the page has chosen for itself
    try:
        reference = written_out(inputs, causal=causal, dtype=torch.float64)
        largest, relative = _errors(written_out(inputs, causal=causal, dtype=dtype), reference)
    finally:
        torch.set_float32_matmul_precision(chosen)
    rounded = reference.to(dtype)
    slack = 2 * (rounded + 0.3 - 0.3 - rounded).abs().max().item()
    if dtype == torch.float32:
        factor = relative_factor = FLOAT32_FACTOR
    else:
        few = reference[..., 0].numel() < _FEW_ROWS
        factor, relative_factor = HALF_FACTOR, HALF_FACTOR if few else HALF_RELATIVE
    return Expected(reference, factor * largest + slack, relative_factor * relative)


def compare(out: torch.Tensor, expected: Expected, precision: Precision) -> Verdict:
    """The errors of `out`, of the reference's shape, and what is wrong with them."""
    if not out.isfinite().all():
        return Verdict(problem="the output has values that are not finite")
    max_abs_error, relative_error = _errors(out, expected.reference)
    exact = precision == "exact"
    largest = expected.reference.abs().max().item()
    accuracy = Accuracy(
        max_abs_error=max_abs_error,
        max_abs_bound=expected.max_abs_bound if exact else QUANTISED_WORST * largest,
        relative_error=relative_error,
        relative_bound=expected.relative_bound if exact else QUANTISED_BOUND,
    )
    return Verdict(accuracy=accuracy, problem=_problem(accuracy))


def form_problem(out: object, inputs: Inputs) -> str | None:
    """Why `out` cannot be an output for `inputs`, whatever its values are.

    A subclass of a tensor may compute its values only when somebody looks at them.
    """
    if type(out) is not torch.Tensor:
        return f"returned {type(out).__name__}, not a plain tensor"
    for name in ("shape", "dtype", "device", "layout"):
        found, wanted = getattr(out, name), getattr(inputs.q, name)
        if found != wanted:
            return f"the output's {name} is {_plain(found)}, not {_plain(wanted)}"
    return None


def _plain(value: object) -> str:
    return str(list(value)) if isinstance(value, torch.Size) else str(value)


def _errors(out: torch.Tensor, reference: torch.Tensor) -> tuple[float, float]:
    """The largest error, and the Frobenius norm of the error over that of the reference."""
    error = out.double() - reference
    return error.abs().max().item(), (error.norm() / reference.norm()).item()


def _problem(accuracy: Accuracy) -> str | None:
    if not accuracy.relative_error <= accuracy.relative_bound:
        return f"relative error {accuracy.relative_error:.2g} is over {accuracy.relative_bound:.2g}"
    if not accuracy.max_abs_error <= accuracy.max_abs_bound:
        return f"largest error {accuracy.max_abs_error:.2g} is over {accuracy.max_abs_bound:.2g}"
    return None
