"""The tensors of a case: seeded N(0, 1) values, in layout [batch, seqlen, heads, head_dim]."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch

from bench.pages.implementation import Device
from bench.workload import Workload

_SPARE = 1 << 16
"""Values that a stock has in addition to one set, so that a set can begin at many places."""

_ALIGNED = 8
"""Elements between two such places: copies from multiples of 16 bytes are the fastest."""


@dataclass(frozen=True)
class Inputs:
    """One set of queries, keys and values on the device."""

    q: torch.Tensor
    k: torch.Tensor
    v: torch.Tensor

    def refill(self, seed: int) -> None:
        """Put new values into the same memory.

        The values are never zeros, because an H200 multiplied zeros 13 % faster than random ones.
        """
        generator = torch.Generator(self.q.device).manual_seed(seed)
        for tensor in (self.q, self.k, self.v):
            tensor.normal_(generator=generator)

    def clone(self) -> "Inputs":
        """The same values in other memory."""
        return Inputs(self.q.clone(), self.k.clone(), self.v.clone())

    def equal(self, other: "Inputs") -> bool:
        """Whether all values are equal to the values in `other`."""
        pairs = ((self.q, other.q), (self.k, other.k), (self.v, other.v))
        return all(torch.equal(mine, theirs) for mine, theirs in pairs)


@dataclass(slots=True)  # without slots, a page's code could replace methods of an instance
class Stock:
    """Random values from which inputs are copied, beginning at an unpredictable place.

    A copy takes a fraction of the time that new random numbers take, so every timed call can have
    new inputs. Answers that were remembered or computed in advance are then useless.
    """

    shapes: Inputs
    _flat: tuple[torch.Tensor, ...] = field(init=False)
    _starts: tuple[int, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        """Allocate memory for sets like `shapes`."""
        tensors = (self.shapes.q, self.shapes.k, self.shapes.v)
        self._flat = tuple(tensor.new_empty(tensor.numel() + _SPARE) for tensor in tensors)

    def refill(self, seed: int) -> None:
        """Put new values into the whole stock."""
        Inputs(*self._flat).refill(seed)

    def renew(self, inputs: Inputs) -> None:
        """Copy values from an unpredictable place of the stock into `inputs`."""
        chance = random.SystemRandom()  # created here: a page could tamper with a lasting one
        self._starts = tuple(_ALIGNED * chance.randrange(_SPARE // _ALIGNED) for _ in self._flat)
        for tensor, values in self._cut(inputs):
            tensor.copy_(values)

    def holds(self, inputs: Inputs) -> bool:
        """Whether `inputs`, the set that was renewed last, still has its new values."""
        return all(torch.equal(tensor, values) for tensor, values in self._cut(inputs))

    def _cut(self, inputs: Inputs) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        tensors = (inputs.q, inputs.k, inputs.v)
        for tensor, flat, start in zip(tensors, self._flat, self._starts, strict=True):
            yield tensor, flat[start : start + tensor.numel()].view_as(tensor)


def fill(sets: Sequence[Inputs], seed: int) -> None:
    """Put new values into every set, in the same memory; the first set's come from `seed`."""
    for number, inputs in enumerate(sets):
        inputs.refill(seed + number)


def make_inputs(workload: Workload, device: Device, seed: int) -> Inputs:
    """Inputs with the workload's shapes and dtype, filled from `seed`."""
    dtype = getattr(torch, workload.dtype)

    def tensor(seqlen: int, heads: int) -> torch.Tensor:
        shape = (workload.batch, seqlen, heads, workload.head_dim)
        return torch.empty(shape, dtype=dtype, device=device)

    inputs = Inputs(
        tensor(workload.seqlen_q, workload.q_heads),
        tensor(workload.seqlen_kv, workload.kv_heads),
        tensor(workload.seqlen_kv, workload.kv_heads),
    )
    inputs.refill(seed)
    return inputs
