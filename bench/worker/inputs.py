"""The input tensors of a case: seeded N(0, 1) values."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import torch

from bench.operations.kernels import FLOAT8, WIDE, Tensors, kernels_of
from bench.operations.operation import Workload

_SPARE = 1 << 16
"""Values that a stock has in addition to one set, so that a set can begin at many places."""

_ALIGNED = 8
"""Elements between two such places: copies from multiples of 16 bytes are the fastest."""


def refill(tensors: Iterable[torch.Tensor], seed: int) -> None:
    """Put new values into the same memory, N(0, 1) from `seed`; integers keep theirs.

    The values are never zeros, because an H200 multiplied zeros 13 % faster than random ones. For
    float8, values are drawn in bfloat16 and rounded once, with a scale of 1, as a server does.
    """
    generator: torch.Generator | None = None
    for tensor in filter(torch.is_floating_point, tensors):
        generator = generator or torch.Generator(tensor.device).manual_seed(seed)
        if tensor.dtype == FLOAT8:
            drawn = torch.empty(tensor.shape, dtype=WIDE, device=tensor.device)
            tensor.copy_(drawn.normal_(generator=generator))
        else:
            tensor.normal_(generator=generator)


def clones(inputs: Tensors) -> Tensors:
    """The same values in other memory."""
    return {name: tensor.clone() for name, tensor in inputs.items()}


def equal(inputs: Tensors, others: Tensors) -> bool:
    """Whether all values of two sets are equal."""
    return all(_same(tensor, others[name]) for name, tensor in inputs.items())


def _same(tensor: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two tensors have equal values; in float8, which torch compares only in part, bits."""
    if tensor.dtype == FLOAT8:
        return torch.equal(tensor.view(torch.uint8), other.view(torch.uint8))
    return torch.equal(tensor, other)


@dataclass(slots=True)  # without slots, a page's code could replace methods of an instance
class Stock:
    """Random values from which inputs are copied, beginning at an unpredictable place.

    Integers, such as lengths, are the same in every set.

    A copy takes a fraction of the time that new random numbers take, so every timed call can have
    new inputs. Answers that were remembered or computed in advance are then useless.
    """

    shapes: Tensors
    _flat: Tensors = field(init=False)
    _starts: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Allocate memory for sets like `shapes`."""
        self._flat = {
            name: tensor.new_empty(tensor.numel() + _SPARE)
            if tensor.is_floating_point()
            else tensor.flatten().clone()
            for name, tensor in self.shapes.items()
        }

    def refill(self, seed: int) -> None:
        """Put new values into the whole stock."""
        refill(self._flat.values(), seed)

    def renew(self, inputs: Tensors) -> None:
        """Copy values from unpredictable places of the stock into `inputs`, a set or some of it."""
        chance = random.SystemRandom()  # created here: a page could tamper with a lasting one
        for name, tensor in inputs.items():
            places = _SPARE // _ALIGNED if tensor.is_floating_point() else 1
            self._starts[name] = _ALIGNED * chance.randrange(places)
        for tensor, values in self._cut(inputs):
            tensor.copy_(values)

    def holds(self, inputs: Tensors) -> bool:
        """Whether `inputs`, the set that was renewed last, still has its new values."""
        return all(_same(tensor, values) for tensor, values in self._cut(inputs))

    def _cut(self, inputs: Tensors) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for name, tensor in inputs.items():
            start = self._starts[name]
            yield tensor, self._flat[name][start : start + tensor.numel()].view_as(tensor)


def fill(sets: Sequence[Tensors], seed: int) -> None:
    """Put new values into every set, in the same memory; the first set's come from `seed`."""
    for number, inputs in enumerate(sets):
        refill(inputs.values(), seed + number)


def make_inputs(workload: Workload, device: str, seed: int, pattern: str | None = None) -> Tensors:
    """Inputs with the workload's shapes and dtype on a torch device.

    Their values are N(0, 1), or those of one of the workload's patterns.
    """
    kernels = kernels_of(workload)
    inputs = kernels.make_tensors(workload, device)
    refill(inputs.values(), seed)
    if pattern:
        generator = torch.Generator(device).manual_seed(seed + 1)
        wide = {
            name: tensor.to(WIDE) if tensor.dtype == FLOAT8 else tensor
            for name, tensor in inputs.items()
        }
        kernels.plant(pattern, workload, wide, generator)
        for name, tensor in wide.items():
            if tensor is not inputs[name]:
                inputs[name].copy_(tensor)
    return inputs
