"""Runs of chosen workloads: `--workload` and `--only`."""

from typing import Any

import pytest
from bench_fixtures import ONCE, Bench, WritePage
from records import CPU, SUITES, Entry, run, summaries, write_run

from bench.analysis.leaderboard import leaderboards
from bench.cli.make_config import make_config
from bench.cli.options import RunOptions
from bench.errors import BenchError
from bench.pages.implementation import Implementation
from bench.pages.suites import (
    SLUG,
    find_suite,
    find_workload,
    is_selection,
    load_suites,
    selection,
    workload_of,
)
from bench.project import Project
from bench.records.runfile import read_data
from bench.runner.config import RunConfig

SMALL = "seqlen=32,heads=2,head_dim=64,dtype=float32"
NORM = "def rms_norm(x, weight, *, eps):\n    return x"


@pytest.fixture
def pages(write_page: WritePage) -> list[Implementation]:
    return [write_page(name=name) for name in ("sdpa", "sdpa_other", "mine")]


BOTH = """---
title: Both
description: Two lengths, forward and backward, not in order of size.
workloads:
  - {seqlen: [256, 64], heads: 2, head_dim: 64, dtype: float32, direction: [forward, backward]}
---
# Both
"""


def config_of(project: Project, pages: list[Implementation], **options: Any) -> RunConfig:
    return make_config(project, pages, RunOptions(device="cpu", **options))


def chosen(config: RunConfig) -> tuple[list[str], list[str]]:
    """The names of the pages and of the workloads."""
    pages = [page.slug for page in config.implementations]
    return pages, [workload.name for workload in config.suite.workloads]


@pytest.mark.parametrize(
    ("text", "axes"),
    [
        (
            "batch=2,seqlen=64,q_heads=4,kv_heads=2,head_dim=64,dtype=float16,causal=true",
            {"batch": 2, "seqlen": 64, "q_heads": 4, "kv_heads": 2, "head_dim": 64}
            | {"dtype": "float16", "causal": True},
        ),
        (
            "operation=rms_norm, rows=8, columns=64, dtype=float32, eps=1e-5, direction=backward",
            {"operation": "rms_norm", "rows": 8, "columns": 64, "dtype": "float32"}
            | {"eps": 1e-5, "direction": "backward"},
        ),
    ],
)
def test_a_workload_is_given_by_its_axes_as_on_a_page(text: str, axes: dict[str, Any]) -> None:
    assert find_workload(text, ()) == workload_of(axes)


def test_a_workload_of_any_suite_is_given_by_its_name(project: Project) -> None:
    suites = load_suites(project)
    for suite in suites.values():
        for workload in suite.workloads:
            assert find_workload(workload.name, suites.values()) == workload


BAD = {
    "b1-s4224-h24-d128": "called 'b1-s4224-h24-d128': did you mean 'b1-s4224-h24-d128-bfloat16'?",
    "nothing": "no suite has a workload called 'nothing'. See python -m bench list --suites",
    "": "no suite has a workload called ''",
    "seqlen=64,heads": "'heads' is not of the form axis=value",
    "seqlen=": "'seqlen=' is not of the form axis=value",
    f"{SMALL},": "'' is not of the form axis=value",
    f"{SMALL},seqlen=64": "'seqlen=64' is given twice",
    "seqln=64": "attention has no axis 'seqln': did you mean 'seqlen'?",
    "operation=rmsnorm,rows=8": "no operation is called 'rmsnorm': did you mean 'rms_norm'?",
    SMALL.replace("32,", "many,", 1): "Expected `int`, got `str` - at `$.seqlen_q`",
    SMALL.replace("float32", "bf16"): "no dtype is called 'bf16': did you mean 'bfloat16'?",
    f"{SMALL},kv_heads=3": "2 query heads cannot share 3 key heads evenly",
    f"{SMALL},seqlen_q=64,causal=true": "the first queries would see no key",
    "operation=rms_norm,rows=8,columns=8,dtype=float32,eps=nan": "eps is not between 0 and 1",
}


@pytest.mark.parametrize("text", BAD)
def test_a_workload_that_cannot_be_is_one_line_that_names_the_option_and_what_was_given(
    text: str, write_page: WritePage, command: Bench, project: Project
) -> None:
    write_page()
    answer = command("all", "--workload", text, *ONCE)
    assert answer.returncode == 1
    (line,) = answer.stderr.splitlines()
    assert line.startswith("error: --workload")
    assert text in line
    assert BAD[text] in line
    assert not list(project.data.iterdir())


def test_every_workload_that_cannot_be_is_named_and_so_is_one_that_the_suite_does_not_have(
    write_page: WritePage, command: Bench
) -> None:
    write_page()
    words = (word for text in ("one", SMALL, "two") for word in ("--workload", text))
    answer = command("all", "--suite", "cpu", *words, *ONCE)
    first, second, third = answer.stderr.splitlines()
    assert "called 'one'" in first
    assert second == f"error: --workload {SMALL}: suite cpu has no such workload"
    assert "called 'two'" in third


def test_a_selection_has_a_name_that_says_what_it_is_and_that_no_page_can_have() -> None:
    one, two, three = SUITES["cpu"].workloads
    assert selection([one]).name == "1-workload-b1-s64-h8-d64-float32"
    assert selection([one, two]).name == selection([two, one, two]).name
    assert selection([one, two]).name.startswith("2-workloads-")
    assert len({selection(each).name for each in ([one, two], [one, three], [two, three])}) == 3
    for workloads in ([one], [one, two]):
        assert is_selection(selection(workloads).name)
        assert not SLUG.fullmatch(selection(workloads).name)


