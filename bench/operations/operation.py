"""What every operation and every workload has to offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from msgspec.structs import StructConfig

Dtype = Literal["float32", "float16", "bfloat16", "float8_e4m3fn"]
"""Dtypes by torch's names; `float8_e4m3fn` is called `float8` in words."""

Direction = Literal["forward", "backward"]

Shape = tuple[int, ...]


class Workload:
    """One problem of an operation, of one shape and dtype; every subclass is a msgspec struct.

    It is immutable, compares by value, refuses unknown fields, and is tagged in records with the
    name of its operation (`operation`).
    """

    __slots__ = ()

    dtype: Dtype
    """The dtype of the inputs, unless the operation has another for some of them."""
    direction: Direction
    """`backward` is the pass that computes gradients; the forward pass before it is not timed."""

    short: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Short forms in which a person may write axes, each with the axes that it stands for."""

    @property
    def operation(self) -> str:
        """The name of the operation, by which a page's `prepare` tells workloads apart."""
        return str(self.__struct_config__.tag)

    @property
    def problem(self) -> str | None:
        """Why such a workload cannot exist; None if it can."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """A short name that no other workload of any operation has."""
        raise NotImplementedError

    @property
    def size(self) -> int:
        """The position on the size axis of charts, for example the sequence length."""
        raise NotImplementedError

    @property
    def shape(self) -> str:
        """The shape as a short heading, without dtype and direction: `16,384×4,096`."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """The shape in words, for a sentence: `4,096 tokens (bfloat16, 24 heads of 128)`."""
        raise NotImplementedError

    @property
    def group(self) -> str:
        """What workloads must have in common to be ranked together, besides dtype and direction.

        Empty if an operation has no such groups.
        """
        raise NotImplementedError

    @property
    def flops(self) -> int:
        """Floating-point operations that the result needs."""
        raise NotImplementedError

    @property
    def moved_bytes(self) -> int:
        """Bytes of reading each input once and writing each output once."""
        raise NotImplementedError

    __struct_fields__: ClassVar[tuple[str, ...]]
    """Names of the axes; msgspec sets them."""

    __struct_config__: ClassVar[StructConfig]
    """Its `tag` is the name of the operation; msgspec sets it."""

    @property
    def axes(self) -> dict[str, Any]:
        """The values of all axes by their names."""
        return {name: getattr(self, name) for name in self.__struct_fields__}

    @property
    def narrowest_dtype(self) -> Dtype:
        """The narrowest dtype of the inputs, in which an implementation may multiply them."""
        return self.dtype

    @property
    def output_dtype(self) -> Dtype:
        """The dtype of all outputs: `dtype`, but bfloat16 for float8, as in FlashAttention-3."""
        return "bfloat16" if self.dtype == FLOAT8 else self.dtype

    @property
    def outputs(self) -> Mapping[str, Shape]:
        """The shape of each output, by its name; all have the `output_dtype`.

        The outputs of a backward pass are gradients: `dx` is that of the input `x`.
        """
        raise NotImplementedError

    @property
    def options(self) -> tuple[str, ...]:
        """The optional arguments that a call passes; a function without them is not called."""
        return ()

    @property
    def terms(self) -> Mapping[str, int]:
        """The number of terms of each output that is one long sum, which may be added in any order.

        Other outputs are sums too, but their errors are bounded well by those of the plain
        implementation.
        """
        return {}

    @property
    def patterns(self) -> tuple[str, ...]:
        """Kinds of inputs, besides N(0, 1), that show faults which N(0, 1) hides.

        `Kernels.plant` makes them.
        """
        return ()


@dataclass(frozen=True)
class Operation:
    """One operation, without its kernels, which need torch (see `bench.operations.kernels`)."""

    name: str
    """Name of its folder, of the function that a page defines, and of its tag in records."""
    title: str
    signature: str
    """How a page has to define the function, without annotations and options."""
    workload: type[Workload]
    ordinary: str
    """The group that names of leaderboards leave out."""
    size_axes: tuple[str, ...]
    """Axes that may differ along a chart's line; empty if charts have the names of workloads."""
    bound: Literal["arithmetic", "memory"]
    """What limits it on a GPU: its rate is shown in TFLOP/s or in TB/s."""
    baselines: tuple[str, ...]
    """Pages that may provide the baseline of a leaderboard; the first with a result does."""
    options: tuple[str, ...] = ()
    """Keyword-only arguments with the default None that a function may take after all others."""


FLOAT8: Literal["float8_e4m3fn"] = "float8_e4m3fn"

ITEMSIZE: dict[Dtype, int] = {"float32": 4, "float16": 2, "bfloat16": 2, FLOAT8: 1}
"""Bytes of one element."""


def dtype_label(dtype: Dtype) -> str:
    """The dtype in words: torch's name, but `float8` for the only dtype of eight bits."""
    return "float8" if dtype == FLOAT8 else dtype


def too_small(workload: Workload, *axes: str) -> str | None:
    """The first of these axes that is less than 1, in words; None if there is none."""
    small = next((axis for axis in axes if getattr(workload, axis) < 1), None)
    return f"{small} is less than 1" if small else None


def not_in_float8(workload: Workload) -> str | None:
    """Why the operation refuses a workload in float8, in words; None for any other dtype."""
    if workload.dtype != FLOAT8:
        return None
    return f"{workload.operation} is not measured in float8: choose another dtype"


def output_bytes(workload: Workload) -> int:
    """Bytes of all outputs together."""
    return sum(map(_elements, workload.outputs.values())) * ITEMSIZE[workload.output_dtype]


def _elements(shape: Shape) -> int:
    count = 1
    for length in shape:
        count *= length
    return count
