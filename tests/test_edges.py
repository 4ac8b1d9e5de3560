"""Suites whose outcomes alone count: judged in one round, shown as a matrix and never ranked."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from bench_fixtures import ROOT, Bench, WritePage
from records import CPU, Entry, run, summaries, write_run
from reports import Made, made

from bench.analysis.leaderboard import leaderboards
from bench.cli.leaderboards import show_leaderboards
from bench.cli.make_config import make_config
from bench.cli.options import RunOptions
from bench.operations.discovery import OPERATIONS
from bench.pages.suites import find_suite
from bench.project import Project
from bench.records.outcome import Incorrect
from bench.records.run_lines import PROTOCOL, Examination, judging
from bench.records.runfile import read_data
from hooks.report.pages.suites import suite_page

EDGES = """---
title: Mine
description: An odd length.
judged_only: true
workloads:
  - {seqlen: [1, 65], heads: 2, head_dim: 64, dtype: float32}
---
# Mine
"""


@pytest.fixture
def with_suite(project: Project) -> Project:
    (project.suites / "mine.md").write_text(EDGES, encoding="utf-8")
    return project


def test_a_run_of_such_a_suite_has_one_round_of_few_samples_unless_more_are_asked_for(
    with_suite: Project, write_page: WritePage
) -> None:
    pages = [write_page()]
    protocol, asked = (
        make_config(
            with_suite, pages, RunOptions(device="cuda", suite="mine", rounds=rounds)
        ).protocol
        for rounds in (None, 2)
    )
    assert protocol.judged_only
    assert (protocol.rounds, asked.rounds) == (1, 2)
    assert protocol.min_samples < PROTOCOL.min_samples
    assert protocol.warmup_max_s == 0
    assert protocol.sustained_s is None


@pytest.mark.parametrize("option", ["workload", "only"])
def test_a_part_of_such_a_suite_is_only_judged_too(
    option: str, with_suite: Project, write_page: WritePage
) -> None:
    chosen: dict[str, Any] = {option: ["b1-s65-h2-d64-float32"]}
    options = RunOptions(device="cpu", suite="mine", **chosen)
    config = make_config(with_suite, [write_page()], options)
    assert config.suite.name == "1-workload-b1-s65-h2-d64-float32"
    assert config.protocol.judged_only


@pytest.mark.slow
def test_an_odd_length_that_a_page_gets_wrong_is_shown_in_the_terminal_without_any_time(
    with_suite: Project, write_page: WritePage, command: Bench
) -> None:
    write_page()
    wrong = "def attention(q, k, v, *, causal):\n    return v * (q.shape[1] != 65)"
    write_page(wrong, name="wrong")
    answer = command("all", "--suite", "mine", "--device", "cpu")
    assert answer.returncode == 0, answer.stderr
    (file,) = read_data(with_suite)
    assert file.run.protocol.judged_only
    assert not [each for each in file.records if isinstance(each, Examination)]
    ended = {(each.implementation, each.workload.size): each.status for each in file.results}
    assert ended == {
        ("mine", 1): "ok",
        ("mine", 65): "ok",
        ("wrong", 1): "ok",  # one key: its value is the answer
        ("wrong", 65): "incorrect",
    }
    shown = command("summary").stdout
    assert "float32: outcomes" in shown
    assert "µs" not in shown
    assert command("check").returncode == 0


def report_of(tmp_path: Path) -> Made:
    """A report of a timed run, and of one whose outcomes alone count."""
    entries = [Entry("a", "A", 100), Entry("b", "B", 120)]
    project = made(tmp_path, entries)
    suite = find_suite("edges", Project(ROOT))
    of = run(CPU, day=2, suite="edges", workloads=suite.workloads[:2], protocol=judging(PROTOCOL))
    write_run(
        tmp_path, [entries[0], Entry("b", "B", 120, outcome=Incorrect(reason="is odd"))], run=of
    )
    return project


def test_its_results_are_on_no_leaderboard_of_times_and_its_page_is_a_matrix(
    tmp_path: Path,
) -> None:
    report = report_of(tmp_path).report
    assert {board.scope.suite for board in report.leaderboards} == {"flux"}
    assert {board.scope.suite for board in report.judged} == {"edges"}
    suite = find_suite("edges", Project(ROOT))
    placed = suite_page(report, suite).placed
    text = placed["results-0"]
    assert "data-chart" not in text
    assert "µs" not in text
    assert re.search(r"incorrect.*is odd", text, re.S)
    assert "unranked" not in text


def test_a_site_with_such_a_run_is_built_and_its_other_pages_know_only_timed_results(
    tmp_path: Path,
) -> None:
    project = report_of(tmp_path)
    front = project.build.shared["front"]
    assert "edges" not in front
    assert "edges" in project.build.shared["matrix"]
    assert "edges" in project.build.shared["runs"]


def test_nothing_is_ranked_in_several_rounds_either(tmp_path: Path) -> None:
    protocol = msgspec.structs.replace(judging(PROTOCOL), rounds=3)
    entries = [Entry("sdpa", "The usual baseline", 100), Entry("b", "B", 120)]
    write_run(tmp_path, entries, run=run(protocol=protocol))
    (board,) = leaderboards(summaries(Project(tmp_path)))
    assert (board.baseline, board.fastest) == (None, {})
    for line in board.lines:
        assert (line.rank, line.slowdown, line.speedup, dict(line.ranks)) == (None, None, None, {})


def test_a_site_keeps_a_timed_run_whose_workloads_are_only_judged_since(tmp_path: Path) -> None:
    entries = [Entry("a", "A", 100), Entry("b", "B", 120)]
    project = made(tmp_path, entries, run=run(CPU, suite="cpu"))
    write_run(tmp_path, entries, run=run(day=1))
    write_run(tmp_path, entries, run=run(day=2, protocol=judging(PROTOCOL)))
    assert "cpu" in project.build.shared["front"]
    assert [board.scope.suite for board in project.report.judged] == ["flux"]


def test_the_newest_run_decides_whether_a_scope_is_ranked(tmp_path: Path) -> None:
    entries = [Entry("a", "A", 100)]
    for day, protocol in ((1, judging(PROTOCOL)), (2, PROTOCOL)):
        write_run(tmp_path, entries, run=run(day=day, protocol=protocol))
    (board,) = leaderboards(summaries(Project(tmp_path)))
    assert not board.judged_only


def test_the_project_s_edges_cover_every_operation_and_are_judged_in_one_round() -> None:
    suite = find_suite("edges", Project(ROOT))
    kinds = {type(workload) for workload in suite.workloads}
    assert kinds == {operation.workload for operation in OPERATIONS.values()}
    assert suite.judged_only
    assert msgspec.structs.asdict(judging(PROTOCOL))["rounds"] == 1


def test_the_terminal_shows_outcomes_in_place_of_times(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show_leaderboards(report_of(tmp_path).report.judged)
    shown = capsys.readouterr().out
    assert "ok" in shown
    assert "incorrect" in shown
    assert not re.search(r"\d\.\d", shown)
