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

EXACT_FACTOR = 3.0
"""How many times the error of one final rounding an exact kernel may make.

On an H200 in bfloat16, fused kernels make 1.4 times that error (they round the probabilities as
well), and SageAttention's INT8 8 times: between the two runs the line of the precision class.
"""


HALF_FACTOR, FLOAT32_FACTOR = 2.0, 4.0
"""How many times the largest error of attention written out in the same dtype one may make.

For the 16-bit types, where that error is mostly of the rounded probabilities, the factor is that of
FlashAttention's own tests (tests/test_flash_attn.py, hopper/test_flash_attn.py): an honest kernel
makes a quarter of the bound. In float32, which those do not test, both errors are of the same kind,
and one in a thousand outputs of PyTorch's own kernel was over twice; none of 6,500 was over 2.2.
"""


@dataclass(frozen=True)
class Expected:
    """What the output of some inputs has to be, and how far an exact kernel may be from it."""

    reference: torch.Tensor
    """float64, [batch, seqlen_q, q_heads, head_dim]."""
    max_abs_bound: float
    relative_bound: float


def expect(inputs: Inputs, *, causal: bool) -> Expected:
    """The reference for `inputs`, with the bounds of the class `exact`.

    At its worst element: a multiple of the error of attention written out in the same dtype, plus
    rounding slack, which is what the dtype loses when 0.3 is added to the output and taken away.

    As a whole: `EXACT_FACTOR` times the error of attention written out in float32 and rounded once.
    """
    chosen = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")  # whatever the page has chosen for itself
    try:
        reference = written_out(inputs, causal=causal, dtype=torch.float64)
        plain = written_out(inputs, causal=causal, dtype=inputs.q.dtype)
        rounded = written_out(inputs, causal=causal, dtype=torch.float32).to(inputs.q.dtype)
    finally:
        torch.set_float32_matmul_precision(chosen)
    worst, _ = _errors(plain, reference)
    _, relative = _errors(rounded, reference)
    slack = 2 * (rounded + 0.3 - 0.3 - rounded).abs().max().item()
    factor = FLOAT32_FACTOR if inputs.q.dtype == torch.float32 else HALF_FACTOR
    return Expected(reference, factor * worst + slack, EXACT_FACTOR * relative)


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
