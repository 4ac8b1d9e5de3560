"""Suites: pages that list workloads, and what is wrong with one that cannot be read."""

import itertools
from pathlib import Path

import pytest
from bench_fixtures import ROOT, Bench

from bench.errors import BenchError
from bench.operations.discovery import OPERATIONS, operation_of
from bench.operations.operation import Workload
from bench.pages.suites import Suite, find_suite, grid, load_suites, workload_of
from bench.pages.template import write_suite
from bench.project import Project

PAGE = """\
---
title: Mine
description: Shapes of mine.
workloads:
{items}
---

# Mine
"""
GOOD = "  - {seqlen: 64, heads: 2, head_dim: 64, dtype: float32}"


def suite(project: Project, *items: str, name: str = "mine") -> Suite:
    path = project.suites / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PAGE.format(items="\n".join(items)), encoding="utf-8")
    return find_suite(name, project)


def names(workloads: tuple[Workload, ...]) -> list[str]:
    return [workload.name for workload in workloads]


def test_a_list_of_values_stands_for_a_workload_with_each_the_last_axis_changing_first(
    project: Project,
) -> None:
    item = "  - {seqlen: [64, 32], heads: 2, head_dim: 64, dtype: float32, causal: [false, true]}"
    found = suite(project, item)
    assert names(found.workloads) == [
        "b1-s64-h2-d64-float32",
        "b1-s64-h2-d64-float32-causal",
        "b1-s32-h2-d64-float32",
        "b1-s32-h2-d64-float32-causal",
    ]


def test_short_forms_stand_for_both_lengths_and_both_numbers_of_heads() -> None:
    short = {"seqlen": 64, "heads": 4, "head_dim": 64, "dtype": "float16"}
    long = {"seqlen_q": 64, "seqlen_kv": 64, "q_heads": 4, "kv_heads": 4, "batch": 1}
    assert workload_of(short) == workload_of(long | {"head_dim": 64, "dtype": "float16"})
    assert workload_of(short | {"kv_heads": 2}) == workload_of(
        long | {"kv_heads": 2, "head_dim": 64, "dtype": "float16"}
    )


PACK = "operation: packed_attention, seqlen: none, pattern: equal, sequences: 4, tokens: 64"