def test_chosen_workloads_are_the_suite_if_they_fill_each_of_its_leaderboards_that_they_are_on(
    pages: list[Implementation], project: Project
) -> None:
    (project.suites / "both.md").write_text(BOTH, encoding="utf-8")
    both = find_suite("both", project).workloads
    names = [workload.name for workload in both]
    forward, backward = names[0::2], names[1::2]
    for workloads, suite, name in (
        (names, "both", "both"),
        (forward, "both", "both"),
        (backward, "both", "both"),
        (names[:1], "both", f"1-workload-{names[0]}"),
        (names[:3], "both", selection(both[:3]).name),
        (forward, None, selection(both[0::2]).name),
    ):
        config = config_of(project, pages, suite=suite, workload=workloads)
        assert config.suite.name == name
        assert chosen(config)[1] == workloads
    mixed = config_of(project, pages, suite="both", workload=forward[::-1])
    assert chosen(mixed)[1] == forward


def test_a_pattern_keeps_the_implementations_or_the_workloads_that_match(
    pages: list[Implementation], project: Project
) -> None:
    names, workloads = chosen(config_of(project, pages))
    for patterns, kept, of in (
        (["sdpa*"], ["sdpa", "sdpa_other"], workloads),
        (["sdpa", "mine"], ["sdpa", "mine"], workloads),
        (["*s128*"], names, workloads[1:2]),
        (["*s64*", "m*", "*s256*"], ["mine"], [workloads[0], workloads[2]]),
        (["*"], names, workloads),
    ):
        config = config_of(project, pages, only=patterns)
        assert chosen(config) == (kept, of)
        assert is_selection(config.suite.name) == (of != workloads)


def test_a_pattern_that_matches_nothing_is_named_with_the_closest_name(
    pages: list[Implementation], project: Project
) -> None:
    with pytest.raises(BenchError) as caught:
        config_of(project, pages, only=["mien", "sdpa", "*s129*"])
    first, second = map(str, caught.value.problems)
    assert first.startswith("--only: no page or workload matches 'mien': did you mean 'mine'?")
    assert second.startswith("--only: no page or workload matches '*s129*'")


def test_pages_without_the_operation_of_a_chosen_workload_are_not_measured(
    pages: list[Implementation], project: Project, write_page: WritePage
) -> None:
    norm = write_page(NORM, name="norm")
    config = config_of(project, [*pages, norm], workload=["r2048-c4096-bfloat16"])
    assert chosen(config) == (["norm"], ["r2048-c4096-bfloat16"])
    with pytest.raises(BenchError, match="no page here defines rms_norm, which suite 1-workload-"):
        config_of(project, pages, workload=["r2048-c4096-bfloat16"])


@pytest.mark.slow
def test_a_run_of_a_chosen_workload_is_recorded_resumed_and_shown_like_any_other(
    write_page: WritePage, command: Bench, project: Project
) -> None:
    write_page()
    words = ("--device", "cpu", "--rounds", "2")
    answer = command("all", *words, "--workload", "b1-s128-h8-d64-float32", "--workload", SMALL)
    assert answer.returncode == 0, answer.stderr
    (path,) = project.data.rglob("*.jsonl")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    refused = command("all", "--resume", path.stem, "--workload", SMALL)
    assert "leave out --suite, --workload and --rounds" in refused.stderr
    answer = command("all", "--device", "cpu", "--resume", path.stem)
    assert answer.returncode == 0, answer.stderr
    (file,) = read_data(project)
    assert [workload.name for workload in file.run.workloads] == [
        "b1-s128-h8-d64-float32",
        "b1-s32-h2-d64-float32",
    ]
    assert [result.status for result in file.results] == ["ok"] * 4
    assert f", {file.run.suite}, float32: latency in µs" in command("summary").stdout
    assert command("check").returncode == 0


def test_parts_of_a_suite_measured_on_two_days_make_the_leaderboards_of_one_run(
    project: Project,
) -> None:
    (project.suites / "both.md").write_text(BOTH, encoding="utf-8")
    both = find_suite("both", project).workloads
    entries = [Entry("a", "A", 100), Entry("b", "B", 120)]
    for day, part in ((1, both[1::2]), (2, both[0::2])):
        write_run(project.root, entries, run=run(day=day, suite="both", workloads=part))
    apart = leaderboards(summaries(project))
    assert [board.workloads for board in apart] == [both[0::2], both[1::2]]
    write_run(project.root, entries, run=run(day=3, suite="both", workloads=both))
    together = leaderboards(summaries(project))
    assert {each.scope: each.workloads for each in apart} == {
        each.scope: each.workloads for each in together
    }


def test_a_chosen_workload_changes_nothing_of_the_suite_s_leaderboard_and_comes_after_it(
    project: Project,
) -> None:
    entries = [Entry("a", "A", 100), Entry("b", "B", 120)]
    write_run(project.root, entries, run=run(CPU, suite="cpu"))
    (before,) = leaderboards(summaries(project))
    part = selection(SUITES["flux"].workloads[:1])
    faster = [Entry("a", "A", 50), Entry("b", "B", 10)]
    write_run(project.root, entries, run=run(day=1))
    write_run(project.root, faster, run=run(day=2, suite=part.name, workloads=part.workloads))
    flux, cpu, chosen = leaderboards(summaries(project))
    assert cpu == before
    assert [board.scope.suite for board in (flux, chosen)] == ["flux", part.name]
    assert [line.label for line in flux.lines] == ["A", "B"]
    assert [line.label for line in chosen.lines] == ["B", "A"]
    assert [each.complete for each in summaries(project)] == [True, True, False]
