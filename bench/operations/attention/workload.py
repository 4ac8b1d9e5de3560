"""The workloads of attention; tensors are laid out [batch, seqlen, heads, head_dim]."""

from typing import ClassVar

import msgspec

from bench.operations.attention import cost
from bench.operations.operation import (
    FLOAT8,
    Direction,
    Dtype,
    Operation,
    Shape,
    Workload,
    dtype_label,
    too_small,
)


class AttentionWorkload(
    Workload,
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="attention",
):
    """One attention problem.

    A causal mask is aligned to the bottom right (FlashAttention ≥ 2.1): query i of Sq sees the keys
    up to i + Skv - Sq. With a window it sees the last `window` of these, its own included, as in
    cuDNN and in the sliding windows of models.
    """

    batch: int = 1
    seqlen_q: int
    seqlen_kv: int
    q_heads: int
    kv_heads: int
    head_dim: int
    dtype: Dtype
    causal: bool = False
    window: int | None = None
    direction: Direction = "forward"

    short: ClassVar = {"seqlen": ("seqlen_q", "seqlen_kv"), "heads": ("q_heads", "kv_heads")}

    @property
    def problem(self) -> str | None:
        """Why such a workload cannot exist."""
        sizes = ("batch", "seqlen_q", "seqlen_kv", "q_heads", "kv_heads", "head_dim")
        if small := too_small(self, *sizes):
            return small
        if uneven := uneven_heads(self.q_heads, self.kv_heads):
            return uneven
        if self.causal and self.seqlen_q > self.seqlen_kv:
            return "the first queries would see no key: a causal mask needs as many keys as queries"
        if self.window is not None and not self.causal:
            return "a window needs a causal mask"
        if self.window is not None and not 0 < self.window < self.seqlen_kv:
            return f"a window of {self.window} hides no key, or all of them"
        if self.dtype == FLOAT8 and self.direction == "backward":
            return "float8 inputs have no gradients: leave out direction"
        return None

    @property
    def name(self) -> str:
        """Name, for example `b1-s4224-h24-d128-bfloat16`."""
        seqlen = pair(str(self.seqlen_q), str(self.seqlen_kv))
        heads = pair(str(self.q_heads), str(self.kv_heads))
        mask = f"-window{self.window}" if self.window else "-causal" if self.causal else ""
        direction = "-backward" if self.direction == "backward" else ""
        return f"b{self.batch}-s{seqlen}-h{heads}-d{self.head_dim}-{self.dtype}{mask}{direction}"

    @property
    def size(self) -> int:
        """The number of queries in each sequence."""
        return self.seqlen_q

    @property
    def shape(self) -> str:
        """Short heading, for example `4,096, 24×128`; a batch of more than 1 comes first."""
        batch = f"{self.batch}×" if self.batch > 1 else ""
        seqlen = pair(f"{self.seqlen_q:,}", f"{self.seqlen_kv:,}")
        heads = pair(str(self.q_heads), str(self.kv_heads))
        return f"{batch}{seqlen}, {heads}×{self.head_dim}"

    @property
    def label(self) -> str:
        """Label, for example `4,096 tokens (bfloat16, 24 heads of 128)`."""
        mask = f", {self.group}" if self.causal else ""
        heads = heads_label(self.q_heads, self.kv_heads, self.head_dim)
        batch = f"{self.batch} × " if self.batch > 1 else ""
        return f"{batch}{self.seqlen_q:,} tokens ({dtype_label(self.dtype)}, {heads}{mask})"

    @property
    def group(self) -> str:
        """`causal`, `no mask`, or for example `window of 1,024`."""
        if self.window:
            return f"window of {self.window:,}"
        return "causal" if self.causal else "no mask"

    @property
    def options(self) -> tuple[str, ...]:
        """`window`, if there is one."""
        return ("window",) if self.window else ()

    @property
    def flops(self) -> int:
        """Floating-point operations: see `cost.flops`."""
        return cost.flops(self)

    @property
    def moved_bytes(self) -> int:
        """Bytes of memory traffic: see `cost.moved_bytes`."""
        return cost.moved_bytes(self)

    @property
    def outputs(self) -> dict[str, Shape]:
        """One output, of the shape of the queries, or the gradients of q, k and v."""
        queries = (self.batch, self.seqlen_q, self.q_heads, self.head_dim)
        keys = (self.batch, self.seqlen_kv, self.kv_heads, self.head_dim)
        if self.direction == "backward":
            return {"dq": queries, "dk": keys, "dv": keys}
        return {"output": queries}

    @property
    def patterns(self) -> tuple[str, ...]:
        """Needles, to reveal a wrong key or mask; sunk scores, to reveal a key past the end."""
        return ("needles", "sunk scores")


def attention(
    seqlen: int | tuple[int, int],
    heads: int,
    head_dim: int,
    dtype: Dtype,
    *,
    causal: bool = False,
    window: int | None = None,
    direction: Direction = "forward",
) -> AttentionWorkload:
    """A workload of batch 1 with as many query heads as key heads.

    `seqlen` is the number of queries and of keys, or both numbers if they differ.
    """
    seqlen_q, seqlen_kv = seqlen if isinstance(seqlen, tuple) else (seqlen, seqlen)
    return AttentionWorkload(
        batch=1,
        seqlen_q=seqlen_q,
        seqlen_kv=seqlen_kv,
        q_heads=heads,
        kv_heads=heads,
        head_dim=head_dim,
        dtype=dtype,
        causal=causal,
        window=window,
        direction=direction,
    )


OPERATION = Operation(
    name="attention",
    title="Attention",
    signature="def attention(q, k, v, *, causal)",
    workload=AttentionWorkload,
    ordinary="no mask",
    size_axes=("batch", "seqlen_q", "seqlen_kv"),
    bound="arithmetic",
    # `sdpa` is PyTorch's scaled_dot_product_attention. `flash_attention` is the FlashAttention
    # backend of that call, the yardstick of most papers; it serves results from before `sdpa` had
    # a page.
    baselines=("sdpa", "flash_attention"),
    options=("window",),
)


def pair(first: str, second: str, between: str = "x") -> str:
    """Two sizes as `FIRSTxSECOND`, or only one if they are equal."""
    return first if first == second else f"{first}{between}{second}"


def uneven_heads(q_heads: int, kv_heads: int) -> str | None:
    """Why query heads cannot share key heads, in words; None if they can."""
    if q_heads % kv_heads:
        return f"{q_heads} query heads cannot share {kv_heads} key heads evenly"
    return None


def heads_label(q_heads: int, kv_heads: int, head_dim: int) -> str:
    """For example `24 heads of 128`, or `64 heads over 8 of 128` if they share key heads."""
    shared = f" over {kv_heads}" if kv_heads != q_heads else ""
    return f"{q_heads} heads{shared} of {head_dim}"
