"""The workloads of attention over a KV cache, contiguous or in pages."""

import random
from typing import ClassVar, Literal

import msgspec

from bench.operations.attention.workload import heads_label, pair, uneven_heads
from bench.operations.cached_attention import cost
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

_MOST_SEQUENCES = 1 << 16
"""Largest batch: `seqlens` repeats its lengths after that many."""

_GOLDEN = 40_503
"""65,536 divided by the golden ratio: multiples of it, modulo 65,536, are spread evenly."""


class CachedAttentionWorkload(
    Workload,
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="cached_attention",
):
    """One problem of attention over a KV cache.

    Each sequence of the batch has `seqlen_q` new tokens, the last ones of its cached tokens. The
    mask is causal and aligned to the bottom right: query i of Sq sees the keys up to i + L - Sq, if
    its sequence has L cached tokens.
    """

    batch: int = 1
    seqlen_q: int = 1
    seqlen_kv: int
    """Cached tokens of the longest sequence, the new ones included."""
    lengths: Literal["equal", "varied"] = "equal"
    """Whether all sequences are as long as the longest; see `seqlens`."""
    q_heads: int
    kv_heads: int
    head_dim: int
    page_size: int | None = None
    """Tokens of a page; None for a contiguous cache."""
    dtype: Dtype
    """The dtype of the queries and of the output."""
    cache_dtype: Literal["float8_e4m3fn"] | None = None
    """The dtype of the cached keys and values; None for that of the queries."""
    direction: Direction = "forward"

    short: ClassVar = {"heads": ("q_heads", "kv_heads")}

    @property
    def problem(self) -> str | None:
        """Why such a workload cannot exist."""
        sizes = ("batch", "seqlen_q", "seqlen_kv", "q_heads", "kv_heads", "head_dim")
        if small := too_small(self, *sizes):
            return small
        if self.batch > _MOST_SEQUENCES:
            return f"a batch has at most {_MOST_SEQUENCES:,} sequences"
        if self.page_size is not None and self.page_size < 1:
            return "page_size is less than 1: leave it out for a contiguous cache"
        if uneven := uneven_heads(self.q_heads, self.kv_heads):
            return uneven
        if self.lengths == "varied" and self.batch == 1:
            return "the lengths of one sequence cannot differ: leave out lengths, or add to batch"
        if min(self.seqlens) < self.seqlen_q:
            return (
                f"the shortest sequence has {min(self.seqlens)} cached tokens, fewer than its "
                f"{self.seqlen_q} new ones: they are in the cache too"
            )
        if self.dtype == FLOAT8:
            return "the queries over a cache are not float8: give that dtype as cache_dtype"
        if self.direction == "backward":
            return "a cache is read without gradients: leave out direction"
        return None

    @property
    def seqlens(self) -> tuple[int, ...]:
        """Cached tokens of each sequence.

        If they vary, sequence b has S - ⌊⌊S/2⌋ · (40,503·b mod 65,536) / 65,536⌋ with S =
        `seqlen_kv`: the first is the longest, and the others are spread evenly between S/2 and S,
        in an irregular order.
        """
        if self.lengths == "equal":
            return (self.seqlen_kv,) * self.batch
        shares = (_GOLDEN * number % _MOST_SEQUENCES for number in range(self.batch))
        half = self.seqlen_kv // 2
        return tuple(self.seqlen_kv - half * share // _MOST_SEQUENCES for share in shares)

    @property
    def page_table(self) -> tuple[tuple[int, ...], ...] | None:
        """The pages of each sequence in the order of its tokens; None if the cache is contiguous.

        The pages lie in a fixed random order, as in a server that has freed and reused them for
        hours. Page 0 belongs to no sequence and pads the rows of shorter sequences, as in vLLM,
        whose block 0 is the null block.
        """
        if self.page_size is None:
            return None
        counts = [-(-length // self.page_size) for length in self.seqlens]
        chance = random.Random(0)  # noqa: S311 every process must draw the same
        # Python promises to keep the numbers of `random`, but not the order of `shuffle`.
        pages = iter(sorted(range(1, sum(counts) + 1), key=lambda _: chance.random()))
        rows = [[next(pages) for _ in range(count)] for count in counts]
        return tuple((*row, *[0] * (max(counts) - len(row))) for row in rows)

    @property
    def cache(self) -> Shape:
        """The shape of the cached keys, which is also that of the cached values."""
        heads = (self.kv_heads, self.head_dim)
        if self.page_size is None:
            return (self.batch, self.seqlen_kv, *heads)
        pages = 1 + sum(-(-length // self.page_size) for length in self.seqlens)
        return (pages, self.page_size, *heads)

    @property
    def narrowest_dtype(self) -> Dtype:
        """The dtype of the cache."""
        return self.cache_dtype or self.dtype

    @property
    def name(self) -> str:
        """Name, for example `b16-q1-kv8192-h64x8-d128-bfloat16-varied-page16`."""
        heads = pair(str(self.q_heads), str(self.kv_heads))
        varied = "-varied" if self.lengths == "varied" else ""
        pages = f"-page{self.page_size}" if self.page_size is not None else ""
        backward = "-backward" if self.direction == "backward" else ""
        shape = f"b{self.batch}-q{self.seqlen_q}-kv{self.seqlen_kv}-h{heads}-d{self.head_dim}"
        cache = f"-cache-{self.cache_dtype}" if self.cache_dtype else ""
        return f"{shape}-{self.dtype}{cache}{varied}{pages}{backward}"

    @property
    def size(self) -> int:
        """The number of cached tokens of all sequences."""
        return sum(self.seqlens)

    @property
    def shape(self) -> str:
        """Short heading, for example `16×8,190`, `16×4,177–8,192` or `16×8,192, 4 new`."""
        new = f", {self.seqlen_q} new" if self.seqlen_q > 1 else ""
        return f"{self.batch}×{self._range}{new}"

    @property
    def label(self) -> str:
        """Label, for example `16 sequences of 8,190 tokens (bfloat16, 64 heads over 8 of 128)`."""
        sequences = "1 sequence" if self.batch == 1 else f"{self.batch} sequences"
        new = f", {self.seqlen_q} new ones each" if self.seqlen_q > 1 else ""
        group = f", {self.group}" if self.group != OPERATION.ordinary else ""
        heads = heads_label(self.q_heads, self.kv_heads, self.head_dim)
        return f"{sequences} of {self._range} tokens{new} ({self.dtype}, {heads}{group})"

    @property
    def _range(self) -> str:
        """The lengths in words: `8,190`, or the shortest and the longest."""
        return pair(f"{min(self.seqlens):,}", f"{max(self.seqlens):,}", "–")

    @property
    def group(self) -> str:
        """`contiguous`, or for example `pages of 16` or `float8 cache in pages of 16`."""
        if self.cache_dtype:
            cache = f"{dtype_label(self.cache_dtype)} cache"
            return cache if self.page_size is None else f"{cache} in pages of {self.page_size}"
        return "contiguous" if self.page_size is None else f"pages of {self.page_size}"

    @property
    def options(self) -> tuple[str, ...]:
        """`page_table`, if the cache is in pages."""
        return ("page_table",) if self.page_size is not None else ()

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
        """One output, of the shape of the queries."""
        return {"output": (self.batch, self.seqlen_q, self.q_heads, self.head_dim)}

    @property
    def patterns(self) -> tuple[str, ...]:
        """Needles, to reveal a wrong key or length; sunk scores, to reveal a key of no sequence."""
        return ("needles", "sunk scores")


OPERATION = Operation(
    name="cached_attention",
    title="Cached attention",
    signature="def cached_attention(q, k_cache, v_cache, *, seqlens)",
    workload=CachedAttentionWorkload,
    ordinary="contiguous",
    size_axes=(),
    bound="memory",
    baselines=("sdpa",),
    options=("page_table",),
)
