"""Judges an output: first its form, then its error against the float64 reference."""

from dataclasses import dataclass

import torch

from bench.pages.implementation import Precision
from bench.records.outcome import Accuracy
from bench.runner.messages import Verdict
from bench.worker.inputs import Inputs
from bench.worker.reference import written_out

QUANTISED_BOUND = 0.05
"""Relative error that a quantised class may have.

SageAttention 1 (INT8) has 0.014, six times as much as bfloat16; a kernel that leaves out one head
of 24 has 0.2.
"""

QUANTISED_WORST = 0.2
"""Error that a quantised class may have at one element, as a share of the largest output.

The largest of 13 million errors has a long tail: in 190 judgements of SageAttention 1 it was 0.01
to 0.05 of the largest output, at the same relative error. The error of a wrong row is about as
large as the row's own values.
"""

HALF_FACTOR, FLOAT32_FACTOR = 2.0, 4.0
"""Bounds on the errors, as multiples of the errors of attention written out in the same dtype.

For the 16-bit types, where most of that error comes from rounding scores and probabilities, the
factor is that of FlashAttention's own tests (tests/test_flash_attn.py, hopper/test_flash_attn.py).
Those tests do not cover float32, in which the errors depend on the order of summation. Of 4,200
outputs with few rows, one in a hundred had over 2.5 times the relative error and none had over 3.5
times. Of 6,500 larger outputs, none had over 2.2 times the largest error.
"""

HALF_RELATIVE = 1.5
"""Factor for the relative error of a whole output in the 16-bit types.

Attention written out rounds scores and probabilities to the dtype. In bfloat16 and float16, with
512 to 4,096 keys and a head_dim of 64 to 256, kernels that keep these in float32 have 0.39 to 0.53
times that error. Eager attention as `transformers` computes it has 1.00 times, and a kernel that
scales queries and keys first has 1.15 times. In bfloat16 at head_dim 128, INT8 with a scale for
each row has 1.64 to 1.93 times: with a factor of two, a kernel that quantises would pass as exact.
"""

_FEW_ROWS = 128
"""Number of rows (queries × heads × batch) from which `HALF_RELATIVE` applies.

With fewer rows, the relative error varies too much: the error of an honest kernel reached 1.3 times
the error of attention written out with 128 rows, and 1.9 times with 8.
"""


@dataclass(frozen=True)
class Expected:
    """The correct output for some inputs, and how far an exact kernel may be from it."""

    reference: torch.Tensor
    """Tensor in float64, [batch, seqlen_q, q_heads, head_dim]."""
    max_abs_bound: float
    relative_bound: float


def expect(inputs: Inputs, *, causal: bool) -> Expected:
    """The reference for `inputs`, with the bounds of the class `exact`.

    Both bounds are multiples of the errors of attention written out in the same dtype. The bound of
    the largest error has slack for rounding: twice what the dtype loses when 0.3 is added to the
    reference and subtracted again.
    """
    dtype = inputs.q.dtype
    previous = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")  # the page's code may have set another
    try:
        reference = written_out(inputs, causal=causal, dtype=torch.float64)
        largest, relative = _errors(written_out(inputs, causal=causal, dtype=dtype), reference)
    finally:
        torch.set_float32_matmul_precision(previous)
    rounded = reference.to(dtype)
    slack = 2 * (rounded + 0.3 - 0.3 - rounded).abs().max().item()
    if dtype == torch.float32:
        factor = relative_factor = FLOAT32_FACTOR
    else:
        few = reference[..., 0].numel() < _FEW_ROWS
        factor, relative_factor = HALF_FACTOR, HALF_FACTOR if few else HALF_RELATIVE
    return Expected(reference, factor * largest + slack, relative_factor * relative)


def compare(out: torch.Tensor, expected: Expected, precision: Precision) -> Verdict:
    """The errors of `out`, which has the reference's shape, and the problem with them, if any."""
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
    """Why `out` cannot be an output for `inputs`, whatever its values are; None if it can.

    Subclasses of tensors are refused: one may compute its values only when somebody looks at them.
    """
    if type(out) is not torch.Tensor:
        return f"returned {type(out).__name__}, not a plain tensor"
    for name in ("shape", "dtype", "device", "layout"):
        actual, expected = getattr(out, name), getattr(inputs.q, name)
        if actual != expected:
            return f"the output's {name} is {_plain(actual)}, not {_plain(expected)}"
    return None


def _plain(value: object) -> str:
    return str(list(value)) if isinstance(value, torch.Size) else str(value)


def _errors(out: torch.Tensor, reference: torch.Tensor) -> tuple[float, float]:
    """The largest error, and the error's Frobenius norm divided by the reference's."""
    error = out.double() - reference
    return error.abs().max().item(), (error.norm() / reference.norm()).item()


def _problem(accuracy: Accuracy) -> str | None:
    if not accuracy.relative_error <= accuracy.relative_bound:
        return f"relative error {accuracy.relative_error:.2g} is over {accuracy.relative_bound:.2g}"
    if not accuracy.max_abs_error <= accuracy.max_abs_bound:
        return f"largest error {accuracy.max_abs_error:.2g} is over {accuracy.max_abs_bound:.2g}"
    return None
