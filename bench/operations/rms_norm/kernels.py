"""RMSNorm with tensors: its inputs, the call of a page, and the reference."""

import random
from collections.abc import Callable

import msgspec
import torch

from bench.operations.kernels import Part, Tensors
from bench.operations.rms_norm.workload import RmsNormWorkload

_ROWS = 128
"""Rows that a spot check compares."""


def make_tensors(workload: RmsNormWorkload, device: str) -> Tensors:
    """The matrix `x`, the vector `weight`, and in a backward pass `d_output`; uninitialised."""
    dtype = getattr(torch, workload.dtype)
    inputs = {
        "x": torch.empty((workload.rows, workload.columns), dtype=dtype, device=device),
        "weight": torch.empty(workload.columns, dtype=dtype, device=device),
    }
    if workload.direction == "backward":
        inputs["d_output"] = torch.empty_like(inputs["x"])
    return inputs


def plant(
    pattern: str, workload: RmsNormWorkload, inputs: Tensors, generator: torch.Generator
) -> None:
    """Give one element half of its row's squares (`needles`), or make rows small (`faint rows`).

    With N(0, 1) inputs, leaving one element out of a mean changes the mean by one part in
    `columns`, and `eps` has no effect. The mean of the squares of a faint row is about `eps`.
    """
    x, columns = inputs["x"], workload.columns
    if pattern == "faint rows":
        x.mul_(workload.eps**0.5)
        return
    order = torch.randperm(columns, generator=generator, device=x.device)
    ends = torch.tensor([0, columns - 1, columns // 2], device=x.device)
    needles = torch.cat([ends, order]).repeat(-(-workload.rows // columns))[: workload.rows]
    x[torch.arange(workload.rows, device=x.device), needles] = columns**0.5


def call(function: Callable[..., object], workload: RmsNormWorkload, inputs: Tensors) -> object:
    """Call `function(x, weight, eps=…)`."""
    return function(inputs["x"], inputs["weight"], eps=workload.eps)


def reference(workload: RmsNormWorkload, inputs: Tensors, dtype: torch.dtype) -> Tensors:
    """The output x / √(mean(x²) + eps) · weight or its gradients, in `dtype`."""
    x, weight = inputs["x"].to(dtype), inputs["weight"].to(dtype)
    if workload.direction == "forward":
        return {"output": _written_out(x, weight, workload.eps)}
    with torch.enable_grad():
        x, weight = x.detach().requires_grad_(), weight.detach().requires_grad_()
        out = _written_out(x, weight, workload.eps)
        dx, dweight = torch.autograd.grad(out, (x, weight), inputs["d_output"].to(dtype))
    return {"dx": dx, "dweight": dweight}


def _written_out(x: torch.Tensor, weight: torch.Tensor, eps: float) -> torch.Tensor:
    return x * (x.square().mean(-1, keepdim=True) + eps).rsqrt() * weight


def draw_part(workload: RmsNormWorkload, inputs: Tensors, outputs: Tensors) -> Part | None:
    """Some rows; in a backward pass all, because the gradient of a weight sums over them."""
    if workload.direction == "backward":
        return Part(workload, inputs, outputs, "the gradients")
    first = random.SystemRandom().randrange(max(1, workload.rows - _ROWS + 1))
    end = min(first + _ROWS, workload.rows)
    return Part(
        msgspec.structs.replace(workload, rows=end - first),
        inputs | {"x": inputs["x"][first:end]},
        {"output": outputs["output"][first:end]},
        f"rows {first}–{end - 1}",
    )
