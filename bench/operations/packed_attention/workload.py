"""The workloads of packed attention; tensors are laid out [tokens, heads, head_dim]."""

from functools import lru_cache
from itertools import accumulate, pairwise
from typing import ClassVar, Literal

import msgspec

from bench.operations.attention.workload import (
    AttentionWorkload,
    heads_label,
    pair,
    uneven_heads,
)
from bench.operations.operation import (
    Direction,
    Dtype,
    Operation,
    Shape,
    Workload,
    not_in_float8,
    too_small,
)

Pattern = Literal["equal", "uniform", "one-long", "alternating", "with-empty"]
"""How the tokens are divided among the sequences; `lengths` has the formulas."""

_WORDS: dict[Pattern, str] = {
    "equal": "all equal",
    "uniform": "uniform lengths",
    "one-long": "one of them long",
    "alternating": "long and short in turn",
    "with-empty": "one empty and some of length 1",
}

_MOST_TOKENS = 2**31 - 1
"""The largest 32-bit integer: `cu_seqlens` consists of such integers."""

_MOST_SEQUENCES = 65_536
"""More sequences than any batch has; the limit bounds the time that listing them takes."""


class PackedAttentionWorkload(
    Workload,
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="packed_attention",
):
    """One problem of packed attention: each of `sequences` sequences attends to itself.

    The sequences follow each other without padding and have `tokens` tokens together; `pattern`
    determines their lengths. With a causal mask, a query sees the keys of its own sequence up to
    its own position.
    """

    pattern: Pattern
    sequences: int
    tokens: int
    q_heads: int
    kv_heads: int
    head_dim: int
    dtype: Dtype
    causal: bool = False
    direction: Direction = "forward"

    short: ClassVar = {"heads": ("q_heads", "kv_heads")}

    @property
    def problem(self) -> str | None:
        """Why such a workload cannot exist."""
        sizes = ("sequences", "tokens", "q_heads", "kv_heads", "head_dim")
        if small := too_small(self, *sizes):
            return small
        if narrow := not_in_float8(self):
            return narrow
        if uneven := uneven_heads(self.q_heads, self.kv_heads):
            return uneven
        if self.tokens > _MOST_TOKENS:
            return f"cu_seqlens are 32-bit integers: tokens can be {_MOST_TOKENS:,} at most"
        if self.sequences > _MOST_SEQUENCES:
            return f"sequences can be {_MOST_SEQUENCES:,} at most"
        if self.pattern == "equal" and self.tokens % self.sequences:
            return f"{self.tokens} tokens do not make {self.sequences} sequences of equal length"
        if self.pattern == "with-empty" and self.sequences < 4:
            return "one empty sequence and some of length 1 need at least 4 sequences"
        empty = 1 if self.pattern == "with-empty" else 0
        if self.seqlens.count(0) > empty or self.max_seqlen < 2:
            return f"{self.tokens} tokens are too few for {self.sequences} sequences"
        return None

    @property
    def name(self) -> str:
        """Name, for example `uniform-n16-t32768-h32x8-d128-bfloat16-causal`."""
        heads = pair(str(self.q_heads), str(self.kv_heads))
        shape = f"{self.pattern}-n{self.sequences}-t{self.tokens}-h{heads}-d{self.head_dim}"
        mask = "-causal" if self.causal else ""
        direction = "-backward" if self.direction == "backward" else ""
        return f"{shape}-{self.dtype}{mask}{direction}"

    @property
    def size(self) -> int:
        """The number of tokens."""
        return self.tokens

    @property
    def shape(self) -> str:
        """Short heading, for example `uniform, 16 in 32,768, 32x8×128`."""
        heads = pair(str(self.q_heads), str(self.kv_heads))
        return f"{self.pattern}, {self.sequences} in {self.tokens:,}, {heads}×{self.head_dim}"

    @property
    def label(self) -> str:
        """Label, such as `32,768 tokens in 16 sequences, all equal (bfloat16, 32 heads of 128)`."""
        sequences = f"{self.sequences:,} sequences" if self.sequences > 1 else "one sequence"
        heads = heads_label(self.q_heads, self.kv_heads, self.head_dim)
        mask = f", {self.group}" if self.causal else ""
        lengths = f"{self.tokens:,} tokens in {sequences}, {_WORDS[self.pattern]}"
        return f"{lengths} ({self.dtype}, {heads}{mask})"

    @property
    def group(self) -> str:
        """`causal` or `no mask`."""
        return "causal" if self.causal else "no mask"

    @property
    def seqlens(self) -> tuple[int, ...]:
        """The length of each sequence, in order; their sum is `tokens`."""
        return lengths(self.pattern, self.sequences, self.tokens)

    @property
    def max_seqlen(self) -> int:
        """The length of the longest sequence."""
        return max(self.seqlens)

    def alone(self, seqlen: int) -> AttentionWorkload:
        """The problem of one sequence of this length."""
        return AttentionWorkload(
            seqlen_q=seqlen,
            seqlen_kv=seqlen,
            q_heads=self.q_heads,
            kv_heads=self.kv_heads,
            head_dim=self.head_dim,
            dtype=self.dtype,
            causal=self.causal,
            direction=self.direction,
        )

    @property
    def flops(self) -> int:
        """Floating-point operations of all sequences, counted as for attention."""
        return sum(self.alone(seqlen).flops for seqlen in self.seqlens)

    @property
    def moved_bytes(self) -> int:
        """Bytes of memory traffic of all sequences, counted as for attention."""
        return self.alone(self.tokens).moved_bytes

    @property
    def outputs(self) -> dict[str, Shape]:
        """One output, of the shape of the queries, or the gradients of q, k and v."""
        queries = (self.tokens, self.q_heads, self.head_dim)
        keys = (self.tokens, self.kv_heads, self.head_dim)
        if self.direction == "backward":
            return {"dq": queries, "dk": keys, "dv": keys}
        return {"output": queries}

    @property
    def patterns(self) -> tuple[str, ...]:
        """Needles, to reveal a wrong key, mask or boundary; sunk scores, a key past the end."""
        return ("needles", "sunk scores")


