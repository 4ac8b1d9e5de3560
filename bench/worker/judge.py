"""Whether an output is right: form first, then its error against the float64 reference."""

from dataclasses import dataclass

import torch

from bench.implementation import Precision
from bench.outcome import Accuracy, Incorrect
from bench.worker.inputs import Inputs
from bench.worker.reference import written_out

QUANTISED_BOUND = 0.05
"""Error a quantised class may make, as a share of the output.

SageAttention 1 (INT8) makes 0.014, six times bfloat16's; a kernel that leaves out one head of 24
makes 0.2.
"""


EXACT_FACTOR = 3.0
"""How many times the error of one final rounding an exact kernel may make.

On an H200 in bfloat16, fused kernels make 1.4 times that error (they round the probabilities as
well), and SageAttention's INT8 8 times: between the two runs the line of the precision class.
"""


@dataclass(frozen=True)
class Verdict:
    """An output's errors, or why they could not be taken."""

    accuracy: Accuracy | None
    problem: str | None

    def incorrect(self, when: str) -> Incorrect:
        """The outcome of a case whose output was found wrong."""
        return Incorrect(reason=f"{self.problem} ({when})", accuracy=self.accuracy)


def judge(out: object, inputs: Inputs, *, causal: bool, precision: Precision) -> Verdict:
    """Compare `out` with the reference for `inputs`."""
    if problem := _form_problem(out, inputs):
        return Verdict(None, problem)
    assert isinstance(out, torch.Tensor)  # noqa: S101 for mypy: _form_problem has refused the rest
    chosen = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")  # whatever the page has chosen for itself
    try:
        accuracy = _accuracy(out, inputs, causal=causal, precision=precision)
    finally:
        torch.set_float32_matmul_precision(chosen)
    return Verdict(accuracy, _error_problem(accuracy))


def _form_problem(out: object, inputs: Inputs) -> str | None:
    if not isinstance(out, torch.Tensor):
        return f"returned {type(out).__name__}, not a tensor"
    for name in ("shape", "dtype", "device"):
        found, expected = getattr(out, name), getattr(inputs.q, name)
        if found != expected:
            return f"the output's {name} is {_plain(found)}, not {_plain(expected)}"
    if not out.isfinite().all():
        return "the output has values that are not finite"
    return None


def _plain(value: object) -> str:
    return str(list(value)) if isinstance(value, torch.Size) else str(value)


def _accuracy(out: torch.Tensor, inputs: Inputs, *, causal: bool, precision: Precision) -> Accuracy:
    reference = written_out(inputs, causal=causal, dtype=torch.float64)
    max_abs_error, relative_error = _errors(out, reference)
    max_abs_bound, relative_bound = (
        _exact_bounds(reference, inputs, causal=causal)
        if precision == "exact"
        else (QUANTISED_BOUND * reference.abs().max().item(), QUANTISED_BOUND)
    )
    return Accuracy(
        max_abs_error=max_abs_error,
        max_abs_bound=max_abs_bound,
        relative_error=relative_error,
        relative_bound=relative_bound,
    )


def _errors(out: torch.Tensor, reference: torch.Tensor) -> tuple[float, float]:
    """The largest error, and the Frobenius norm of the error over that of the reference."""
    error = out.double() - reference
    return error.abs().max().item(), (error.norm() / reference.norm()).item()


def _exact_bounds(reference: torch.Tensor, inputs: Inputs, *, causal: bool) -> tuple[float, float]:
    """How far an exact kernel may be from the reference: at its worst element, and as a whole.

    At its worst: twice the error of attention written out in the same dtype, plus rounding slack,
    which is what the dtype loses when 0.3 is added to the output and taken away. This is the rule
    of FlashAttention's own tests (tests/test_flash_attn.py, hopper/test_flash_attn.py).

    As a whole: `EXACT_FACTOR` times the error of attention written out in float32 and rounded once.
    """
    dtype = inputs.q.dtype
    worst, _ = _errors(written_out(inputs, causal=causal, dtype=dtype), reference)
    rounded = written_out(inputs, causal=causal, dtype=torch.float32).to(dtype)
    _, relative = _errors(rounded, reference)
    slack = 2 * (rounded + 0.3 - 0.3 - rounded).abs().max().item()
    return 2 * worst + slack, EXACT_FACTOR * relative


def _error_problem(accuracy: Accuracy) -> str | None:
    if accuracy.relative_error > accuracy.relative_bound:
        return f"relative error {accuracy.relative_error:.2g} is over {accuracy.relative_bound:.2g}"
    if accuracy.max_abs_error > accuracy.max_abs_bound:
        return f"largest error {accuracy.max_abs_error:.2g} is over {accuracy.max_abs_bound:.2g}"
    return None
