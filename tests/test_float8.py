"""Attention in float8, and over a cache in float8: its inputs, its bounds and its bytes."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
import torch
from bench_fixtures import ONCE, ROOT, Bench, WritePage
from hypothesis import given
from hypothesis import strategies as st
from in_process import InProcess
from msgspec.structs import replace
from outcomes import ok
from records import H200, Entry, result, run
from test_operations import attention, cached_attention
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode

from bench.analysis.roofline import PEAKS, floor_us, limit_us
from bench.analysis.scope import scope_of
from bench.devices.cpu.kind import cpu_floor_us
from bench.errors import BenchError
from bench.operations.attention.workload import AttentionWorkload
from bench.operations.cached_attention.workload import CachedAttentionWorkload
from bench.operations.discovery import dec_hook
from bench.operations.kernels import Tensors, kernels_of
from bench.operations.operation import Workload, output_bytes
from bench.pages.implementation import load_implementation
from bench.pages.suites import find_workload, workload_of
from bench.project import Project
from bench.records.outcome import Incorrect, Ok, Passed, Unsupported
from bench.records.run_lines import Record, Result
from bench.records.runfile import read_run
from bench.runner.messages import Verdict
from bench.worker.correctness import PATTERN_FACTOR, compare, expect, form_problem
from bench.worker.inputs import Stock, clones, equal, make_inputs, refill
from bench.worker.spot_check import spot_problem

FLOAT8, BFLOAT16 = torch.float8_e4m3fn, torch.bfloat16

PREFILL = AttentionWorkload(
    seqlen_q=160, seqlen_kv=160, q_heads=4, kv_heads=2, head_dim=64, dtype="float8_e4m3fn"
)
DECODE = CachedAttentionWorkload(
    batch=3,
    seqlen_kv=300,
    lengths="varied",
    q_heads=8,
    kv_heads=2,
    head_dim=64,
    dtype="bfloat16",
    cache_dtype="float8_e4m3fn",
)
SHAPES: dict[str, Workload] = {
    "no mask": PREFILL,
    "causal": replace(PREFILL, causal=True),
    "window": replace(PREFILL, causal=True, window=50),
    "more keys": replace(PREFILL, seqlen_kv=300, causal=True),
    "cache": DECODE,
    "cache in pages": replace(DECODE, page_size=16, seqlen_q=4),
}

CACHES = ("k_cache", "v_cache")

Kernel = Callable[[Workload, Tensors], torch.Tensor]


def wide(inputs: Tensors) -> Tensors:
    """The inputs with those in float8 cast to bfloat16."""
    return {n: t.to(BFLOAT16) if t.dtype == FLOAT8 else t for n, t in inputs.items()}


def dequantised(shape: Workload, inputs: Tensors) -> torch.Tensor:
    """What a page does that has no kernel for float8."""
    function = attention if isinstance(shape, AttentionWorkload) else cached_attention
    out = kernels_of(shape).call(function, shape, wide(inputs))
    assert isinstance(out, torch.Tensor)
    return out


def as_flash_does(shape: Workload, inputs: Tensors) -> torch.Tensor:
    """Block by block, with weights (and queries over a cache) in float8, sums in float32."""
    if isinstance(shape, CachedAttentionWorkload):
        return _each_sequence(shape, inputs | {"q": inputs["q"].to(FLOAT8)})
    assert isinstance(shape, AttentionWorkload)
    return _blocks(shape, *(inputs[name].float() for name in "qkv"))


def _each_sequence(shape: CachedAttentionWorkload, inputs: Tensors) -> torch.Tensor:
    outs = []
    for b, length in enumerate(shape.seqlens):
        k, v = (
            cache[inputs["page_table"][b].long()].flatten(0, 1) if shape.page_size else cache[b]
            for cache in (inputs[name] for name in CACHES)
        )
        alone = AttentionWorkload(
            seqlen_q=shape.seqlen_q,
            seqlen_kv=length,
            q_heads=shape.q_heads,
            kv_heads=shape.kv_heads,
            head_dim=shape.head_dim,
            dtype="float8_e4m3fn",
            causal=True,
        )
        parts = (inputs["q"][b], k[:length], v[:length])
        outs.append(_blocks(alone, *(part[None].float() for part in parts)))
    return torch.cat(outs)


def _blocks(
    shape: AttentionWorkload, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor
) -> torch.Tensor:
    group = shape.q_heads // shape.kv_heads
    k, v = (tensor.repeat_interleave(group, 2) for tensor in (k, v))
    scores = torch.einsum("bqhd,bkhd->bhqk", q, k) * shape.head_dim**-0.5
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool)
    if shape.causal:
        last = shape.seqlen_kv - shape.seqlen_q
        seen = seen.tril(last).triu(last - (shape.window or shape.seqlen_kv) + 1)
    scores = scores.masked_fill(~seen, -1e30)
    most = torch.full_like(scores[..., :1], -1e30)
    total, out = torch.zeros_like(most), torch.zeros_like(q.transpose(1, 2))
    for block, values in zip(scores.split(64, -1), v.transpose(1, 2).split(64, 2), strict=True):
        before, most = most, torch.maximum(most, block.amax(-1, keepdim=True))
        weights = 256 * (block - most).exp()
        shrink = (before - most).exp()
        total = total * shrink + weights.sum(-1, keepdim=True)
        out = out * shrink + weights.to(FLOAT8).float() @ values
    return (out / total).to(BFLOAT16).transpose(1, 2)


def judged(shape: Workload, kernel: Kernel, pattern: str | None = None) -> Verdict:
    """The verdict of worker and referee on an output of `kernel`, on inputs of one kind."""
    inputs = make_inputs(shape, "cpu", 1, pattern)
    out = kernel(shape, inputs)
    if problem := form_problem(out, shape, torch.device("cpu")):
        return Verdict(problem=problem)
    expected = expect(shape, inputs, PATTERN_FACTOR if pattern else 1.0)
    return compare({"output": out}, expected, "exact")


def refusals(shape: Workload, kernel: Kernel) -> list[str | None]:
    """The kinds of inputs on which the output of `kernel` is refused; None is N(0, 1)."""
    return [kind for kind in (None, *shape.patterns) if judged(shape, kernel, kind).problem]


@pytest.mark.parametrize("kernel", [dequantised, as_flash_does])
@pytest.mark.parametrize("name", SHAPES)
def test_right_kernels_pass_on_all_inputs_and_so_does_every_part_of_them(
    name: str, kernel: Kernel
) -> None:
    shape = SHAPES[name]
    assert refusals(shape, kernel) == []
    for seed in range(10):
        inputs = make_inputs(shape, "cpu", seed)
        assert spot_problem(shape, inputs, {"output": kernel(shape, inputs)}, "exact") is None


@pytest.mark.parametrize("name", SHAPES)
def test_the_error_shows_which_kernel_rounds_its_weights(name: str) -> None:
    exact, rounded = (judged(SHAPES[name], k).accuracy for k in (dequantised, as_flash_does))
    assert exact
    assert rounded
    assert 5 * exact.relative_error < rounded.relative_error < rounded.relative_bound
    assert 0.03 < rounded.relative_bound < 0.09


def test_no_bound_in_float8_lets_a_key_pass_that_does_not_exist() -> None:
    shape = replace(DECODE, seqlen_kv=2048, lengths="equal")
    inputs = make_inputs(shape, "cpu", 1, "sunk scores")
    bound = expect(shape, inputs, PATTERN_FACTOR)["output"].relative_bound
    assert bound <= 0.5  # such a key makes an error of 1


def changed(shape: Workload, inputs: Tensors, change: Callable[[torch.Tensor], Any]) -> Any:
    """The output for inputs that are changed where they are in float8."""
    others = {n: change(t) if t.dtype == FLOAT8 else t for n, t in inputs.items()}
    return dequantised(shape, others)


def without_a_key(shape: Workload, inputs: Tensors) -> torch.Tensor:
    """The first key is left out."""
    if isinstance(shape, CachedAttentionWorkload):
        function, call = cached_attention, kernels_of(shape).call
        return call(lambda *a, **o: function(*a, dropped=slice(1), **o), shape, wide(inputs))  # type: ignore[return-value]
    others = inputs | {name: inputs[name][:, 1:] for name in "kv"}
    return dequantised(shape, others)


def quantised_again(shape: Workload, inputs: Tensors) -> torch.Tensor:
    """Values that are in float8 are quantised once more, with another scale."""

    def again(tensor: torch.Tensor) -> torch.Tensor:
        return ((tensor.float() / 1.3).to(FLOAT8).float() * 1.3).to(BFLOAT16)

    return changed(shape, inputs, again)


def wrong_scale(shape: Workload, inputs: Tensors) -> torch.Tensor:
    """The scale of float8 values is taken for 1.1."""
    return changed(shape, inputs, lambda tensor: tensor.to(BFLOAT16) * 1.1)


def bits_as_bfloat16(shape: Workload, inputs: Tensors) -> torch.Tensor:
    """The bytes of float8 are read as the upper halves of numbers in bfloat16."""

    def read(tensor: torch.Tensor) -> torch.Tensor:
        return (tensor.view(torch.uint8).to(torch.int32) << 8).to(torch.int16).view(BFLOAT16)

    return changed(shape, inputs, read)


def as_e5m2(shape: Workload, inputs: Tensors) -> torch.Tensor:
    """The bytes are read as float8 with five bits of exponent."""
    return changed(shape, inputs, lambda tensor: tensor.view(torch.float8_e5m2).to(BFLOAT16))


@pytest.mark.parametrize("fault", [without_a_key, wrong_scale, bits_as_bfloat16, as_e5m2])
@pytest.mark.parametrize("name", SHAPES)
def test_a_wrong_kernel_is_refused(name: str, fault: Kernel) -> None:
    assert refusals(SHAPES[name], fault)


@pytest.mark.parametrize("name", ["no mask", "cache"])
def test_a_key_that_is_dropped_is_seen_with_needles(name: str) -> None:
    assert "needles" in refusals(SHAPES[name], without_a_key)


@pytest.mark.parametrize(("keys", "head_dim"), [(300, 128), (8192, 64)])
def test_padding_that_counts_as_a_key_is_seen_with_sunk_scores(keys: int, head_dim: int) -> None:
    def padded(shape: Workload, inputs: Tensors) -> torch.Tensor:
        cache = {n: functional.pad(inputs[n].to(BFLOAT16), [0, 0, 0, 0, 0, 1]) for n in CACHES}
        return dequantised(shape, inputs | cache | {"seqlens": inputs["seqlens"] + 1})

    shape = replace(DECODE, lengths="equal", seqlen_kv=keys, head_dim=head_dim)
    assert "sunk scores" in refusals(shape, padded)
    assert refusals(shape, as_flash_does) == []


def test_a_kernel_that_quantises_its_inputs_again_is_refused_on_random_ones() -> None:
    for name in ("no mask", "causal"):
        assert None in refusals(SHAPES[name], quantised_again)
        shape, inputs = SHAPES[name], make_inputs(SHAPES[name], "cpu", 1)
        out = quantised_again(shape, inputs)
        assert any(spot_problem(shape, inputs, {"output": out}, "exact") for _ in range(20))


def test_an_output_in_float8_is_refused_in_words() -> None:
    verdict = judged(PREFILL, lambda shape, inputs: dequantised(shape, inputs).to(FLOAT8))
    assert verdict.problem == "the output's dtype is torch.float8_e4m3fn, not torch.bfloat16"


@pytest.mark.parametrize("name", SHAPES)
def test_inputs_are_the_same_in_every_process_and_those_in_float8_are_normal(name: str) -> None:
    shape = SHAPES[name]
    for pattern in (None, *shape.patterns):
        assert equal(make_inputs(shape, "cpu", 7, pattern), make_inputs(shape, "cpu", 7, pattern))
    inputs = make_inputs(shape, "cpu", 7)
    narrow = [tensor.float() for tensor in inputs.values() if tensor.dtype == FLOAT8]
    assert len(narrow) == (2 if "k_cache" in inputs else 3)
    for tensor in narrow:
        assert abs(tensor.mean()) < 0.05
        assert abs(tensor.std() - 1) < 0.05
    again = clones(inputs)
    refill(again.values(), 7)
    assert equal(inputs, again)
    refill(again.values(), 8)
    assert not equal(inputs, again)


class Watching(TorchDispatchMode):
    """Notes the operations of torch that have a tensor in float8 as an argument or a result."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def __torch_dispatch__(self, func: Any, _: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        tensors = [each for each in (*args, result) if isinstance(each, torch.Tensor)]
        if any(tensor.dtype == FLOAT8 for tensor in tensors):
            self.seen.add(func.overloadpacket.__name__)
        return result


