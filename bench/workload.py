"""Workloads, each of one shape, dtype and mask, and the suites that list them."""

from typing import Literal

import msgspec

from bench.errors import BenchError, did_you_mean

Dtype = Literal["float32", "float16", "bfloat16"]


class Workload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One attention problem; tensors are laid out [batch, seqlen, heads, head_dim]."""

    batch: int
    seqlen_q: int
    seqlen_kv: int
    q_heads: int
    kv_heads: int
    head_dim: int
    dtype: Dtype
    causal: bool = False

    @property
    def name(self) -> str:
        """A short and unique name, for example `b1-s4224-h24-d128-bfloat16`."""
        seqlen = _pair(self.seqlen_q, self.seqlen_kv)
        heads = _pair(self.q_heads, self.kv_heads)
        mask = "-causal" if self.causal else ""
        return f"b{self.batch}-s{seqlen}-h{heads}-d{self.head_dim}-{self.dtype}{mask}"


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """An ordered list of workloads that are run and shown together."""

    name: str
    description: str
    workloads: tuple[Workload, ...]


def _pair(query: int, key: int) -> str:
    return str(query) if query == key else f"{query}x{key}"


def attention(
    seqlen: int | tuple[int, int], heads: int, head_dim: int, dtype: Dtype, *, causal: bool = False
) -> Workload:
    """A workload of batch 1 with as many query heads as key heads.

    `seqlen` is the length of queries and of keys, or the two lengths if they differ.
    """
    seqlen_q, seqlen_kv = seqlen if isinstance(seqlen, tuple) else (seqlen, seqlen)
    return Workload(
        batch=1,
        seqlen_q=seqlen_q,
        seqlen_kv=seqlen_kv,
        q_heads=heads,
        kv_heads=heads,
        head_dim=head_dim,
        dtype=dtype,
        causal=causal,
    )


FLUX_IMAGE_TOKENS = 4096
"""Image tokens of FLUX at 1024×1024: (1024 / 16)², one token per 16×16 pixels."""

FLUX_TEXT_TOKENS = (128, 256, 320, 384, 448, 512)

SUITES = {
    suite.name: suite
    for suite in (
        Suite(
            name="flux",
            description="Joint attention of the FLUX image model: 4096 image tokens and a prompt",
            workloads=tuple(
                attention(FLUX_IMAGE_TOKENS + text, 24, 128, "bfloat16")
                for text in FLUX_TEXT_TOKENS
            ),
        ),
        Suite(
            name="cpu",
            description="Small problems that a CPU finishes in seconds, to try out the pipeline",
            workloads=tuple(attention(seqlen, 8, 64, "float32") for seqlen in (128, 256, 512)),
        ),
    )
}


def find_suite(name: str) -> Suite:
    """The suite called `name`.

    Raises:
        BenchError: no suite has that name; the message gives the closest one.
    """
    if name in SUITES:
        return SUITES[name]
    raise BenchError(f"no suite is called {name!r}{did_you_mean(name, SUITES)}")
