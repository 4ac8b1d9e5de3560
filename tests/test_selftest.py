"""The selftest, on the real harness and a CPU: cheats are caught, honest kernels are measured."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from _pytest.mark import ParameterSet
from bench_fixtures import PAGE, ROOT, SDPA, Silent
from outcomes import ok as ok_outcome
from outcomes import passed, trace
from records import H200, START, SUITES, Entry, result, run, write, write_run

import bench.selftest.selftest
from bench.devices import Device
from bench.devices.discovery import KINDS
from bench.errors import BenchError
from bench.pages.implementation import Implementation
from bench.pages.suites import Suite
from bench.project import Project
from bench.records.outcome import AlternateTiming, Incorrect
from bench.records.run_lines import Protocol
from bench.records.runfile import read_run
from bench.runner.config import RunConfig
from bench.selftest.fitness import figures, is_fit
from bench.selftest.fitness_files import read_selftests
from bench.selftest.selftest import selftest
from bench.selftest.stage_run import StageResult, load_page, run_stages
from bench.selftest.stages import QUICK, Stage, stages
from bench.selftest.trials import cupti_pairs, intent, same_kernel, says, trials

PROJECT = Project(ROOT)
PAGES = [path.stem for path in sorted((ROOT / "docs" / "selftest").glob("*.md"))]
TRIED = ("honest", "honest_int8", "cheats", "cheats_keys", "crashes")

HASTY = msgspec.structs.replace(QUICK, warmup_s=0.0, warmup_max_s=0.1, min_time_s=0.0)
"""What a block comes to does not depend on how warm it is; there are as many samples as ever."""

HANG_S, HOARD = 8.0, 1 << 30
"""Seconds and bytes for blocks that hang or eat memory: they take whatever they are given."""


@pytest.fixture(scope="module")
def found() -> dict[str, StageResult]:
    """Every page that runs on a CPU, run once; A/A apart, which takes minutes."""
    parts = [_hasty(stage) for stage in stages("cpu", 30) if stage.page in TRIED]
    *others, crashes = parts
    crashes = replace(crashes, timeout_s=HANG_S, memory_bytes=HOARD)
    return run_stages([*others, crashes], PROJECT, "cpu", Silent())


def _hasty(stage: Stage) -> Stage:
    """The stage with a quarter of the heads.

    Not with shorter sequences: a page that remembers answers is found because that is quicker than
    to compute them, and how much quicker grows with the length.
    """
    workloads = tuple(
        msgspec.structs.replace(each, q_heads=each.q_heads // 4, kv_heads=each.kv_heads // 4)
        for each in stage.suite.workloads
    )
    suite = replace(stage.suite, workloads=workloads)
    return replace(stage, protocol=HASTY, suite=suite)


def _blocks() -> Iterator[ParameterSet]:
    for page in TRIED:
        for variant in load_page(PROJECT, page).variants:
            yield pytest.param(page, variant.title, id=f"{page}-{variant.id}")


@pytest.mark.slow
@pytest.mark.parametrize(("page", "title"), list(_blocks()))
def test_a_block_ends_with_the_status_and_the_words_that_it_has_to(
    page: str, title: str, found: dict[str, StageResult]
) -> None:
    trial = next(trial for trial in found[page].trials if trial.title == title)
    assert trial.met, f"{trial.status}: {trial.reason}; not {trial.goal}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_of_each_block_what_it_tries(name: str) -> None:
    page = load_page(PROJECT, name)
    intents = [intent(page, variant) for variant in page.variants]
    assert all(text.endswith((".", ":")) and "](" not in text for text in intents[:2])
    if name != "same":
        assert len(set(intents)) == len(intents)
        assert all(text.endswith(".") for text in intents)


@pytest.mark.parametrize("name", [page for page in PAGES if page.startswith(("cheats", "crashes"))])
def test_each_cheat_and_each_crash_states_the_words_that_it_has_to_end_with(name: str) -> None:
    page = load_page(PROJECT, name)
    for variant in page.variants:
        words = says(page, variant)
        assert (words is None) == (variant.id or "").startswith("ok-"), variant.id
        assert words is None or not re.search(words, ""), variant.id


def test_a_cheat_that_only_another_layer_finds_is_not_caught_as_it_has_to_be(
    tmp_path: Path, project: Project
) -> None:
    words = {"found": "before timing", "late": "before timing", "second": "before timing"}
    page = _page(project, "cheats", list(words), words)
    reasons = {
        "found": ("relative error 1 is over 0.01 (before timing)",),
        "late": ("50 µs is slower by a clock outside",),
        "second": ("50 µs is slower by a clock outside", "it is wrong (before timing)"),
    }
    records = [
        result(Entry("cheats", one.title, variant=one.id), workload, Incorrect(reason=text), START)
        for one in page.variants
        for workload, text in zip(SUITES["cpu"].workloads, reasons[one.id or ""], strict=False)
    ]
    path = write(tmp_path, run(suite="cpu"), records)
    tried = trials(page, [read_run(path)], wanted="incorrect")
    assert [one.met for one in tried] == [True, False, True]
    assert [one.reason for one in tried] == [reasons[one.id or ""][-1] for one in page.variants]


@pytest.mark.parametrize(
    ("reason", "met"),
    [("a graph of the call does not compute it", True), ("it cannot be captured", False)],
)
def test_a_graph_that_has_no_time_for_another_reason_is_not_a_cheat_that_was_found(
    reason: str, met: bool, tmp_path: Path, project: Project
) -> None:
    page = _page(project, "cheats", ["no_graph-empty"], {"no_graph-empty": "does not compute it"})
    entry = Entry("cheats", page.variants[0].title, 100, variant=page.variants[0].id)
    lanes = msgspec.structs.replace(passed(100, H200).lanes, graph=AlternateTiming(reason=reason))
    examined = replace(entry, passed={"lanes": lanes})
    path = write_run(tmp_path, [examined], run=run(suite="flux"))
    (trial,) = trials(page, [read_run(path)], wanted="incorrect")
    assert (trial.status, trial.reason, trial.met) == ("no graph", reason, met)


def test_events_are_compared_with_cupti_on_the_same_calls_of_what_was_right_and_ran_ahead(
    tmp_path: Path,
) -> None:
    seen = trace(400, difference=0.01)
    entries = [
        Entry("ahead", "Ahead", 400, passed={"trace": seen}),
        Entry("waits", "Waits", 400, passed={"trace": seen}, ok={"late_samples": 20}),
        Entry("wrong", "Wrong", outcome=Incorrect(reason="it is wrong"), fails_in=2),
    ]
    path = write_run(tmp_path, entries, run=run(suite="flux"))
    pairs = list(cupti_pairs([read_run(path)]))
    assert {pair.title for pair in pairs} == {"Ahead"}
    assert len(pairs) == len(SUITES["flux"].workloads)
    assert {(pair.ours_us, pair.theirs_us) for pair in pairs} == {(seen.event_us, seen.span_us)}


def test_one_kernel_has_nine_names() -> None:
    page = load_page(PROJECT, "same")
    assert len(page.variants) == 9
    assert len({variant.code for variant in page.variants}) == 1


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_pairs_suffice_and_a_causal_workload_has_fewer_queries_than_keys(device: str) -> None:
    same, *others = stages("cuda" if device == "cuda" else "cpu", 60)
    assert same.page == "same"
    assert len(same.suite.workloads) * 36 >= 200
    assert same.protocol.rounds == 3
    assert all(stage.protocol.sustained_s is None for stage in (same, *others))
    for stage in others:
        if stage.page.startswith(("cheats", "honest")):
            causal = [workload for workload in stage.suite.workloads if workload.causal]
            assert all(workload.seqlen_q < workload.seqlen_kv for workload in causal)
            assert causal


def test_every_page_is_run_somewhere() -> None:
    assert sorted(stage.page for stage in stages("cuda", 60)) == PAGES


def test_what_ran_under_several_names_is_compared_by_the_report_s_own_verdict(
    tmp_path: Path,
) -> None:
    workload = SUITES["cpu"].workloads[0]
    latencies = {"one": 100.0, "two": 100.01, "three": 130.0}
    records = [
        result(
            Entry("same", name, variant=name, more={"round": round_}),
            workload,
            ok_outcome(us, seed=round_, noise=0.001),
            START + timedelta(seconds=round_),
        )
        for round_ in (1, 2, 3)
        for name, us in latencies.items()
    ]
    path = write(tmp_path, run(suite="cpu"), records)
    same = same_kernel(read_run(path))
    assert (same.names, same.pairs, same.different) == (3, 3, 2)


def test_a_trial_has_the_first_failure_of_its_cases_and_what_its_name_asks_for(
    tmp_path: Path, project: Project
) -> None:
    page = _page(project, "cheats", ["ok-fine", "caught", "not_ok-any", "never"])
    good, other = SUITES["cpu"].workloads[:2]
    wrong = Incorrect(reason="all of it")
    entries = [Entry("cheats", one.title, variant=one.id) for one in page.variants[:3]]
    records = [result(entries[0], good, ok_outcome(100), START)]
    records += [result(entries[1], good, ok_outcome(100), START)]
    records += [result(entries[1], other, wrong, START), result(entries[2], good, wrong, START)]
    path = write(tmp_path, run(suite="cpu"), records)
    fine, caught, any_, never = trials(page, [read_run(path)], wanted="incorrect")
    assert [fine.wanted, caught.wanted, any_.wanted] == ["ok", "incorrect", "not ok"]
    assert [one.status for one in (fine, caught, any_, never)] == [
        "ok",
        "incorrect",
        "incorrect",
        "not run",
    ]
    assert [one.met for one in (fine, caught, any_, never)] == [True, True, True, False]
    assert caught.reason == "all of it"


@pytest.mark.slow
def test_a_selftest_is_recorded_whole(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, ids in {
        "same": ["one", "two"],
        "honest": ["plain"],
        "cheats": ["zeros", "left-alone"],
        "crashes": ["error-raised"],
    }.items():
        _page(project, name, ids)
    twice = Protocol(rounds=2, warmup_s=0.0, warmup_max_s=0.05, min_time_s=0.0, lane_samples=2)
    monkeypatch.setattr(bench.selftest.selftest, "stages", lambda *_: _small_stages(twice))
    path = selftest(project, "cpu", 60, Silent())
    (test,) = read_selftests(project)
    assert path == project.data / "cpu" / f"{test.id}.json"
    assert not list(path.parent.glob("*.partial"))
    assert (test.same.names, test.same.pairs) == (2, 1)
    assert [trial.status for trial in test.cheats] == ["incorrect", "ok"], test.cheats
    assert [trial.met for trial in (*test.crashes, *test.honest)] == [True, True]
    assert not is_fit(test)
    told = {figure.name: figure.value for figure in figures(test)}
    assert told["cheats caught"] == "1 of 2"


def _small_stages(twice: Protocol) -> tuple[Stage, ...]:
    suite = Suite("selftest", "Small", "", SUITES["cpu"].workloads[:1])
    same = Stage("same", suite, twice, 60, "ok")
    return (
        same,
        *(
            replace(same, page=page, protocol=QUICK, wanted=wanted, alone=False)
            for page, wanted in (("honest", "ok"), ("cheats", "incorrect"), ("crashes", "crashed"))
        ),
    )


_CODES = {
    "zeros": "def attention(q, k, v, *, causal):\n    return q * 0",
    "error-raised": "def attention(q, k, v, *, causal):\n    raise ValueError('no')",
}


def _page(
    project: Project, name: str, ids: list[str], words: dict[str, str] | None = None
) -> Implementation:
    """A page of the selftest with a block for each id, which has to end with its words."""
    path = project.root / "docs" / "selftest" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    head, _ = PAGE.format(title=name, dependencies="[]", code="").split("```{.python .bench}")
    blocks = [
        f'What {one} tries.\n\n```{{.python .bench #{one} title="The block {one}"'
        f"{_attribute((words or {}).get(one))}}}\n"
        f"{_CODES.get(one, SDPA).strip()}\n```\n"
        for one in ids
    ]
    path.write_text(head + "\n".join(blocks), encoding="utf-8")
    return load_page(project, name)


def _attribute(words: str | None) -> str:
    return f' data-says="{words}"' if words else ""


@pytest.mark.parametrize("paces", [(100, 120), (120, 100)])
def test_the_farthest_pair_of_one_kernel_counts_whichever_of_the_two_is_the_faster(
    paces: tuple[float, float], tmp_path: Path
) -> None:
    first, second = paces
    entries = [Entry("same", "A", first, variant="a"), Entry("same", "B", second, variant="b")]
    found = same_kernel(read_run(write_run(tmp_path, entries)))
    assert found.farthest == pytest.approx(abs(first / second - 1), rel=0.1)


@pytest.mark.parametrize("device", ["cuda", "cpu"])
def test_cheats_about_single_keys_are_tried_on_few_and_on_many_keys(device: Device) -> None:
    (stage,) = (stage for stage in stages(device, 30) if stage.page == "cheats_keys")
    assert stage.suite.workloads == KINDS[device].selftest.keys


@pytest.mark.parametrize(("page", "shares"), [("same", False), ("cheats", True)])
def test_a_stage_shares_the_gpu_only_if_it_need_not_run_alone(
    page: str, shares: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[RunConfig] = []

    def refuse(config: RunConfig, _: object) -> None:
        seen.append(config)
        raise BenchError("seen")

    monkeypatch.setattr("bench.selftest.stage_run.run", refuse)
    monkeypatch.setattr("bench.selftest.stage_run.end_children", lambda: None)  # of this process
    parts = [stage for stage in stages("cuda", 30) if stage.page == page]
    with pytest.raises(BenchError, match="seen"):
        run_stages(parts, PROJECT, "cuda", Silent())
    assert {config.share_gpu for config in seen} == {shares}
