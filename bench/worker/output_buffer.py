"""Memory shared by two processes: a worker puts outputs there, and the referee takes them."""

import torch

from bench.operations.kernels import Tensors
from bench.operations.operation import Workload


class OutputBuffer:
    """An anonymous file of the parent, which both processes map into memory."""

    def __init__(self, descriptor: int) -> None:
        self._path = f"/proc/self/fd/{descriptor}"

    def put(self, outputs: Tensors, workload: Workload) -> None:
        """Copy the outputs of a call into the shared memory, each in row-major order."""
        for name, shared in self._map(workload).items():
            shared.copy_(outputs[name])

    def take(self, workload: Workload, device: torch.device) -> Tensors:
        """Copies on `device` of the outputs in the shared memory."""
        return {name: shared.to(device, copy=True) for name, shared in self._map(workload).items()}

    def _map(self, workload: Workload) -> Tensors:
        """The outputs in the shared memory, one after the other."""
        shapes, dtype = workload.outputs, getattr(torch, workload.output_dtype)
        counts = [torch.Size(shape).numel() for shape in shapes.values()]
        flat = torch.from_file(self._path, shared=True, size=sum(counts), dtype=dtype)
        parts = zip(shapes.items(), flat.split(counts), strict=True)
        return {name: part.view(shape) for (name, shape), part in parts}
