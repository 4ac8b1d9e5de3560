"""Inputs of a pattern: honest kernels pass, and faults that N(0, 1) hides do not."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from msgspec.structs import replace
from test_operations import computed, each_direction, each_dtype, each_operation, workload
from torch.nn.functional import scaled_dot_product_attention

from bench.operations.attention.workload import AttentionWorkload, attention
from bench.operations.kernels import Tensors
from bench.operations.operation import Direction, Dtype, Workload
from bench.operations.rms_norm.workload import RmsNormWorkload
from bench.worker.correctness import PATTERN_FACTOR, compare, expect
from bench.worker.inputs import equal, make_inputs

LONG = 131_072

Kernel = Callable[[Tensors], Any]


def judged(shape: Workload, pattern: str | None) -> Callable[[Kernel], str | None]:
    """What is wrong with the output that a kernel makes of inputs of the pattern."""
    inputs = make_inputs(shape, "cpu", 1, pattern)
    expected = expect(shape, inputs, PATTERN_FACTOR if pattern else 1.0)
    return lambda kernel: compare({"output": kernel(inputs)}, expected, "exact").problem


def problem(shape: Workload, pattern: str | None, kernel: Kernel) -> str | None:
    return judged(shape, pattern)(kernel)


def attend(inputs: Tensors, visible: torch.Tensor) -> torch.Tensor:
    """Attention in which queries see what `visible` says, [seqlen_q, seqlen_kv]."""
    q, k, v = (inputs[name].transpose(1, 2) for name in "qkv")
    out = scaled_dot_product_attention(q, k, v, attn_mask=visible, enable_gqa=True)
    return out.transpose(1, 2)


def seen_by(shape: AttentionWorkload) -> torch.Tensor:
    """The pairs that the mask leaves, [seqlen_q, seqlen_kv]."""
    return seen_within(shape, shape.window or shape.seqlen_kv)


def seen_within(shape: AttentionWorkload, window: int) -> torch.Tensor:
    """The pairs that are left where a query sees `window` keys, [seqlen_q, seqlen_kv]."""
    ones, last = (
        torch.ones(shape.seqlen_q, shape.seqlen_kv, dtype=torch.bool),
        shape.seqlen_kv - shape.seqlen_q,
    )
    return ones.tril(last) & ones.triu(last - window + 1) if shape.causal else ones


@each_direction
@each_dtype
def test_torch_s_own_function_is_right_on_every_pattern(
    name: str, direction: Direction, dtype: Dtype
) -> None:
    plain = workload(name, direction, dtype)
    masked = [replace(plain, causal=True)] if "causal" in plain.axes else []
    windows = [replace(each, window=40) for each in masked if "window" in plain.axes]
    for shape in (plain, *masked, *windows):
        for pattern in shape.patterns:
            inputs = make_inputs(shape, "cpu", 1, pattern)
            expected = expect(shape, inputs, PATTERN_FACTOR)
            assert compare(computed(shape, inputs), expected, "exact").problem is None, pattern


@each_operation
def test_a_pattern_has_the_same_inputs_for_the_same_seed_and_no_others(name: str) -> None:
    shape = workload(name)
    for pattern in shape.patterns:
        one, other = (make_inputs(shape, "cpu", 3, pattern) for _ in range(2))
        assert equal(one, other)
        assert not equal(one, make_inputs(shape, "cpu", 4, pattern))
        assert not equal(one, make_inputs(shape, "cpu", 3))


@pytest.mark.parametrize("causal", [False, True])
def test_every_key_that_is_dropped_is_missed_if_there_are_as_many_queries(causal: bool) -> None:
    shape = replace(attention(256, 4, 64, "bfloat16"), causal=causal)
    judge = judged(shape, "needles")
    for key in range(256):
        visible = seen_by(shape)
        # The first query of a causal mask sees only the first key.
        visible[int(causal) :, key] = False
        assert judge(partial(attend, visible=visible)), key


def test_each_query_of_a_group_points_at_a_key_of_the_head_that_it_shares() -> None:
    shape = replace(attention(256, 8, 64, "bfloat16"), kv_heads=2)
    inputs = make_inputs(shape, "cpu", 1, "needles")
    keys = inputs["k"].repeat_interleave(4, dim=2)
    scores = torch.einsum("bqhd,bkhd->bhqk", inputs["q"].double(), keys.double())
    weights = (scores / 64**0.5).softmax(-1).amax(-1)
    assert weights.mean() > 0.8


def test_one_dropped_key_of_131_072_is_seen_with_needles_and_not_without() -> None:
    shape = attention((16, LONG), 1, 64, "bfloat16")
    for pattern in (None, "needles"):
        judge = judged(shape, pattern)
        for key in (0, LONG // 2, LONG - 1):
            visible = seen_by(shape)
            visible[:, key] = False
            assert bool(judge(partial(attend, visible=visible))) == bool(pattern), key


@pytest.mark.parametrize("by", [-1, 1])
def test_a_causal_mask_that_is_shifted_by_one_is_seen(by: int) -> None:
    shape = replace(attention((128, 16_384), 1, 64, "bfloat16"), causal=True)
    visible = torch.ones(128, 16_384, dtype=torch.bool).tril(16_384 - 128 + by)
    assert problem(shape, "needles", lambda inputs: attend(inputs, visible))


@pytest.mark.parametrize("queries", [128, 2048])
def test_a_window_that_is_wrong_by_one_key_is_seen(queries: int) -> None:
    shape = replace(attention((queries, 2048), 1, 64, "bfloat16"), causal=True, window=512)
    judge = judged(shape, "needles")
    for window in (511, 512, 513):
        visible = seen_within(shape, window)
        assert bool(judge(partial(attend, visible=visible))) == (window != 512), window


def test_padding_that_counts_as_a_key_is_seen_with_sunk_scores_and_not_without() -> None:
    shape = attention((16, LONG - 1), 1, 64, "bfloat16")

    def padded(inputs: Tensors) -> torch.Tensor:
        zeros = {name: torch.zeros_like(inputs[name][:, :1]) for name in "kv"}
        more = {name: torch.cat([inputs[name], zeros[name]], 1) for name in "kv"}
        return attend(inputs | more, torch.ones(16, LONG, dtype=torch.bool))

    assert problem(shape, None, padded) is None
    assert problem(shape, "sunk scores", padded)


@pytest.mark.parametrize("column", [0, 2048, 4095])
def test_an_element_that_is_left_out_of_a_mean_is_seen_with_needles_and_not_without(
    column: int,
) -> None:
    shape = RmsNormWorkload(rows=64, columns=4096, dtype="bfloat16")

    def shortened(inputs: Tensors) -> torch.Tensor:
        x = inputs["x"].double()
        squares = x.square()
        squares[:, column] = 0
        out = x * (squares.mean(-1, keepdim=True) + shape.eps).rsqrt() * inputs["weight"].double()
        return out.bfloat16()

    assert problem(shape, None, shortened) is None
    assert problem(shape, "needles", shortened)


def test_another_epsilon_is_seen_in_faint_rows_and_not_without() -> None:
    shape = RmsNormWorkload(rows=64, columns=1024, dtype="bfloat16")

    def without(inputs: Tensors) -> torch.Tensor:
        x = inputs["x"].double()
        out = x * x.square().mean(-1, keepdim=True).rsqrt() * inputs["weight"].double()
        return out.bfloat16()

    assert problem(shape, None, without) is None
    assert problem(shape, "faint rows", without)
