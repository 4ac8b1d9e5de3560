"""A backward pass as a call of its own: the forward pass comes before it and is not timed."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch

from bench.operations.kernels import Kernels, Tensors
from bench.operations.operation import Workload

LATE = "d_output"
"""The input that a forward pass must not know yet: the gradient of its output."""


@dataclass
class BackwardPass:
    """One backward pass. Each needs a forward pass of its own.

    A second pass over the same graph would need `retain_graph`, which functions that torch has
    compiled refuse, because their backward pass reuses the memory of what was saved.
    """

    kernels: Kernels
    function: Callable[..., object]
    workload: Workload
    inputs: Tensors
    _leaves: Tensors = field(init=False, default_factory=dict)
    _output: torch.Tensor | None = field(init=False, default=None)

    def forward(self) -> None:
        """Make the forward pass.

        Raises:
            NotImplementedError: as far as autograd sees, its output does not depend on the inputs.
            Exception: whatever the page's code raises.
        """
        wanted = [name.removeprefix("d") for name in self.workload.outputs]
        self._leaves = {name: self.inputs[name].detach().requires_grad_() for name in wanted}
        with torch.enable_grad():
            output = self.kernels.call(self.function, self.workload, self.inputs | self._leaves)
        if not (isinstance(output, torch.Tensor) and output.requires_grad):
            raise NotImplementedError("has no backward pass: its output has no gradient")
        self._output = output

    def run(self) -> object:
        """Make the backward pass; return its gradient, or several in the order of the outputs."""
        assert self._output is not None  # noqa: S101 for mypy: the forward pass came before
        output, self._output = self._output, None  # so that autograd can free what was saved
        leaves = tuple(self._leaves.values())
        gradients = torch.autograd.grad(output, leaves, self.inputs[LATE])
        return gradients if len(gradients) > 1 else gradients[0]
