"""Attention over a KV cache: its cost, its inputs, and the faults that its checks find."""

import itertools
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest
import torch
from bench_fixtures import ONCE, ROOT, Bench, WritePage
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_operations import cached_attention

from bench.errors import BenchError
from bench.operations.cached_attention.workload import CachedAttentionWorkload
from bench.operations.kernels import Tensors, kernels_of
from bench.operations.operation import Dtype
from bench.pages.suites import load_suites, workload_of
from bench.project import Project
from bench.records.outcome import Unsupported
from bench.records.run_lines import Record, Result
from bench.records.runfile import read_run
from bench.worker.correctness import PATTERN_FACTOR, Expected, compare, expect
from bench.worker.inputs import make_inputs
from bench.worker.spot_check import spot_problem

SHORT = CachedAttentionWorkload(
    batch=3,
    seqlen_kv=301,
    lengths="varied",
    q_heads=8,
    kv_heads=2,
    head_dim=64,
    dtype="bfloat16",
)
LONG = replace(SHORT, batch=2, seqlen_kv=131_072, kv_heads=1)
SIZES = {
    f"{name}, {shape.group}": shape
    for name, plain in (("short", SHORT), ("131,072 keys", LONG))
    for shape in (plain, replace(plain, page_size=16))
}

Fault = Callable[[CachedAttentionWorkload, Tensors], torch.Tensor]

shapes = st.builds(
    CachedAttentionWorkload,
    batch=st.integers(2, 9),
    seqlen_q=st.integers(1, 4),
    seqlen_kv=st.integers(8, 99),
    lengths=st.sampled_from(["equal", "varied"]),
    q_heads=st.sampled_from([4, 8]),
    kv_heads=st.sampled_from([1, 2, 4]),
    head_dim=st.sampled_from([8, 64]),
    page_size=st.sampled_from([None, 1, 7, 16, 256]),
    dtype=st.sampled_from(["float32", "bfloat16"]),
)


@given(shapes)
def test_the_cost_is_that_of_the_pairs_and_tokens_counted_one_by_one(
    shape: CachedAttentionWorkload,
) -> None:
    pairs = sum(
        key <= length - shape.seqlen_q + query
        for length in shape.seqlens
        for query in range(shape.seqlen_q)
        for key in range(length)
    )
    assert shape.flops == 2 * 2 * pairs * shape.q_heads * shape.head_dim
    inputs = kernels_of(shape).make_tensors(shape, "cpu")
    tokens = sum(inputs["seqlens"].tolist())
    read = 2 * tokens * inputs["k_cache"][0, 0].nbytes
    assert shape.moved_bytes == 2 * inputs["q"].nbytes + read


@given(shapes)
def test_lengths_that_vary_lie_between_half_and_all_and_the_first_is_the_longest(
    shape: CachedAttentionWorkload,
) -> None:
    assert len(shape.seqlens) == shape.batch
    assert shape.seqlens[0] == max(shape.seqlens) == shape.seqlen_kv
    assert min(shape.seqlens) >= shape.seqlen_kv / 2
    assert shape.lengths == "varied" or set(shape.seqlens) == {shape.seqlen_kv}


def test_lengths_that_vary_are_spread_evenly_and_never_change() -> None:
    lengths = replace(SHORT, batch=8, seqlen_kv=1000).seqlens
    assert lengths == (1000, 691, 882, 573, 764, 955, 646, 837)


