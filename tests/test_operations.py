"""Every operation in both directions: what is right passes, and what is not does not."""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from in_process import InProcess
from msgspec.structs import replace
from torch.nn import functional

from bench.operations.attention.workload import attention as attention_of
from bench.operations.discovery import OPERATIONS, operation_of
from bench.operations.kernels import Tensors, kernels_of
from bench.operations.operation import Direction, Dtype, Workload
from bench.operations.rms_norm.workload import RmsNormWorkload
from bench.pages.suites import workload_of
from bench.records.outcome import Incorrect, Ok, Passed, Unsupported
from bench.worker.backward import BackwardPass
from bench.worker.correctness import compare, expect, form_problem, outputs_of
from bench.worker.inputs import make_inputs
from bench.worker.spot_check import spot_problem

DTYPES: tuple[Dtype, ...] = ("float32", "float16", "bfloat16")
DIRECTIONS: tuple[Direction, ...] = ("forward", "backward")

AXES: dict[str, dict[str, Any]] = {
    "attention": {"batch": 2, "seqlen": 96, "q_heads": 4, "kv_heads": 2, "head_dim": 64},
    "packed_attention": {
        "pattern": "with-empty",
        "sequences": 6,
        "tokens": 192,
        "q_heads": 4,
        "kv_heads": 2,
        "head_dim": 64,
    },
    "cached_attention": {
        "batch": 3,
        "seqlen_q": 2,
        "seqlen_kv": 96,
        "lengths": "varied",
        "q_heads": 8,
        "kv_heads": 2,
        "head_dim": 64,
        "page_size": 16,
    },
    "rms_norm": {"rows": 192, "columns": 256},
}


def attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    *,
    causal: bool,
    window: int | None = None,
) -> torch.Tensor:
    q, k, v = (tensor.transpose(1, 2) for tensor in (q, k, v))
    seen = torch.ones(q.shape[2], k.shape[2], dtype=torch.bool)
    if causal:
        seen = seen.tril(k.shape[2] - q.shape[2])
    if window:
        seen = seen.triu(k.shape[2] - q.shape[2] - window + 1)
    out = functional.scaled_dot_product_attention(q, k, v, seen, enable_gqa=True)
    return out.transpose(1, 2)


def packed_attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    *,
    cu_seqlens: torch.Tensor,
    max_seqlen: int,
    causal: bool,
) -> torch.Tensor:
    seqlens = cu_seqlens.diff().tolist()
    assert max(seqlens) == max_seqlen
    sequences = zip(*(tensor.split(seqlens) for tensor in (q, k, v)), strict=True)
    return torch.cat([attention(*(each[None] for each in s), causal=causal)[0] for s in sequences])


def cached_attention(
    q: torch.Tensor,
    k_cache: torch.Tensor,
    v_cache: torch.Tensor,
    *,
    seqlens: torch.Tensor,
    page_table: torch.Tensor | None = None,
    dropped: slice | None = None,
) -> torch.Tensor:
    """Attention over a cache; a kernel with a fault does not see the keys that are `dropped`."""
    k, v = k_cache, v_cache
    if page_table is not None:
        k, v = (cache[page_table.long()].flatten(1, 2) for cache in (k, v))
    queries, keys = torch.arange(q.shape[1]), torch.arange(k.shape[1])
    seen = keys <= (seqlens[:, None] - q.shape[1] + queries)[..., None]
    if dropped:
        seen[..., dropped] = False
    q, k, v = (tensor.transpose(1, 2) for tensor in (q, k, v))
    mask = seen[:, None]  # the same for all heads
    out = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=True)
    return out.transpose(1, 2)


def rms_norm(x: torch.Tensor, weight: torch.Tensor, *, eps: float) -> torch.Tensor:
    return functional.rms_norm(x, weight.shape, weight, eps)


HONEST: dict[str, Callable[..., torch.Tensor]] = {
    "attention": attention,
    "packed_attention": packed_attention,
    "cached_attention": cached_attention,
    "rms_norm": rms_norm,
}


def workload(name: str, direction: Direction = "forward", dtype: Dtype = "bfloat16") -> Workload:
    return workload_of({"operation": name, "direction": direction, "dtype": dtype} | AXES[name])


