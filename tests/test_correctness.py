"""Honest kernels pass, cheats do not: real torch on the CPU, judged as on a GPU."""

import itertools
import random
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from torch.nn.functional import scaled_dot_product_attention

from bench.operations.attention.kernels import reference
from bench.operations.attention.workload import AttentionWorkload
from bench.operations.kernels import Tensors
from bench.operations.operation import Dtype
from bench.pages.implementation import Precision
from bench.runner.messages import Verdict
from bench.worker.correctness import compare, expect, form_problem, outputs_of
from bench.worker.inputs import Stock, clones, equal, fill, make_inputs
from bench.worker.spot_check import spot_problem

DTYPES: tuple[Dtype, ...] = ("float32", "float16", "bfloat16")
Kernel = Callable[[Tensors], object]


def workload(
    *, queries: int = 96, keys: int = 96, heads: int = 4, groups: int = 1, dtype: Dtype = "bfloat16"
) -> AttentionWorkload:
    return AttentionWorkload(
        batch=2,
        seqlen_q=queries,
        seqlen_kv=keys,
        q_heads=heads,
        kv_heads=heads // groups,
        head_dim=64,
        dtype=dtype,
    )


def judge(out: object, inputs: Tensors, *, causal: bool, precision: Precision) -> Verdict:
    """What the worker and the referee find together."""
    shape = shape_of(inputs, causal=causal)
    if problem := form_problem(out, shape, inputs["q"].device):
        return Verdict(problem=problem)
    return compare(outputs_of(out, shape), expect(shape, inputs), precision)


