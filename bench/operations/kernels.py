"""What the torch half of every operation offers: its module `kernels`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

import torch

from bench.operations.discovery import OPERATIONS, operation_of
from bench.operations.operation import Workload

FLOAT8 = torch.float8_e4m3fn

WIDE = torch.bfloat16
"""Where torch has no operation on float8, values are computed in this dtype."""

Tensors = dict[str, torch.Tensor]
"""Tensors by their names: the inputs or the outputs of a call."""


@dataclass(frozen=True)
class Part:
    """A small problem whose right outputs are a part of the right outputs of a larger one."""

    workload: Workload
    inputs: Tensors
    outputs: Tensors
    """The outputs under test, cut out of those of the larger problem."""
    place: str
    """Where they were cut out, in words: `rows 3–7 of head 2`."""


class Kernels(Protocol):
    """The functions of an operation that compute with tensors."""

    def make_tensors(self, workload: Workload, device: str) -> Tensors:
        """The inputs of a call; a backward pass also has `d_output`.

        Floating-point tensors are uninitialised. Integers, such as lengths, have their values; they
        depend on the workload alone, so that a page can plan with them before it is called.
        """
        ...

    def plant(
        self, pattern: str, workload: Workload, inputs: Tensors, generator: torch.Generator
    ) -> None:
        """Change N(0, 1) inputs into those of one of the operation's patterns, in place."""
        ...

    def call(self, function: Callable[..., object], workload: Workload, inputs: Tensors) -> object:
        """Call a page's function as its signature requires: forward, whatever the direction."""
        ...

    def reference(self, workload: Workload, inputs: Tensors, dtype: torch.dtype) -> Tensors:
        """The outputs, written out plainly and computed in `dtype`.

        In float64 they are the reference. In the narrowest dtype of the inputs they are the plain
        implementation, whose rounding error sets the bounds for exact kernels. In float8, the plain
        implementation rounds every operand of a product to float8, and its outputs have the
        workload's `output_dtype`.
        """
        ...

    def draw_part(self, workload: Workload, inputs: Tensors, outputs: Tensors) -> Part | None:
        """A part at an unpredictable place; None if that part depends on no input.

        It may lack some outputs, because a part of one output is not always a part of another.
        """
        ...


def load_kernels() -> None:
    """Import the torch half of every operation."""
    for name in OPERATIONS:
        import_module(f"bench.operations.{name}.kernels")


def kernels_of(workload: Workload) -> Kernels:
    """The torch half of the operation of `workload`."""
    name = operation_of(workload).name
    return cast("Kernels", import_module(f"bench.operations.{name}.kernels"))
