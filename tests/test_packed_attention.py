"""Packed attention: its lengths and costs, and faults at the boundaries of sequences."""

import shutil
from itertools import accumulate, pairwise, product
from typing import Any, get_args

import pytest
import torch
from bench_fixtures import QUICK, ROOT, Silent
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_patterns import problem
from torch.nn.functional import scaled_dot_product_attention

from bench.operations.kernels import Tensors, kernels_of
from bench.operations.packed_attention.workload import PackedAttentionWorkload, Pattern, lengths
from bench.pages.implementation import load_implementation
from bench.pages.suites import find_suite, selection, workload_of
from bench.project import Project
from bench.records.outcome import Ok
from bench.records.runfile import read_run
from bench.runner.config import RunConfig
from bench.runner.runner import run
from bench.worker.correctness import compare, expect
from bench.worker.inputs import make_inputs
from bench.worker.spot_check import spot_problem

PATTERNS: tuple[Pattern, ...] = get_args(Pattern)

each_pattern = pytest.mark.parametrize("pattern", PATTERNS)
each_mask = pytest.mark.parametrize("causal", [False, True])


def pack(pattern: Pattern = "uniform", **axes: Any) -> PackedAttentionWorkload:
    default = {"sequences": 8, "tokens": 512, "q_heads": 4, "kv_heads": 2, "head_dim": 64}
    default |= {"operation": "packed_attention", "pattern": pattern, "dtype": "bfloat16"}
    workload = workload_of(default | axes)
    assert isinstance(workload, PackedAttentionWorkload)
    return workload


def starts_of(shape: PackedAttentionWorkload) -> list[int]:
    return list(accumulate(shape.seqlens, initial=0))


def seen(shape: PackedAttentionWorkload, starts: list[int] | None = None) -> torch.Tensor:
    """The pairs that a right kernel sees, or one with other boundaries, [tokens, tokens]."""
    visible = torch.zeros(shape.tokens, shape.tokens, dtype=torch.bool)
    for start, end in pairwise(starts or starts_of(shape)):
        visible[start:end, start:end] = True
    return visible.tril() if shape.causal else visible


def attend(inputs: Tensors, visible: torch.Tensor) -> torch.Tensor:
    q, k, v = (inputs[name].transpose(0, 1)[None] for name in "qkv")
    out = scaled_dot_product_attention(q, k, v, attn_mask=visible, enable_gqa=True)
    return out[0].transpose(0, 1)


@given(
    pattern=st.sampled_from(PATTERNS), sequences=st.integers(4, 70), tokens=st.integers(4, 10**6)
)
def test_the_lengths_of_every_pattern_are_as_many_as_asked_for_and_have_all_tokens(
    pattern: Pattern, sequences: int, tokens: int
) -> None:
    seqlens = lengths(pattern, sequences, tokens)
    assert len(seqlens) == sequences
    assert min(seqlens) >= 0
    assert sum(seqlens) == tokens or (pattern == "with-empty" and tokens < sequences)


def test_the_lengths_are_what_the_suite_s_page_says() -> None:
    of = {pattern: sorted(lengths(pattern, 16, 32_768)) for pattern in PATTERNS}
    assert set(of["equal"]) == {2048}
    assert (of["uniform"][0], of["uniform"][-1]) == (140, 3843)
    assert (set(of["one-long"][:-1]), of["one-long"][-1]) == ({1092, 1093}, 16_384)
    assert of["alternating"] == [456] * 8 + [3640] * 8
    assert of["with-empty"][:6] == [0, 1, 1, 1, 1, 198]
    assert of["with-empty"][-1] == 5416


@each_pattern
@each_mask
def test_the_work_is_that_of_the_visible_pairs(pattern: Pattern, causal: bool) -> None:
    shape = pack(pattern, causal=causal)
    pairs = int(seen(shape).sum())
    assert shape.flops == 2 * 2 * shape.head_dim * shape.q_heads * pairs
    assert replace(shape, direction="backward").flops * 2 == shape.flops * 5
    assert shape.moved_bytes == 2 * (2 * 4 + 2 * 2) * shape.tokens * shape.head_dim
    backward = replace(shape, direction="backward").moved_bytes
    assert backward == 2 * (3 * 4 + 4 * 2) * shape.tokens * shape.head_dim


@each_pattern
def test_the_boundaries_are_those_of_the_lengths_and_the_same_for_every_seed(
    pattern: Pattern,
) -> None:
    shape = pack(pattern)
    one, other = (make_inputs(shape, "cpu", seed)["cu_seqlens"] for seed in (1, 2))
    assert one.dtype == torch.int32
    assert one.tolist() == other.tolist() == starts_of(shape)


@each_pattern
@each_mask
def test_a_kernel_that_sees_what_the_mask_leaves_is_right(pattern: Pattern, causal: bool) -> None:
    shape = pack(pattern, causal=causal)
    starts = list(dict.fromkeys(starts_of(shape)))
    for kind in (None, *shape.patterns):
        assert problem(shape, kind, lambda inputs: attend(inputs, seen(shape, starts))) is None


@each_pattern
@each_mask
@pytest.mark.parametrize("by", [-1, 1])
def test_a_boundary_that_is_shifted_by_one_token_is_seen(
    pattern: Pattern, causal: bool, by: int
) -> None:
    shape = pack(pattern, causal=causal)
    starts = starts_of(shape)
    inner = [place for place in range(1, shape.sequences) if 0 < starts[place] < shape.tokens]
    assert inner
    for place in inner:
        moved = [start + by * (start == starts[place]) for start in starts]
        assert problem(shape, "needles", lambda inputs, at=moved: attend(inputs, seen(shape, at)))