@pytest.mark.parametrize("name", SHAPES)
def test_of_float8_tensors_the_harness_needs_only_copies_casts_and_views(name: str) -> None:
    """Torch has few other operations on them, and on a GPU fewer than on a CPU."""
    shape = SHAPES[name]
    out = dequantised(shape, make_inputs(shape, "cpu", 1))
    with Watching() as watching:
        for pattern in (None, *shape.patterns):
            expect(shape, make_inputs(shape, "cpu", 1, pattern))
        inputs = make_inputs(shape, "cpu", 1)
        assert equal(inputs, clones(inputs))
        stock = Stock(inputs)
        stock.refill(2)
        stock.renew(inputs)
        assert stock.holds(inputs)
        for _ in range(5):
            spot_problem(shape, inputs, {"output": out}, "exact")
    copies = {"_to_copy", "clone", "copy_"}
    views = {"_unsafe_view", "alias", "detach", "slice", "select", "unsqueeze", "view"}
    assert watching.seen <= copies | views | {"empty", "new_empty"}


def test_a_changed_input_in_float8_is_noticed() -> None:
    inputs = make_inputs(DECODE, "cpu", 1)
    stock = Stock(inputs)
    stock.refill(3)
    stock.renew(inputs)
    assert stock.holds(inputs)
    inputs["v_cache"][1, 2, 1, 3] = 5.5
    assert not stock.holds(inputs)


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([None, 7]))
def test_the_bytes_of_a_workload_are_those_of_its_tensors(
    queries: int, keys: int, page_size: int | None
) -> None:
    prefill = replace(PREFILL, seqlen_q=queries, seqlen_kv=keys)
    inputs = kernels_of(prefill).make_tensors(prefill, "cpu")
    out = torch.empty(prefill.outputs["output"], dtype=BFLOAT16).nbytes
    assert output_bytes(prefill) == out
    assert prefill.moved_bytes == sum(tensor.nbytes for tensor in inputs.values()) + out
    decode = replace(DECODE, lengths="equal", seqlen_kv=keys, page_size=page_size)
    inputs = kernels_of(decode).make_tensors(decode, "cpu")
    cached = 3 * keys * 2 * inputs["k_cache"][0, 0].nbytes
    assert decode.moved_bytes == 2 * inputs["q"].nbytes + cached
    assert 2 * cached == replace(decode, cache_dtype=None).moved_bytes - 2 * inputs["q"].nbytes