def shape_of(inputs: Tensors, *, causal: bool) -> AttentionWorkload:
    """The workload that has these inputs."""
    batch, queries, heads, head_dim = inputs["q"].shape
    _, keys, kv_heads, _ = inputs["k"].shape
    made = workload(queries=queries, keys=keys, heads=heads, groups=heads // kv_heads)
    dtype: Dtype = str(inputs["q"].dtype).removeprefix("torch.")  # type: ignore[assignment]
    return replace(made, batch=batch, head_dim=head_dim, dtype=dtype, causal=causal)


def written_out(inputs: Tensors, *, causal: bool, dtype: torch.dtype) -> torch.Tensor:
    """Attention as the reference computes it, in `dtype`."""
    return reference(shape_of(inputs, causal=causal), inputs, dtype)["output"]


def spots(
    out: torch.Tensor, inputs: Tensors, *, causal: bool = False, precision: Precision = "exact"
) -> str | None:
    """What is wrong with a part of `out`."""
    return spot_problem(shape_of(inputs, causal=causal), inputs, {"output": out}, precision)


def honest(inputs: Tensors) -> torch.Tensor:
    q, k, v = (tensor.transpose(1, 2) for tensor in (inputs["q"], inputs["k"], inputs["v"]))
    return scaled_dot_product_attention(q, k, v, enable_gqa=True).transpose(1, 2)


def as_flash_does(inputs: Tensors) -> torch.Tensor:
    """Probabilities rounded to the dtype before the second product, sums in float32."""
    q, k, v = (tensor.transpose(1, 2).float() for tensor in (inputs["q"], inputs["k"], inputs["v"]))
    scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    weights = (scores - scores.amax(-1, keepdim=True)).exp()
    out = weights.to(inputs["q"].dtype).float() @ v / weights.sum(-1, keepdim=True)
    return out.to(inputs["q"].dtype).transpose(1, 2)


def as_transformers_does(inputs: Tensors) -> torch.Tensor:
    """Eager attention: scores and probabilities in the dtype of the inputs, softmax in float32."""
    q, k, v = (tensor.transpose(1, 2) for tensor in (inputs["q"], inputs["k"], inputs["v"]))
    scores = q @ k.transpose(2, 3) * q.shape[-1] ** -0.5
    weights = scores.softmax(-1, dtype=torch.float32).to(q.dtype)
    return (weights @ v).transpose(1, 2)


def scaled_first(inputs: Tensors) -> torch.Tensor:
    """Queries and keys are scaled, and rounded once more, before they are multiplied."""
    scale = inputs["q"].shape[-1] ** -0.25
    q, k, v = (
        tensor.transpose(1, 2) for tensor in (inputs["q"] * scale, inputs["k"] * scale, inputs["v"])
    )
    weights = (q @ k.transpose(2, 3)).softmax(-1, dtype=torch.float32).to(q.dtype)
    return (weights @ v).transpose(1, 2)


def as_int8_does(inputs: Tensors) -> torch.Tensor:
    def quantised(tensor: torch.Tensor) -> torch.Tensor:
        scale = tensor.float().abs().amax(-1, keepdim=True) / 127
        return ((tensor.float() / scale).round() * scale).to(tensor.dtype)

    return honest(inputs | {"q": quantised(inputs["q"]), "k": quantised(inputs["k"])})


class Lazy(torch.Tensor):
    """A subclass sees every operation on it."""


def half_the_heads(inputs: Tensors) -> torch.Tensor:
    out = honest(inputs).clone()
    out[:, :, ::2] = out[:, :, 1::2]
    return out


def half_the_keys(inputs: Tensors) -> torch.Tensor:
    half = inputs["k"].shape[1] // 2
    return honest(inputs | {"k": inputs["k"][:, :half], "v": inputs["v"][:, :half]})


def one_wrong_element(inputs: Tensors) -> torch.Tensor:
    out = honest(inputs).clone()
    out[0, 0, 0, 0] += 0.1
    return out


def one_infinite_value(inputs: Tensors) -> torch.Tensor:
    out = honest(inputs).clone()
    out[1, 95, 3, 63] = float("inf")
    return out


NOT_FINITE = "the output has values that are not finite"

CHEATS: dict[str, tuple[Kernel, str]] = {
    "zeros": (lambda i: torch.zeros_like(i["q"]), "relative error 1 is over"),
    "the queries": (lambda i: i["q"], "relative error"),
    "the values": (lambda i: i["v"], "relative error"),
    "values that are not finite": (lambda i: torch.full_like(i["q"], float("nan")), NOT_FINITE),
    "one infinite value": (one_infinite_value, NOT_FINITE),
    "half of the heads": (half_the_heads, "relative error"),
    "half of the keys": (half_the_keys, "relative error"),
    "one wrong element": (one_wrong_element, "largest error 0.1 is over"),
    "another scale": (lambda i: honest(i | {"q": i["q"] * 1.1}), "relative error"),
    "no softmax": (lambda i: i["v"].mean(1, keepdim=True).expand_as(i["q"]), "relative error"),
    "another shape": (
        lambda i: honest(i)[:, :-1],
        "the output's shape is [2, 95, 4, 64], not [2, 96, 4, 64]",
    ),
    "another dtype": (
        lambda i: honest(i).float(),
        "the output's dtype is torch.float32, not torch.bfloat16",
    ),
    "another device": (
        lambda i: honest(i).to("meta"),
        "the output's device is meta, not cpu",
    ),
    "another layout": (
        lambda i: honest(i).to_sparse(),
        "the output's layout is torch.sparse_coo, not torch.strided",
    ),
    "a mask where there is none": (
        lambda i: written_out(i, causal=True, dtype=i["q"].dtype),
        "relative error",
    ),
    "no tensor": (lambda _: None, "returned NoneType, not a plain tensor"),
    "a tensor that computes when it is looked at": (
        lambda i: honest(i).as_subclass(Lazy),
        "returned Lazy, not a plain tensor",
    ),
    "a list": (lambda i: [honest(i)], "returned list, not a plain tensor"),
}


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_is_incorrect_and_says_what_is_wrong(name: str) -> None:
    kernel, said = CHEATS[name]
    inputs = make_inputs(workload(), "cpu", 1)
    verdict = judge(kernel(inputs), inputs, causal=False, precision="exact")
    assert (verdict.problem or "").startswith(said)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kernel", [honest, as_flash_does, as_transformers_does, scaled_first])
@settings(max_examples=10, deadline=None)
@given(
    queries=st.integers(1, 200),
    keys=st.integers(1, 200),
    groups=st.sampled_from([1, 2, 4]),
    seed=st.integers(0, 1000),
)
def test_an_honest_kernel_is_never_refused(
    dtype: Dtype, kernel: Kernel, queries: int, keys: int, groups: int, seed: int
) -> None:
    shape = workload(
        queries=queries, keys=keys, groups=groups if kernel is honest else 1, dtype=dtype
    )
    inputs = make_inputs(shape, "cpu", seed)
    verdict = judge(kernel(inputs), inputs, causal=False, precision="exact")
    assert verdict.problem is None


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("head_dim", [64, 128])
def test_eager_attention_makes_two_thirds_of_the_bound_and_a_fused_kernel_half_of_that(
    dtype: Dtype, head_dim: int
) -> None:
    shape = replace(workload(queries=512, keys=512, dtype=dtype), head_dim=head_dim)
    inputs = make_inputs(shape, "cpu", 0)

    def share(kernel: Callable[[Tensors], torch.Tensor]) -> float:
        accuracy = judge(kernel(inputs), inputs, causal=False, precision="exact").accuracy
        assert accuracy
        return accuracy.relative_error / accuracy.relative_bound

    assert 0.6 < share(as_transformers_does) < 0.7
    assert share(scaled_first) < 0.8
    assert 0.2 < share(honest) < 0.4


@pytest.mark.parametrize("head_dim", [64, 128])
def test_a_quantised_kernel_passes_in_its_own_class_only(head_dim: int) -> None:
    shape = replace(workload(queries=512, keys=512), head_dim=head_dim)
    inputs = make_inputs(shape, "cpu", 0)
    out = as_int8_does(inputs)
    assert judge(out, inputs, causal=False, precision="int8").problem is None
    assert judge(out, inputs, causal=False, precision="exact").problem


@pytest.mark.parametrize("dtype", DTYPES)
def test_an_int8_output_may_be_2_percent_off_and_not_10(dtype: Dtype) -> None:
    inputs = make_inputs(workload(dtype=dtype), "cpu", 0)
    right = written_out(inputs, causal=False, dtype=torch.float64)
    near, far = ((right * share).to(inputs["q"].dtype) for share in (1.02, 1.10))
    assert judge(near, inputs, causal=False, precision="int8").problem is None
    verdict = judge(far, inputs, causal=False, precision="int8")
    assert verdict.problem == "relative error 0.1 is over 0.05"
    assert judge(near, inputs, causal=False, precision="exact").problem


def test_one_value_of_an_int8_output_may_be_a_tenth_of_the_largest_off_and_not_a_third() -> None:
    inputs = make_inputs(workload(queries=512, keys=512), "cpu", 0)
    out = honest(inputs).clone()
    largest = out.abs().max().item()
    before = out[1, 2, 3, 4].item()
    out[1, 2, 3, 4] = before + 0.1 * largest
    assert judge(out, inputs, causal=False, precision="int8").problem is None
    out[1, 2, 3, 4] = before + 0.3 * largest
    problem = judge(out, inputs, causal=False, precision="int8").problem
    assert (problem or "").startswith("largest error")


def test_half_of_the_heads_is_wrong_in_a_quantised_class_too() -> None:
    inputs = make_inputs(workload(), "cpu", 0)
    assert judge(half_the_heads(inputs), inputs, causal=False, precision="int8").problem


@pytest.mark.parametrize(("queries", "keys"), [(64, 64), (32, 64), (1, 64)])
def test_a_causal_mask_is_aligned_to_the_bottom_right(queries: int, keys: int) -> None:
    inputs = make_inputs(workload(queries=queries, keys=keys, dtype="float32"), "cpu", 0)
    mask = torch.ones(queries, keys, dtype=torch.bool).tril(diagonal=keys - queries)
    q, k, v = (tensor.transpose(1, 2) for tensor in (inputs["q"], inputs["k"], inputs["v"]))
    expected = scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2)
    assert judge(expected, inputs, causal=True, precision="exact").problem is None
    if queries not in (keys, 1):
        top_left = scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2)
        assert judge(top_left, inputs, causal=True, precision="exact").problem


