"""Judges an output: first its form, then its error against the float64 reference."""

import math
from dataclasses import dataclass
from typing import Any

import msgspec
import torch

from bench.operations.kernels import Tensors, kernels_of
from bench.operations.operation import FLOAT8, Workload
from bench.pages.implementation import Precision
from bench.records.outcome import Accuracy, largest
from bench.runner.messages import Verdict

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
outputs with few rows, one in a hundred had over 2.5 times the relative error, and the largest error
reached 4.02 times: with few rows, the factor is twice as large. Of 6,500 larger outputs, none had
over 2.2 times the largest error.
"""

HALF_RELATIVE = 1.5
"""Factor for the relative error of a whole output in the 16-bit types.

Attention written out rounds scores and probabilities to the dtype. In bfloat16 and float16, with
512 to 4,096 keys and a head_dim of 64 to 256, kernels that keep these in float32 have 0.39 to 0.53
times that error. Eager attention as `transformers` computes it has 1.00 times, and a kernel that
scales queries and keys first has 1.15 times. In bfloat16 at head_dim 128, INT8 with a scale for
each row has 1.64 to 1.93 times: with a factor of two, a kernel that quantises would pass as exact.
"""

FLOAT8_FACTOR = 2.0
"""Bounds on the errors in float8, as multiples of those of attention written out in float8.

There the weights are rounded to float8, and the queries too if only the cache is in float8. This
makes most of the error: 2.1 to 2.7 % on N(0, 1) with 64 to 32,768 keys and a head_dim of 64 or 128.
A kernel that does the same block by block has 0.94 to 0.98 times that error; FlashAttention-3 has
2.5 % on an H100. A kernel that rounds normalised weights has 1.0 to 1.3 times the relative error
and up to 1.5 times the largest error. A kernel that computes in bfloat16 has 0.1 times, and a
kernel that quantises all inputs again, with another scale, has 2.2 times or more.
"""

FLOAT8_MOST = 0.5
"""The largest bound on the relative error in float8.

On sunk scores, over a cache of 600 to 131,072 keys, the factors alone would make it 0.5 to 1.0,
but a key that does not exist makes an error of 1.0. Right kernels have at most 0.08.
"""

FEW_ROWS = 128
"""Number of rows (queries × heads × batch) from which `HALF_RELATIVE` applies.

With fewer rows, the relative error varies too much: the error of an honest kernel reached 1.3 times
the error of attention written out with 128 rows, and 1.9 times with 8.
"""


PATTERN_FACTOR = 6.0
"""Factor on the bounds of the class `exact` for inputs of a pattern (`Workload.patterns`).