def computed(shape: Workload, inputs: Tensors) -> Tensors:
    """What torch's own function gives, in the direction of the workload."""
    function = HONEST[operation_of(shape).name]
    if shape.direction == "forward":
        return outputs_of(kernels_of(shape).call(function, shape, inputs), shape)
    backward = BackwardPass(kernels_of(shape), function, shape, inputs)
    backward.forward()
    return outputs_of(backward.run(), shape)


TRAINED = [name for name in OPERATIONS if name != "cached_attention"]
"""Operations with a backward pass."""

each_operation = pytest.mark.parametrize("name", OPERATIONS)
each_trained = pytest.mark.parametrize("name", TRAINED)
each_direction = pytest.mark.parametrize(
    ("name", "direction"),
    [(name, way) for way in DIRECTIONS for name in (OPERATIONS if way == "forward" else TRAINED)],
)
each_dtype = pytest.mark.parametrize("dtype", DTYPES)


@each_direction
@each_dtype
def test_torch_s_own_function_is_right_and_so_is_every_part_of_it(
    name: str, direction: Direction, dtype: Dtype
) -> None:
    shape = workload(name, direction, dtype)
    for seed in range(5):
        inputs = make_inputs(shape, "cpu", seed)
        outputs = computed(shape, inputs)
        assert compare(outputs, expect(shape, inputs), "exact").problem is None
        assert spot_problem(shape, inputs, outputs, "exact") is None


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("window", [2, 30, 94])
def test_attention_with_a_window_is_right_and_so_is_every_part_of_it(
    window: int, direction: Direction
) -> None:
    shape = replace(workload("attention", direction, "float32"), causal=True, window=window)
    inputs = make_inputs(shape, "cpu", 1)
    outputs = computed(shape, inputs)
    assert compare(outputs, expect(shape, inputs), "exact").problem is None
    wider = computed(replace(shape, window=window + 1), inputs)
    assert compare(wider, expect(shape, inputs), "exact").problem
    for _ in range(10):
        assert spot_problem(shape, inputs, outputs, "exact") is None
        assert spot_problem(shape, inputs, wider, "exact")


@given(st.integers(1, 9), st.integers(1, 20), st.integers(1, 19))
def test_what_a_window_costs_is_the_pairs_and_the_keys_that_it_leaves(
    queries: int, keys: int, window: int
) -> None:
    shape = replace(attention_of((queries, keys), 2, 8, "float16"), causal=True, window=window)
    if shape.problem:
        assert queries > keys or window >= keys
        return
    seen = torch.ones(queries, keys).tril(keys - queries).triu(keys - queries - window + 1)
    assert shape.flops == 2 * 2 * 8 * 2 * int(seen.sum())
    assert shape.moved_bytes == 2 * 2 * 8 * (2 * queries + 2 * int(seen.any(0).sum()))


@each_direction
def test_one_wrong_output_of_several_is_told_and_found_in_the_timed_loop(
    name: str, direction: Direction
) -> None:
    shape = workload(name, direction)
    inputs = make_inputs(shape, "cpu", 1)
    for output in shape.outputs:
        outputs = computed(shape, inputs)
        outputs[output] = outputs[output] * 1.05
        told = compare(outputs, expect(shape, inputs), "exact").problem or ""
        assert "relative error 0.05 is over" in told
        assert told.startswith(f"{output}: ") == (direction == "backward")
        found = [spot_problem(shape, inputs, outputs, "exact") for _ in range(20)]
        assert all(found)


@each_direction
def test_an_output_of_another_shape_is_told_by_its_name(name: str, direction: Direction) -> None:
    shape = workload(name, direction)
    parts = tuple(computed(shape, make_inputs(shape, "cpu", 1)).values())
    result = (*parts[:-1], parts[-1][:-1])
    told = form_problem(result if len(parts) > 1 else result[0], shape, torch.device("cpu"))
    assert told
    assert told.startswith(f"the {list(shape.outputs)[-1]}'s shape is")


@each_trained
def test_a_backward_pass_has_its_own_work(name: str) -> None:
    forward, backward = (workload(name, direction) for direction in DIRECTIONS)
    assert backward.flops > forward.flops
    assert backward.moved_bytes > forward.moved_bytes
    assert (forward.size, forward.group) == (backward.size, backward.group)
    assert replace(backward, direction="forward") == forward