BAD = {
    "an operation nobody knows": ("operation: attend", "no operation is called 'attend': did you"),
    "an axis nobody knows": (
        "headdim: 64",
        "attention has no axis 'headdim': did you mean 'head_d",
    ),
    "a dtype nobody knows": ("dtype: bf16", "no dtype is called 'bf16': did you mean 'bfloat16'?"),
    "a direction nobody knows": ("direction: back", "did you mean 'backward'?"),
    "a length that is no number": ("seqlen: long", "Expected `int`, got `str` - at `$.seqlen_q`"),
    "a length of zero": ("seqlen: 0", "seqlen_q is less than 1"),
    "heads that do not share keys evenly": (
        "kv_heads: 3",
        "2 query heads cannot share 3 key heads",
    ),
    "a length that is no length": ("seqlen: {}", "Expected `int`, got `object`"),
    "an operation that is no name": ("operation: {}", "no operation is called '{}'"),
    "a length without end": (
        "seqlen: 99999999999999999999",
        "no memory is as large as its tensors",
    ),
    "a list of no values": ("seqlen: []", "seqlen is an empty list: give it a value"),
    "a head of no elements": ("head_dim: 0", "head_dim is less than 1"),
    "a mask that hides everything": (
        "seqlen_q: 128, causal: true",
        "the first queries would see no key",
    ),
    "a pattern nobody knows": (f"{PACK}, pattern: unifrm", "'unifrm': did you mean 'uniform'?"),
    "lengths that do not fit": (f"{PACK}, sequences: 7", "64 tokens do not make 7 sequences of eq"),
    "lengths of zero": (
        f"{PACK}, pattern: uniform, sequences: 60",
        "64 tokens are too few for 60 sequences",
    ),
    "nothing but lengths of one": (f"{PACK}, sequences: 64", "64 tokens are too few for 64 seq"),
    "too few to have an empty one": (
        f"{PACK}, pattern: with-empty, sequences: 3",
        "need at least 4 sequences",
    ),
    "packs of heads that do not share evenly": (f"{PACK}, kv_heads: 3", "cannot share 3 key heads"),
    "more tokens than a 32-bit integer": (
        f"{PACK}, tokens: 2147483648",
        "tokens can be 2,147,483,647 at most",
    ),
    "sequences without end": (
        f"{PACK}, tokens: 2147483647, sequences: 2147483647",
        "sequences can be 65,536 at most",
    ),
    "no sequences": (f"{PACK}, sequences: 0", "sequences is less than 1"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_workload_that_cannot_be_is_named_with_its_line_and_the_others_too(
    name: str, project: Project
) -> None:
    change, told = BAD[name]
    axes = {"seqlen": "64", "heads": "2", "head_dim": "64", "dtype": "float32"}
    axes |= dict(pair.split(": ") for pair in change.split(", "))
    if "headdim" in axes:
        del axes["head_dim"]
    axes = {axis: value for axis, value in axes.items() if value != "none"}
    item = "  - {" + ", ".join(f"{axis}: {value}" for axis, value in axes.items()) + "}"
    with pytest.raises(BenchError) as caught:
        suite(project, GOOD, item, item)
    first, second = map(str, caught.value.problems)
    assert first.startswith("docs/suites/mine.md:6: ")
    assert second.startswith("docs/suites/mine.md:7: ")
    assert told in first


def test_a_workload_that_is_listed_twice_is_refused_with_the_line_of_the_first(
    project: Project,
) -> None:
    with pytest.raises(BenchError, match=r"mine.md:6: b1-s64.* is listed before, on line 5"):
        suite(project, GOOD, GOOD)


def test_an_axis_that_is_given_twice_is_refused_with_its_line(project: Project) -> None:
    item = "  - seqlen: 64\n    heads: 2\n    seqlen: 32\n    head_dim: 64\n    dtype: float32"
    with pytest.raises(BenchError, match=r"mine.md:7: .*seqlen is given twice"):
        suite(project, item)


def test_a_workload_may_take_the_axes_of_one_before_and_change_some(project: Project) -> None:
    first = "  - &first {seqlen: 64, heads: 2, head_dim: 64, dtype: float32}"
    second = "  - &second {<<: *first, seqlen: 32}"
    found = suite(project, first, second, "  - {<<: *second, seqlen: 16}")
    assert [workload.name.split("-")[1] for workload in found.workloads] == ["s64", "s32", "s16"]


def test_a_key_that_a_suite_does_not_have_is_named_with_the_closest_one(project: Project) -> None:
    with pytest.raises(BenchError, match=r"mine.md:6: .*has no key 'workload': did you mean 'work"):
        suite(project, GOOD, "workload: []")


def test_a_suite_without_workloads_is_refused(project: Project) -> None:
    with pytest.raises(BenchError, match=r"mine.md:1: lists no workloads"):
        suite(project, "  []")


def test_an_unknown_suite_is_named_with_the_closest_one(project: Project) -> None:
    with pytest.raises(BenchError, match="no suite is called 'flx': did you mean 'flux'"):
        find_suite("flx", project)


@pytest.mark.parametrize("name", ["Mine", "a b", "index", "../up", "-a", ""])
def test_a_suite_needs_a_name_that_can_be_a_file(name: str, project: Project) -> None:
    with pytest.raises(BenchError, match="cannot be named"):
        write_suite(name, project)


def test_a_page_to_start_from_is_a_suite_and_never_written_over_another(project: Project) -> None:
    path = write_suite("my-shapes", project)
    assert find_suite("my-shapes", project).title == "My shapes"
    with pytest.raises(BenchError, match=r"docs/suites/my-shapes.md exists already"):
        write_suite("my-shapes", project)
    assert path == project.suites / "my-shapes.md"


def test_the_project_s_cpu_suite_has_every_operation_in_each_of_its_directions() -> None:
    workloads = load_suites(Project(ROOT))["cpu"].workloads
    found = {(operation_of(workload).name, workload.direction) for workload in workloads}
    both = set(itertools.product(OPERATIONS, ("forward", "backward")))
    assert both - found == {("cached_attention", "backward")}


def test_the_names_of_all_workloads_differ() -> None:
    axes = {"seqlen": [64, 128], "heads": [2, 4], "head_dim": [64, 128], "causal": [False, True]}
    rows = {"operation": "rms_norm", "rows": [64, 128], "columns": [64, 128]}
    rows |= {"eps": [1e-6, 1e-5, 1.5e-5, 2e-5, 1e-12]}
    packs = {"operation": "packed_attention", "pattern": ["equal", "uniform"], "sequences": [2, 4]}
    packs |= {"tokens": [64, 128], "heads": 4, "kv_heads": [2, 4], "head_dim": [64, 128]}
    packs |= {"causal": [False, True]}
    both = {"dtype": ["float32", "bfloat16"], "direction": ["forward", "backward"]}
    workloads = [workload for each in (axes, rows, packs) for workload in grid(each | both)]
    assert len({workload.name for workload in workloads}) == len(workloads) == 400


def test_suites_are_listed_with_their_operations_and_the_names_of_their_workloads(
    bench: Bench, project: Project
) -> None:
    suite(project, GOOD)
    told = bench("list", "--suites").stdout
    begins = [line.split()[0] for line in told.splitlines() if line[1] != " "]
    assert begins == ["suite", *load_suites(project)]
    assert {"cpu", "flux", "mine", "rms-norm"} <= set(begins)
    assert "RMSNorm" in told
    for each in load_suites(project).values():
        assert set(names(each.workloads)) <= set(told.split())


def test_a_suite_is_found_by_its_file_whatever_else_is_beside_it(project: Project) -> None:
    before = {path.stem for path in project.suites.glob("*.md")}
    (project.suites / "index.md").write_text("# Suites\n", encoding="utf-8")
    below = project.suites / "more"
    below.mkdir()
    Path(below / "other.md").write_text("no suite", encoding="utf-8")
    assert set(load_suites(project)) == before > {"cpu", "flux"}