@each_pattern
def test_a_sequence_that_is_dropped_is_seen(pattern: Pattern) -> None:
    shape = pack(pattern, causal=True)
    for start, end in pairwise(starts_of(shape)):
        if start == end:
            continue

        def dropped(inputs: Tensors, start: int = start, end: int = end) -> torch.Tensor:
            out = attend(inputs, seen(shape))
            out[start:end] = 0
            return out

        assert problem(shape, "needles", dropped)


@each_pattern
@each_mask
def test_a_last_query_that_sees_the_first_key_of_the_next_sequence_is_noticed(
    pattern: Pattern, causal: bool
) -> None:
    shape = pack(pattern, causal=causal)
    for start, end in pairwise(starts_of(shape)):
        if start < end < shape.tokens:
            visible = seen(shape)
            visible[end - 1, end] = True
            leak = problem(shape, "needles", lambda inputs, to=visible: attend(inputs, to))
            assert leak, (start, end)


@each_pattern
@each_mask
def test_later_queries_that_see_the_last_key_of_the_sequence_before_are_noticed(
    pattern: Pattern, causal: bool
) -> None:
    shape = pack(pattern, causal=causal)
    for start, end in pairwise(starts_of(shape)):
        if 0 < start < end:
            visible = seen(shape)
            visible[(start + end) // 2 : end, start - 1] = True
            leak = problem(shape, "needles", lambda inputs, to=visible: attend(inputs, to))
            assert leak, (start, end)


def test_one_key_that_leaks_across_a_boundary_is_seen_with_needles_and_not_without() -> None:
    shape = pack("equal", sequences=4, tokens=4096, causal=True)
    visible = seen(shape)
    visible[1023, 1024] = True
    assert problem(shape, None, lambda inputs: attend(inputs, visible)) is None
    assert problem(shape, "needles", lambda inputs: attend(inputs, visible))


@each_pattern
@each_mask
def test_a_last_tile_that_is_not_masked_is_seen(pattern: Pattern, causal: bool) -> None:
    """A kernel that goes on to the end of a tile of 128 keys sees some of the next sequence."""
    shape = pack(pattern, causal=causal)
    visible = seen(shape)
    for start, end in pairwise(starts_of(shape)):
        tile = start + -(-(end - start) // 128) * 128
        last = start + (end - start) // 128 * 128 if causal else start
        visible[last:end, end:tile] = True
    assert problem(shape, "needles", lambda inputs: attend(inputs, visible))


@each_mask
def test_padding_that_counts_as_keys_is_seen_with_sunk_scores(causal: bool) -> None:
    shape = pack("alternating", causal=causal)

    def padded(inputs: Tensors) -> torch.Tensor:
        """Every sequence has one more key, of zeros, which the mask does not hide."""
        outputs = []
        for start, end in pairwise(starts_of(shape)):
            zeros = {name: torch.zeros_like(inputs[name][:1]) for name in "kv"}
            more = {name: torch.cat([inputs[name][start:end], zeros[name]]) for name in "kv"}
            visible = torch.ones(end - start, end - start + 1, dtype=torch.bool)
            visible[:, :-1] = seen(shape)[start:end, start:end]
            outputs.append(attend({"q": inputs["q"][start:end]} | more, visible))
        return torch.cat(outputs)

    assert problem(shape, "sunk scores", padded)


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_no_part_of_a_right_output_is_refused_however_short_its_sequence_is(
    direction: str,
) -> None:
    for dtype in ("float32", "bfloat16"):
        axes = {"sequences": 16, "tokens": 72, "direction": direction, "dtype": dtype}
        shape = pack("with-empty", causal=True, **axes)
        assert {1, 3, 4} < set(shape.seqlens)
        inputs = make_inputs(shape, "cpu", 1)
        right = kernels_of(shape).reference(shape, inputs, getattr(torch, dtype))
        assert compare(right, expect(shape, inputs), "exact").problem is None
        for _ in range(40):
            assert spot_problem(shape, inputs, right, "exact") is None


def test_every_longer_sequence_is_checked_in_the_timed_loop() -> None:
    shape = pack("alternating", causal=True)
    inputs = make_inputs(shape, "cpu", 1)
    right = kernels_of(shape).reference(shape, inputs, torch.bfloat16)
    for start, end in list(pairwise(starts_of(shape)))[::2]:
        wrong = right["output"].clone()
        wrong[start:end] = 0
        problems = {spot_problem(shape, inputs, {"output": wrong}, "exact") for _ in range(80)}
        assert any(each and f"of tokens {start}–{end - 1} are wrong" in each for each in problems)


def test_the_suite_has_five_patterns_in_both_directions_of_nine_workloads_at_most() -> None:
    suite = find_suite("packed", Project(ROOT)).workloads
    ways = {(each.axes["pattern"], each.direction) for each in suite}
    assert ways == set(product(PATTERNS, ("forward", "backward")))
    for direction in ("forward", "backward"):
        assert len([each for each in suite if each.direction == direction]) <= 9


@pytest.mark.slow
def test_a_run_of_the_page_that_pads_is_ok_in_both_directions(project: Project) -> None:
    name = "packed_padded.md"
    shutil.copy(ROOT / "docs" / "impls" / name, project.pages)
    page = load_implementation(project.pages / name, project)
    shapes = [
        pack("with-empty", dtype="float32", direction=direction, causal=causal)
        for direction, causal in product(("forward", "backward"), (False, True))
    ]
    config = RunConfig(
        *(project, (page,), selection(shapes), "cpu", project.data, 120),
        build=False,
        protocol=QUICK,
    )
    path = run(config, Silent())
    assert path
    results = read_run(path).results
    assert {each.workload for each in results} == set(shapes)
    assert all(isinstance(each.outcome, Ok) for each in results)