@lru_cache
def lengths(pattern: Pattern, sequences: int, tokens: int) -> tuple[int, ...]:
    """The length of each sequence; their sum is `tokens`.

    Sequences share the tokens in proportion to weights, rounded so that the sum is right:

    - `equal`: all weights are 1.
    - `uniform`: the weights are spread evenly between 0 and 1, in a mixed order: that of the
      multiples of 2³²/φ modulo 2³² (Fibonacci hashing; Knuth, The Art of Computer Programming,
      volume 3, section 6.4).
    - `one-long`: the sequence in the middle has half of all tokens, the others share the rest
      equally.
    - `alternating`: the weights are 8 and 1 in turn.
    - `with-empty`: like `uniform`, but the sequence in the middle is empty, and every fourth one
      (the second, the sixth and so on) has one token.

    All but the last are modelled on the patterns `constant`, `wide`, `longtail` and `bimodal` of
    FlashAttention's benchmarks/benchmark_varlen_sched.py, which draws lengths at random and has
    several long sequences in `longtail`; its options `--decode-fracs` and `--zero-fracs` give some
    sequences length 1 or 0.
    """
    indices, middle = range(sequences), sequences // 2
    weights, single = [1] * sequences, [0] * sequences
    if pattern in ("uniform", "with-empty"):
        weights = [(index + 1) * 2_654_435_769 % 2**32 for index in indices]
    elif pattern == "one-long":
        weights[middle] = max(1, sequences - 1)
    elif pattern == "alternating":
        weights = [1 if index % 2 else 8 for index in indices]
    if pattern == "with-empty":
        single = [int(index % 4 == 1) for index in indices]
        weights = [0 if single[index] else weights[index] for index in indices]
        single[middle] = weights[middle] = 0
    shared, total = max(0, tokens - sum(single)), sum(weights) or 1
    ends = [shared * weight // total for weight in accumulate(weights, initial=0)]
    return tuple(end - start + single[index] for index, (start, end) in enumerate(pairwise(ends)))


OPERATION = Operation(
    name="packed_attention",
    title="Packed attention",
    signature="def packed_attention(q, k, v, *, cu_seqlens, max_seqlen, causal)",
    workload=PackedAttentionWorkload,
    ordinary="no mask",
    size_axes=(),
    bound="arithmetic",
    baselines=("packed_padded",),
)