def test_the_roofline_is_that_of_the_narrowest_input() -> None:
    shape = replace(PREFILL, seqlen_q=8192, seqlen_kv=8192)
    half = floor_us(H200, replace(shape, dtype="bfloat16"), "exact")
    assert half == pytest.approx(2 * (floor_us(H200, shape, "exact") or 0))
    many = replace(DECODE, seqlen_q=150, seqlen_kv=8192, q_heads=256)
    peak = PEAKS["NVIDIA H200"].float8
    assert peak
    clock = 1980 / 1830
    assert floor_us(H200, many, "exact") == pytest.approx(many.flops / peak / clock / 1e6)


def test_a_gpu_without_float8_computes_it_in_16_bits() -> None:
    a100 = "NVIDIA A100-SXM4-80GB"
    shape = replace(PREFILL, seqlen_q=8192, seqlen_kv=8192)
    assert limit_us(a100, shape, "exact") == pytest.approx(shape.flops / 312 / 1e6)


BAD = {
    "a backward pass": (
        "seqlen=64,heads=2,head_dim=64,dtype=float8_e4m3fn,direction=backward",
        "float8 inputs have no gradients: leave out direction",
    ),
    "packed sequences": (
        "operation=packed_attention,pattern=equal,sequences=2,tokens=64,heads=2,head_dim=64,"
        "dtype=float8_e4m3fn",
        "packed_attention is not measured in float8: choose another dtype",
    ),
    "RMSNorm": (
        "operation=rms_norm,rows=8,columns=64,dtype=float8_e4m3fn",
        "rms_norm is not measured in float8: choose another dtype",
    ),
    "queries over a cache": (
        "operation=cached_attention,seqlen_kv=64,heads=2,head_dim=64,dtype=float8_e4m3fn",
        "the queries over a cache are not float8: give that dtype as cache_dtype",
    ),
    "another dtype of the cache": (
        "operation=cached_attention,seqlen_kv=64,heads=2,head_dim=64,dtype=bfloat16,"
        "cache_dtype=int8",
        "no cache_dtype is called 'int8'",
    ),
    "a short name": (
        "seqlen=64,heads=2,head_dim=64,dtype=float8",
        "no dtype is called 'float8': did you mean 'float8_e4m3fn'?",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_workload_that_cannot_be_is_one_line_with_the_reason(name: str) -> None:
    text, told = BAD[name]
    with pytest.raises(BenchError) as caught:
        find_workload(text, ())
    (problem,) = map(str, caught.value.problems)
    assert problem.startswith("--workload ")
    assert told in problem
    assert "\n" not in problem


def test_names_of_workloads_without_a_float8_cache_are_as_before() -> None:
    axes = {"operation": "cached_attention", "batch": 16, "seqlen_kv": 64, "heads": 4}
    plain = workload_of(axes | {"head_dim": 64, "dtype": "bfloat16", "page_size": 16})
    narrow = replace(plain, cache_dtype="float8_e4m3fn")
    assert plain.name == "b16-q1-kv64-h4-d64-bfloat16-page16"
    before = {name: value for name, value in plain.axes.items() if name != "cache_dtype"}
    assert dec_hook(Workload, before | {"operation": "cached_attention"}) == plain
    assert (plain.group, plain.narrowest_dtype) == ("pages of 16", "bfloat16")
    assert narrow.name == "b16-q1-kv64-h4-d64-bfloat16-cache-float8_e4m3fn-page16"
    assert narrow.group == "float8 cache in pages of 16"
    assert "float8_" not in narrow.label
    assert "(float8, " in PREFILL.label


def test_float8_has_leaderboards_of_its_own_named_in_words() -> None:
    entry, moment = Entry("mine", "Mine"), run().started

    def name(shape: Workload) -> str:
        return scope_of(run(), result(entry, shape, ok(9), moment)).name

    assert name(PREFILL) == "NVIDIA H200, flux, float8"
    assert name(replace(PREFILL, dtype="bfloat16")) == "NVIDIA H200, flux, bfloat16"
    cached = "NVIDIA H200, flux, Cached attention, bfloat16"
    assert name(DECODE) == f"{cached}, float8 cache"
    assert name(replace(DECODE, cache_dtype=None)) == cached


def test_the_page_of_attention_written_out_is_measured_in_float8(tmp_path: Any) -> None:
    page = load_implementation(ROOT / "docs" / "impls" / "eager_attention.md", Project(ROOT))
    assert page.about.float8
    module: Any = ModuleType("page")
    exec(page.variants[0].code, vars(module))  # noqa: S102 the page is the project's own
    run_case = InProcess(tmp_path)
    for shape in (PREFILL, replace(PREFILL, causal=True)):
        function = module.plan(shape) or module.attention
        assert isinstance(run_case.run(function, shape), Ok)
        assert isinstance(run_case.run(function, shape, "examine"), Passed)


def test_a_page_that_writes_into_a_float8_input_is_incorrect(tmp_path: Any) -> None:
    def function(q: Any, k: Any, v: Any, *, causal: bool) -> torch.Tensor:
        out = attention(*(tensor.to(BFLOAT16) for tensor in (q, k, v)), causal=causal)
        v.zero_()
        return out

    outcome = InProcess(tmp_path).run(function, PREFILL)
    assert isinstance(outcome, Incorrect)
    assert "the inputs were changed in place" in outcome.reason


def test_what_torch_cannot_do_in_float8_is_unsupported(tmp_path: Any) -> None:
    outcome = InProcess(tmp_path).run(attention, PREFILL)
    assert isinstance(outcome, Unsupported)
    assert "not implemented for 'Float8_e4m3fn'" in outcome.reason


@pytest.mark.slow
@pytest.mark.parametrize("shape", [PREFILL, DECODE])
def test_float8_inputs_and_a_float8_cache_are_refused_for_a_page_that_does_not_take_them(
    shape: Workload, project: Project, write_page: WritePage
) -> None:
    code = "def attention(q, k, v, *, causal): ...\n\n\n"
    code += "def cached_attention(q, k_cache, v_cache, *, seqlens): ..."
    without = write_page(code)
    page = project.pages / "mine.md"
    said = page.read_text(encoding="utf-8").replace("title:", "float8: true\ntitle:", 1)
    page.write_text(said, encoding="utf-8")
    takes = load_implementation(page, project)
    reason = "the page does not take float8 inputs"
    assert without.refusal(without.variants[0], shape) == reason
    assert takes.refusal(takes.variants[0], shape) is None


def test_the_least_time_on_a_cpu_is_that_of_the_narrowest_input() -> None:
    wide = replace(DECODE, cache_dtype=None)
    assert cpu_floor_us(4, wide) == 2 * cpu_floor_us(4, DECODE)


def test_a_page_that_does_not_say_float8_is_not_run_on_it(project: Project, command: Bench) -> None:
    text = (ROOT / "docs" / "impls" / "sdpa.md").read_text(encoding="utf-8")
    (project.pages / "sdpa.md").write_text(text, encoding="utf-8")
    axes = "seqlen=64,heads=2,head_dim=64"
    command("run", "sdpa", *ONCE, "--workload", f"{axes},dtype=float8_e4m3fn")
    (path,) = project.data.rglob("*.jsonl")
    records: list[Record] = list(read_run(path).records)
    (result,) = [record for record in records if isinstance(record, Result)]
    assert result.outcome == Unsupported(reason="the page does not take float8 inputs")