def test_rms_norm_moves_its_matrices_once_and_its_vectors_once() -> None:
    """Forward x, y and the weight; backward x, dy, dx, the weight and its gradient."""
    forward = RmsNormWorkload(rows=512, columns=1024, dtype="bfloat16")
    assert forward.moved_bytes == 2 * (2 * 512 * 1024 + 1024)
    backward = replace(forward, direction="backward")
    assert backward.moved_bytes == 2 * (3 * 512 * 1024 + 2 * 1024)


@each_direction
def test_a_case_is_timed_and_examined_in_both_directions(
    name: str, direction: Direction, tmp_path: Path
) -> None:
    run_case = InProcess(tmp_path)
    shape = workload(name, direction, "float32")
    assert isinstance(run_case.run(HONEST[name], shape), Ok)
    assert isinstance(run_case.run(HONEST[name], shape, "examine"), Passed)


@each_trained
def test_what_has_no_gradient_is_not_supported_backward(name: str, tmp_path: Path) -> None:
    def function(*tensors: torch.Tensor, **more: Any) -> torch.Tensor:
        return HONEST[name](*tensors, **more).detach()

    run_case = InProcess(tmp_path)
    assert isinstance(run_case.run(function, workload(name, "forward", "float32")), Ok)
    outcome = run_case.run(function, workload(name, "backward", "float32"))
    assert outcome == Unsupported(reason="has no backward pass: its output has no gradient")


class _Halved(torch.autograd.Function):
    """A function that is right forward, and whose gradient is half of what it should be."""

    @staticmethod
    def forward(_: Any, x: torch.Tensor) -> torch.Tensor:
        return x.view_as(x)

    @staticmethod
    def backward(_: Any, gradient: torch.Tensor) -> torch.Tensor:
        return gradient / 2


@each_trained
def test_a_wrong_gradient_is_incorrect(name: str, tmp_path: Path) -> None:
    def function(first: torch.Tensor, *others: torch.Tensor, **more: Any) -> torch.Tensor:
        return HONEST[name](_Halved.apply(first), *others, **more)

    outcome = InProcess(tmp_path).run(function, workload(name, "backward", "float32"))
    assert isinstance(outcome, Incorrect)
    assert outcome.reason.startswith(("dq: relative error 0.5", "dx: relative error 0.5"))


@each_trained
def test_a_backward_pass_that_writes_over_its_gradient_is_incorrect(
    name: str, tmp_path: Path
) -> None:
    class Greedy(torch.autograd.Function):
        @staticmethod
        def forward(_: Any, x: torch.Tensor) -> torch.Tensor:
            return x.view_as(x)

        @staticmethod
        def backward(_: Any, gradient: torch.Tensor) -> torch.Tensor:
            copy = gradient.clone()
            gradient.zero_()
            return copy

    def function(*tensors: torch.Tensor, **more: Any) -> torch.Tensor:
        return Greedy.apply(HONEST[name](*tensors, **more))

    outcome = InProcess(tmp_path).run(function, workload(name, "backward", "float32"))
    assert isinstance(outcome, Incorrect)
    assert "the inputs were changed in place" in outcome.reason


@each_trained
def test_no_forward_pass_of_a_timed_backward_pass_knows_the_gradient_that_comes(
    name: str, tmp_path: Path
) -> None:
    """What lies in the memory of the gradient during the forward pass is another's."""
    seen: list[bool] = []

    class Watched(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, x: torch.Tensor) -> torch.Tensor:
            frames = [frame for frame, _ in traceback.walk_stack(None)]
            callers = [frame.f_locals.get("self") for frame in frames]
            (made,) = [each for each in callers if isinstance(each, BackwardPass)]
            context.before = made.inputs["d_output"].double().sum().item()
            context.timed = any(frame.f_code.co_name == "checked_batch" for frame in frames)
            return x.view_as(x)

        @staticmethod
        def backward(context: Any, gradient: torch.Tensor) -> torch.Tensor:
            if context.timed:
                seen.append(gradient.double().sum().item() == context.before)
            return gradient

    def function(*tensors: torch.Tensor, **more: Any) -> torch.Tensor:
        return Watched.apply(HONEST[name](*tensors, **more))

    assert isinstance(InProcess(tmp_path).run(function, workload(name, "backward", "float32")), Ok)
    assert seen
    assert not any(seen)