def test_inputs_are_never_zeros_and_a_seed_gives_the_same_ones() -> None:
    one, two = (make_inputs(workload(), "cpu", 7) for _ in range(2))
    assert equal(one, two)
    assert not equal(one, make_inputs(workload(), "cpu", 8))
    assert (one["q"] == 0).float().mean() < 0.01


@pytest.mark.parametrize("causal", [False, True])
@settings(max_examples=20, deadline=None)
@given(
    queries=st.integers(1, 300),
    more_keys=st.integers(0, 200),
    groups=st.sampled_from([1, 2, 4]),
    seed=st.integers(0, 1000),
)
def test_no_part_of_an_honest_output_is_refused(
    causal: bool, queries: int, more_keys: int, groups: int, seed: int
) -> None:
    shape = workload(queries=queries, keys=queries + more_keys, groups=groups)
    inputs = make_inputs(shape, "cpu", seed)
    out = written_out(inputs, causal=causal, dtype=torch.float32).to(inputs["q"].dtype)
    for _ in range(5):
        assert spots(out, inputs, causal=causal) is None


def test_a_head_that_is_wrong_is_found_in_time() -> None:
    inputs = make_inputs(workload(), "cpu", 0)
    out = half_the_heads(inputs)
    found = [spots(out, inputs) for _ in range(200)]
    assert 50 < sum(problem is not None for problem in found) < 150  # half of the heads are wrong