A pattern looks for faults that change an output by about its own size; N(0, 1) shows how exact a
kernel is. The backward pass of torch's fused attention recomputes probabilities from large scores,
so its gradients on needles have up to 1.1 times the bounds in the 16-bit types and 4.3 times in
float32. One dropped key has 23 to 286 times the bound of the largest error.
"""


@dataclass(frozen=True)
class Expected:
    """One right output, and how far an exact kernel may be from it."""

    reference: torch.Tensor
    """The output, computed in float64; kept in float32 for the 16-bit types, to save memory."""
    max_abs_bound: float
    relative_bound: float


def expect(workload: Workload, inputs: Tensors, factor: float = 1.0) -> dict[str, Expected]:
    """The right outputs for `inputs`, with `factor` times the bounds of the class `exact`.

    Both bounds are multiples of the errors of the operation written out in the same dtype. The
    bound of the largest error has slack for rounding: twice what the dtype loses when 0.3 is added
    to the reference and subtracted again.
    """
    reference = kernels_of(workload).reference
    previous = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")  # the page's code may have set another
    try:
        right = reference(workload, inputs, torch.float64)
        plain = reference(workload, inputs, getattr(torch, workload.narrowest_dtype))
    finally:
        torch.set_float32_matmul_precision(previous)
    return {
        name: _bounded(right[name], plain[name], workload, name, factor)
        for name in workload.outputs
    }


def _bounded(
    reference: torch.Tensor, plain: torch.Tensor, workload: Workload, name: str, lenience: float
) -> Expected:
    """The bounds of one output of `workload`, which may be one long sum.

    torch adds in pairs. A running sum in float32 has a relative error of about ε·√n after n terms
    (Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, section 4.2).
    """
    running = torch.finfo(torch.float32).eps * math.sqrt(workload.terms.get(name, 0))
    dtype, few = plain.dtype, rows(reference) < FEW_ROWS
    largest, relative = _errors(plain, reference)
    rounded = reference.to(dtype)
    slack = 2 * (rounded + 0.3 - 0.3 - rounded).abs().max().item()
    if workload.narrowest_dtype == "float32":
        factor = relative_factor = 2 * FLOAT32_FACTOR if few else FLOAT32_FACTOR
    elif workload.narrowest_dtype == FLOAT8:
        factor = relative_factor = FLOAT8_FACTOR
    else:
        factor, relative_factor = HALF_FACTOR, HALF_FACTOR if few else HALF_RELATIVE
    relative_bound = lenience * (relative_factor * relative + running)
    return Expected(
        reference if dtype == torch.float32 else reference.float(),
        lenience * (factor * largest + slack + running * reference.abs().max().item()),
        min(relative_bound, FLOAT8_MOST) if workload.narrowest_dtype == FLOAT8 else relative_bound,
    )


def rows(tensor: torch.Tensor) -> int:
    """Number of rows, that is, of vectors along the last dimension."""
    return tensor[..., 0].numel()


def compare(outputs: Tensors, expected: dict[str, Expected], precision: Precision) -> Verdict:
    """The largest errors of outputs that have the shapes of their references, and any problem."""
    judged: list[Accuracy] = []
    for name, right in expected.items():
        verdict = _compare(outputs[name], right, precision)
        if verdict.problem:
            where = f"{name}: " if len(expected) > 1 else ""
            return msgspec.structs.replace(verdict, problem=f"{where}{verdict.problem}")
        judged += [verdict.accuracy] if verdict.accuracy else []
    return Verdict(accuracy=largest(judged))


def _compare(out: torch.Tensor, expected: Expected, precision: Precision) -> Verdict:
    if not out.isfinite().all():
        return Verdict(problem="the output has values that are not finite")
    max_abs_error, relative_error = _errors(out, expected.reference)
    exact = precision == "exact"
    greatest = expected.reference.abs().max().item()
    accuracy = Accuracy(
        max_abs_error=max_abs_error,
        max_abs_bound=expected.max_abs_bound if exact else QUANTISED_WORST * greatest,
        relative_error=relative_error,
        relative_bound=expected.relative_bound if exact else QUANTISED_BOUND,
    )
    return Verdict(accuracy=accuracy, problem=_problem(accuracy))


def form_problem(out: object, workload: Workload, device: torch.device) -> str | None:
    """Why `out` cannot be the result of a call, whatever its values are; None if it can.

    Subclasses of tensors are refused: one may compute its values only when somebody looks at them.
    """
    for name, part in outputs_of(out, workload).items():
        if type(part) is not torch.Tensor:
            return f"returned {type(part).__name__}, not a plain tensor"
        expected = {
            "shape": torch.Size(workload.outputs[name]),
            "dtype": getattr(torch, workload.output_dtype),
            "device": device,
            "layout": torch.strided,
        }
        for attribute, value in expected.items():
            actual = getattr(part, attribute)
            if actual != value:
                return f"the {name}'s {attribute} is {_plain(actual)}, not {_plain(value)}"
    return None


def outputs_of(out: Any, workload: Workload) -> dict[str, Any]:
    """The outputs of a call by name; `out` is a tensor or, for several outputs, a tuple."""
    return dict(zip(workload.outputs, out if len(workload.outputs) > 1 else (out,), strict=True))


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
