"""Compares a small part of an output, chosen unpredictably, with the reference."""

from bench.operations.kernels import Tensors, kernels_of
from bench.operations.operation import Workload
from bench.pages.implementation import Precision
from bench.worker.correctness import FEW_ROWS, compare, expect, rows

_LENIENCE = 2.0
"""Factor on the bounds of a whole output if a part has few rows, whose errors vary more."""


def spot_problem(
    workload: Workload, inputs: Tensors, outputs: Tensors, precision: Precision
) -> str | None:
    """The fault of a small part of `outputs`; None if there is no fault.

    Each check draws a different part. `outputs` must have passed `form_problem`.
    """
    part = kernels_of(workload).draw_part(workload, inputs, outputs)
    if part is None:
        return None
    expected = expect(part.workload, part.inputs)
    accuracy = compare(part.outputs, expected, precision).accuracy
    if accuracy is None:
        return f"{part.place} have values that are not finite"
    few = any(rows(each.reference) < FEW_ROWS for each in expected.values())
    if accuracy.relative_error <= (_LENIENCE if few else 1.0) * accuracy.relative_bound:
        return None
    return f"{part.place} are wrong"