def found_by_spots(out: torch.Tensor, inputs: Tensors, *, draws: int = 40) -> list[str]:
    """What is told in `draws` looks at parts of `out`."""
    found = (spots(out, inputs) for _ in range(draws))
    return [problem for problem in found if problem]


def test_a_fault_in_the_last_batch_entry_only_is_found_in_time() -> None:
    inputs = make_inputs(workload(), "cpu", 0)
    out = honest(inputs).clone()
    out[-1] = 0
    assert 5 < len(found_by_spots(out, inputs)) < 35


def test_a_fault_in_the_first_or_the_last_rows_only_is_found_in_time() -> None:
    inputs = make_inputs(workload(queries=256, heads=1), "cpu", 0)
    for rows in (slice(64), slice(-64, None)):
        out = honest(inputs).clone()
        out[:, rows] = 0
        assert found_by_spots(out, inputs)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("head_dim", [64, 128])
def test_a_part_that_passed_through_int8_is_wrong_in_the_class_exact(
    dtype: Dtype, head_dim: int
) -> None:
    shape = replace(workload(queries=256, keys=256, dtype=dtype), head_dim=head_dim)
    inputs = make_inputs(shape, "cpu", 0)
    out = as_int8_does(inputs)
    assert len(found_by_spots(out, inputs, draws=20)) >= 15
    assert spots(out, inputs, precision="int8") is None


def test_rows_that_are_looked_at_and_inputs_are_not_those_that_a_page_s_seed_would_draw() -> None:
    inputs = make_inputs(workload(queries=512, heads=4), "cpu", 0)
    out, stock = torch.zeros_like(inputs["q"]), Stock(inputs)
    stock.refill(0)
    places, seen = set(), set()
    for _ in range(20):
        random.seed(1)
        torch.manual_seed(1)
        places.add(spots(out, inputs))
        stock.renew(inputs)
        seen.add(inputs["q"].double().sum().item())
    assert len(places) > 10
    assert len(seen) > 10


@given(st.integers(0, 2**62))
@settings(max_examples=20, deadline=None)
def test_inputs_that_are_renewed_are_never_what_they_were_and_keep_their_shapes(seed: int) -> None:
    inputs = make_inputs(workload(queries=8, keys=16), "cpu", 0)
    stock = Stock(inputs)
    stock.refill(seed)
    seen = []
    for _ in range(5):
        stock.renew(inputs)
        assert stock.holds(inputs)
        assert not any(equal(inputs, before) for before in seen)
        seen.append(clones(inputs))
    inputs["v"][0, 3, 0, 5] += 1
    assert not stock.holds(inputs)


@pytest.mark.parametrize("dtype", DTYPES)
def test_torch_s_own_kernel_keeps_a_margin_in_a_hundred_draws(dtype: Dtype) -> None:
    for seed in range(100):
        inputs = make_inputs(workload(queries=64, keys=128, dtype=dtype), "cpu", seed)
        accuracy = judge(honest(inputs), inputs, causal=False, precision="exact").accuracy
        assert accuracy
        assert accuracy.max_abs_error < 0.7 * accuracy.max_abs_bound


def test_the_input_sets_of_a_burst_differ_so_that_a_remembered_answer_is_wrong() -> None:
    shape = workload()
    sets = [make_inputs(shape, "cpu", 1) for _ in range(3)]
    fill(sets, 7)
    assert equal(sets[0], make_inputs(shape, "cpu", 7))
    for one, other in itertools.combinations(sets, 2):
        assert not any(torch.equal(one[name], other[name]) for name in "qkv")
