"""The workloads of RMSNorm: a matrix [rows, columns] whose rows are normalised."""

import msgspec

from bench.operations.operation import (
    ITEMSIZE,
    Direction,
    Dtype,
    Operation,
    Shape,
    Workload,
    not_in_float8,
    too_small,
)


class RmsNormWorkload(
    Workload,
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="rms_norm",
):
    """One RMSNorm problem: y = x / √(mean(x²) + eps) · weight, with the mean over each row."""

    rows: int
    columns: int
    dtype: Dtype
    eps: float = 1e-6
    direction: Direction = "forward"

    @property
    def problem(self) -> str | None:
        """Why such a workload cannot exist."""
        if small := too_small(self, "rows", "columns"):
            return small
        if narrow := not_in_float8(self):
            return narrow
        return None if 0 < self.eps < 1 else "eps is not between 0 and 1"

    @property
    def name(self) -> str:
        """Name, for example `r16384-c4096-bfloat16`, and `…-eps1e-05` unless eps is 1e-6."""
        eps = "" if self.eps == 1e-6 else f"-eps{self.eps!r}"
        direction = "-backward" if self.direction == "backward" else ""
        return f"r{self.rows}-c{self.columns}-{self.dtype}{eps}{direction}"

    @property
    def size(self) -> int:
        """The number of elements."""
        return self.rows * self.columns

    @property
    def shape(self) -> str:
        """Short heading, for example `16,384×4,096`."""
        return f"{self.rows:,}×{self.columns:,}"

    @property
    def label(self) -> str:
        """Label, for example `16,384 rows of 4,096 (bfloat16)`."""
        return f"{self.rows:,} rows of {self.columns:,} ({self.dtype})"

    @property
    def group(self) -> str:
        """Empty: all workloads are ranked together."""
        return ""

    @property
    def flops(self) -> int:
        """Floating-point operations: four per element, in a backward pass ten.

        Forward: the square, its sum, the product with the factor of the row and the one with the
        weight. Backward, with n = x·r normalised and g = dy·weight: dweight = Σ dy·n takes three,
        the sum of g·n three, and dx = r·(g - n·mean) four.
        """
        return (10 if self.direction == "backward" else 4) * self.rows * self.columns

    @property
    def moved_bytes(self) -> int:
        """Bytes of x, the weight and y; in a backward pass of x, the weight and all gradients."""
        matrices, vectors = (3, 2) if self.direction == "backward" else (2, 1)
        elements = matrices * self.rows * self.columns + vectors * self.columns
        return elements * ITEMSIZE[self.dtype]

    @property
    def outputs(self) -> dict[str, Shape]:
        """One output, of the shape of x, or the gradients of x and of the weight."""
        matrix = (self.rows, self.columns)
        if self.direction == "backward":
            return {"dx": matrix, "dweight": (self.columns,)}
        return {"output": matrix}

    @property
    def terms(self) -> dict[str, int]:
        """The gradient of a weight is a sum over all rows."""
        return {"dweight": self.rows} if self.direction == "backward" else {}

    @property
    def patterns(self) -> tuple[str, ...]:
        """Needles, to reveal an element that is left out; faint rows, to reveal a wrong `eps`.

        Written out in float16, the gradients of faint rows overflow.
        """
        overflows = self.direction == "backward" and self.dtype == "float16"
        return ("needles",) if overflows else ("needles", "faint rows")


OPERATION = Operation(
    name="rms_norm",
    title="RMSNorm",
    signature="def rms_norm(x, weight, *, eps)",
    workload=RmsNormWorkload,
    ordinary="",
    size_axes=(),
    bound="memory",
    baselines=("rms_norm_pytorch",),
)