@given(shapes.filter(lambda shape: shape.page_size is not None))
def test_every_token_has_a_page_of_its_own_sequence_and_page_0_has_none(
    shape: CachedAttentionWorkload,
) -> None:
    table, size = shape.page_table, shape.page_size
    assert table
    assert size
    used = [row[: -(-length // size)] for row, length in zip(table, shape.seqlens, strict=True)]
    assert sorted(itertools.chain(*used)) == list(range(1, shape.cache[0]))
    rest = [row[len(pages) :] for row, pages in zip(table, used, strict=True)]
    assert not any(itertools.chain(*rest))
    assert len({len(row) for row in table}) == 1


def test_pages_lie_in_a_random_order_that_never_changes() -> None:
    shape = replace(SHORT, batch=2, seqlen_kv=64, page_size=16)
    assert shape.page_table == ((4, 6, 3, 5), (2, 7, 1, 0))


@pytest.mark.parametrize("page_size", [None, 7, 16])
@pytest.mark.parametrize("new", [1, 4])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_torch_s_own_function_is_right_on_all_inputs_and_so_is_every_part_of_it(
    page_size: int | None, new: int, dtype: Dtype
) -> None:
    for lengths in ("equal", "varied"):
        shape = replace(SHORT, page_size=page_size, seqlen_q=new, dtype=dtype, lengths=lengths)
        assert refusals(shape, lambda _, inputs: attend(inputs)) == []
        inputs = make_inputs(shape, "cpu", 1)
        for _ in range(10):
            assert spot_problem(shape, inputs, {"output": attend(inputs)}, "exact") is None


def attend(inputs: Tensors, **changes: Any) -> torch.Tensor:
    """The output of a right kernel, for inputs of which some are changed."""
    names = ("q", "k_cache", "v_cache", "seqlens", "page_table", "dropped")
    q, k, v, *others = (({"page_table": None} | inputs | changes).get(name) for name in names)
    return cached_attention(q, k, v, **dict(zip(names[3:], others, strict=True)))


def refusals(shape: CachedAttentionWorkload, kernel: Fault) -> list[str | None]:
    """The kinds of inputs on which the output of `kernel` is refused; None is N(0, 1)."""
    refused = []
    for pattern in (None, *shape.patterns):
        inputs, expected = expectation(shape, pattern)
        if compare({"output": kernel(shape, inputs)}, expected, "exact").problem:
            refused.append(pattern)
    return refused


@lru_cache(maxsize=3)  # the kinds of inputs of one size
def expectation(
    shape: CachedAttentionWorkload, pattern: str | None
) -> tuple[Tensors, dict[str, Expected]]:
    inputs = make_inputs(shape, "cpu", 1, pattern)
    return inputs, expect(shape, inputs, PATTERN_FACTOR if pattern else 1.0)


def shorter(_: CachedAttentionWorkload, inputs: Tensors) -> torch.Tensor:
    """Every sequence is taken for one token too short."""
    return attend(inputs, seqlens=inputs["seqlens"] - 1)


def longer(_: CachedAttentionWorkload, inputs: Tensors) -> torch.Tensor:
    """Every sequence is taken for one token too long, as far as the cache goes."""
    return attend(inputs, seqlens=inputs["seqlens"] + 1)


def without_first(_: CachedAttentionWorkload, inputs: Tensors) -> torch.Tensor:
    """The first key is left out."""
    return attend(inputs, dropped=slice(1))


def split_lost(shape: CachedAttentionWorkload, inputs: Tensors) -> torch.Tensor:
    """The third quarter of the keys is left out."""
    quarter = shape.seqlen_kv // 4
    return attend(inputs, dropped=slice(2 * quarter, 3 * quarter))


def padded(_: CachedAttentionWorkload, inputs: Tensors) -> torch.Tensor:
    """A key of zeros follows each sequence."""
    cleared = {name: torch.zeros_like(inputs[name]) for name in ("k_cache", "v_cache")}
    for sequence, length in enumerate(inputs["seqlens"].tolist()):
        for name, zeros in cleared.items():
            if "page_table" in inputs:
                size = zeros.shape[1]
                pages = inputs["page_table"][sequence, : -(-length // size)].long()
                kept = inputs[name][pages].flatten(0, 1)
                kept[length:] = 0
                zeros[pages] = kept.unflatten(0, (-1, size))
            else:
                zeros[sequence, :length] = inputs[name][sequence, :length]
    return attend(inputs | cleared, seqlens=inputs["seqlens"] + 1)


FAULTS: list[Fault] = [shorter, longer, without_first, split_lost, padded]


def page_swapped(_: CachedAttentionWorkload, inputs: Tensors) -> torch.Tensor:
    """Two sequences have each other's fifth page."""
    table = inputs["page_table"].clone()
    table[:2, 4] = table[:2, 4].flip(0)
    return attend(inputs, page_table=table)


def last_page_swapped(shape: CachedAttentionWorkload, inputs: Tensors) -> torch.Tensor:
    """The pages of one sequence are right, but its last one, not full, changes places."""
    table = inputs["page_table"].clone()
    last = -(-shape.seqlens[1] // (shape.page_size or 1)) - 1
    table[1, [0, last]] = table[1, [last, 0]]
    return attend(inputs, page_table=table)


def page_too_early(_: CachedAttentionWorkload, inputs: Tensors) -> torch.Tensor:
    """The second half of each row of the page table is read one entry too early."""
    table = inputs["page_table"].clone()
    half = table.shape[1] // 2
    table[:, half:] = inputs["page_table"][:, half - 1 : -1]
    return attend(inputs, page_table=table)


def table_ignored(_: CachedAttentionWorkload, inputs: Tensors) -> torch.Tensor:
    """The pages are read in the order in which they lie in memory."""
    table = torch.arange(1, inputs["page_table"].numel() + 1).view_as(inputs["page_table"])
    return attend(inputs, page_table=table.clamp(max=len(inputs["k_cache"]) - 1))


PAGE_FAULTS: list[Fault] = [page_swapped, last_page_swapped, page_too_early, table_ignored]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("size", SIZES)
def test_a_wrong_key_is_refused_at_every_size(fault: Fault, size: str) -> None:
    assert refusals(SIZES[size], fault)


@pytest.mark.parametrize("fault", PAGE_FAULTS)
@pytest.mark.parametrize("size", [size for size, shape in SIZES.items() if shape.page_size])
def test_a_wrong_page_is_refused_at_every_size(fault: Fault, size: str) -> None:
    assert refusals(SIZES[size], fault)


@pytest.mark.parametrize("fault", [shorter, longer, without_first])
def test_one_key_of_131_072_is_seen_with_needles_and_not_without(fault: Fault) -> None:
    assert refusals(replace(LONG, page_size=16), fault)[:1] == ["needles"]


@pytest.mark.parametrize("page_size", [None, 16])
def test_a_sequence_that_is_taken_for_one_token_too_long_is_seen_by_its_needles(
    page_size: int | None,
) -> None:
    assert "needles" in refusals(replace(SHORT, page_size=page_size), longer)


def test_padding_that_counts_as_a_key_is_seen_with_sunk_scores_and_not_without() -> None:
    assert refusals(replace(LONG, seqlen_kv=131_000), padded) == ["sunk scores"]


def test_new_tokens_that_see_each_other_are_refused() -> None:
    def unmasked(_: CachedAttentionWorkload, inputs: Tensors) -> torch.Tensor:
        return torch.cat([attend(inputs, q=q) for q in inputs["q"].split(1, dim=1)], 1)

    for shape in (SHORT, replace(SHORT, page_size=16)):
        assert "needles" in refusals(replace(shape, seqlen_q=4), unmasked), shape.name


def test_a_key_that_no_sequence_has_takes_all_the_weight_of_sunk_scores() -> None:
    shape = replace(SHORT, page_size=16)
    inputs = make_inputs(shape, "cpu", 1, "sunk scores")
    scores = torch.einsum("bqhd,psgd->bqhgps", inputs["q"].float(), inputs["k_cache"].float())
    table, seen = inputs["page_table"].tolist(), torch.zeros(shape.cache[:2], dtype=torch.bool)
    for row, length in zip(table, shape.seqlens, strict=True):
        for token in range(length):
            seen[row[token // 16], token % 16] = True
    assert scores[..., seen].mean() / 8 < -19
    assert scores[..., ~seen].mean().abs() / 8 < 1


@given(shapes)
def test_the_rows_that_are_spot_checked_are_those_of_one_sequence_and_key_head(
    shape: CachedAttentionWorkload,
) -> None:
    if min(shape.seqlens) < shape.seqlen_q:
        return
    inputs = make_inputs(shape, "cpu", 1)
    kernels = kernels_of(shape)
    part = kernels.draw_part(shape, inputs, kernels.reference(shape, inputs, torch.float64))
    assert part
    right = kernels_of(part.workload).reference(part.workload, part.inputs, torch.float64)
    assert torch.allclose(part.outputs["output"], right["output"])
    group = shape.q_heads // shape.kv_heads
    assert part.outputs["output"].shape == (1, shape.seqlen_q, group, shape.head_dim)


BAD = {
    "lengths of one sequence": ("batch: 1, lengths: varied", "the lengths of one sequence cannot"),
    "a length that is none": ("lengths: vary", "no lengths is called 'vary': did you mean 'var"),
    "more new tokens than cached": ("seqlen_q: 65", "the shortest sequence has 64 cached tokens"),
    "more than the shortest has": (
        "seqlen_q: 60, lengths: varied",
        "the shortest sequence has 45 cached tokens, fewer than its 60 new ones",
    ),
    "pages of nothing": ("page_size: 0", "page_size is less than 1: leave it out for a contig"),
    "heads that do not divide": ("kv_heads: 3", "4 query heads cannot share 3 key heads evenly"),
    "gradients": ("direction: backward", "a cache is read without gradients: leave out direction"),
    "a batch without end": ("batch: 99999999999", "a batch has at most 65,536 sequences"),
    "lengths without end": ("seqlen_kv: 9999999999999", "no memory is as large as its tensors"),
    "a length of zero": ("seqlen_kv: 0", "seqlen_kv is less than 1"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_workload_that_cannot_be_is_named_with_its_line_and_what_to_do(
    name: str, project: Project
) -> None:
    change, told = BAD[name]
    axes = {"operation": "cached_attention", "batch": "2", "seqlen_kv": "64", "heads": "4"}
    axes |= {"head_dim": "64", "dtype": "float32"}
    axes |= dict(pair.split(": ") for pair in change.split(", "))
    item = ", ".join(f"{axis}: {value}" for axis, value in axes.items())
    text = f"---\ntitle: Mine\ndescription: Mine.\nworkloads:\n  - {{{item}}}\n---\n"
    (project.suites / "mine.md").write_text(text, encoding="utf-8")
    with pytest.raises(BenchError) as caught:
        load_suites(project)
    (problem,) = map(str, caught.value.problems)
    assert problem.startswith("docs/suites/mine.md:5: ")
    assert told in problem


@pytest.mark.parametrize(
    ("signature", "told"),
    [
        ("q, k_cache, v_cache, seqlens", "(q, k_cache, v_cache, *, seqlens)`, perhaps with `page_"),
        ("q, k_cache, v_cache, *, seqlens, page_table", "found `def cached_attention(q, k_cache"),
        ("q, k, v, *, seqlens", "write `def cached_attention(q, k_cache, v_cache, *, seqlens)`"),
    ],
)
def test_a_function_of_another_form_is_named_with_its_line(
    signature: str, told: str, write_page: WritePage
) -> None:
    with pytest.raises(BenchError) as caught:
        write_page(f"def cached_attention({signature}):\n    return q")
    (problem,) = map(str, caught.value.problems)
    assert problem.startswith("docs/impls/mine.md:11: ")
    assert told in problem


def test_the_names_of_all_workloads_over_a_cache_differ() -> None:
    axes: dict[str, list[Any]] = {
        "batch": [2, 3],
        "seqlen_q": [1, 2],
        "seqlen_kv": [64, 128],
        "lengths": ["equal", "varied"],
        "q_heads": [4, 8],
        "kv_heads": [2, 4],
        "head_dim": [64, 128],
        "page_size": [None, 16],
        "dtype": ["float32", "bfloat16"],
    }
    named = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    shapes = [workload_of({"operation": "cached_attention"} | each) for each in named]
    assert len({shape.name for shape in shapes}) == len(named)


@pytest.mark.slow
def test_a_page_without_a_page_table_is_measured_on_a_contiguous_cache_only(
    project: Project, command: Bench
) -> None:
    """Its pages are refused without a process: a canary would run before one."""
    text = (ROOT / "docs" / "impls" / "sdpa.md").read_text(encoding="utf-8")
    (project.pages / "sdpa.md").write_text(text, encoding="utf-8")
    axes = "operation=cached_attention,batch=2,seqlen_kv=64,heads=2,head_dim=64,dtype=float32"

    def records(*forms: str) -> list[Record]:
        words = [word for form in forms for word in ("--workload", axes + form)]
        done = command("run", "sdpa", *ONCE, *words)
        assert done.returncode == 0, done.stderr
        (path,) = project.data.rglob("*.jsonl")
        found = read_run(path)
        path.unlink()
        return list(found.records)

    found = records("", ",lengths=varied", ",seqlen_q=2")
    results = [record for record in found if isinstance(record, Result)]
    assert [result.status for result in results] == ["ok"] * 3
    (paged,) = records(",page_size=16")
    assert isinstance(paged, Result)
    assert paged.outcome == Unsupported(reason="the page's function does not take page_table")
