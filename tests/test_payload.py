"""The browser gets every verdict as Python worked it out: ranks, slow-downs, values of metrics."""

import json
from pathlib import Path
from typing import Any

import pytest
from bench_fixtures import ROOT
from records import CPU, SUITES, Entry, run, write_run
from reports import Made, made

from bench.analysis.leaderboard import Leaderboard, Line, leaderboards
from bench.analysis.scope import scope_in
from bench.analysis.summary import CaseSummary
from bench.analysis.verdict import Rank
from bench.pages.suites import find_suite, workload_of
from bench.project import Project
from bench.records.outcome import Crashed
from bench.records.run_lines import Protocol
from hooks.report.charts.lines import paths
from hooks.report.elements import html
from hooks.report.metrics import METRICS
from hooks.report.tables.summary import leaderboard_table


@pytest.fixture
def mixed(tmp_path: Path) -> Made:
    """Ties, a quantised line, one round, a failure, a deleted page, another device, two runs."""
    wide = (1, 1.02, 0.98)
    lines = [
        Entry("sdpa", "SDPA", 300),
        Entry("a", "A <b>", 100, paces=wide),
        Entry("b", "B", 101, paces=wide),
        Entry("quant", "Quant", 60, more={"precision": "int8"}),
        Entry("bad", "Bad", outcome=Crashed(reason="gone <now>")),
    ]
    write_run(tmp_path, [Entry("gone", "Gone", 150)], run=run(day=-1), samples=5)
    once = run(day=1, protocol=Protocol(rounds=1))
    write_run(tmp_path, [Entry("once", "Once", 90)], run=once, samples=5)
    write_run(tmp_path, [Entry("a", "A", 100)], run=run(CPU, suite="cpu", day=-2), samples=5)
    return made(tmp_path, lines)


def _boards(found: Made, name: str) -> list[dict[str, Any]]:
    content = found.file(f"data/v1/boards/{name}.js").partition("] = ")[2]
    boards: list[dict[str, Any]] = json.loads(content.removesuffix(";\n"))
    return boards


def test_the_browser_s_leaderboards_hold_what_python_worked_out(mixed: Made) -> None:
    boards = _boards(mixed, "latest")
    assert len(boards) == 2
    for own, its in zip(mixed.report.leaderboards, boards, strict=True):
        _holds(own, its)
    cases = [case for line in boards[0]["lines"] for case in line["cases"]]
    assert {case["status"] for case in cases} == {"ok", "crashed"}


def test_a_run_s_own_leaderboards_are_those_of_that_run_alone(mixed: Made) -> None:
    """In the order of the report, with today's titles."""
    for one in mixed.report.runs:
        alone = leaderboards([one], mixed.report.titles)
        boards = _boards(mixed, one.run.id)
        for own, its in zip(alone, boards, strict=True):
            _holds(own, its)


def _holds(own: Leaderboard, its: dict[str, Any]) -> None:
    assert its["name"] == own.scope.name
    assert its["baseline"] == (own.baseline.key.name if own.baseline else None)
    assert [one["name"] for one in its["workloads"]] == [w.name for w in own.workloads]
    for line, view in zip(own.lines, its["lines"], strict=True):
        assert (view["key"], view["label"]) == (line.key.name, line.label)
        assert view["rank"] == _rank(line.rank)
        for workload, case in zip(own.workloads, view["cases"], strict=True):
            known = line.cases.get(workload)
            assert bool(case) == bool(known)
            if known:
                assert _verdicts(case) == _own_verdicts(own, line, known)


def _own_verdicts(own: Leaderboard, line: Line, case: CaseSummary) -> tuple[object, ...]:
    values = {
        name: metric.of(own, line, case.workload)
        for name, metric in METRICS.items()
        if metric.numerator and not metric.relative
    }
    rates = {name: quantity.value for name, quantity in values.items() if quantity}
    return case.status, case.latency_us, case.interval_us, rates


def _verdicts(case: dict[str, Any]) -> tuple[object, ...]:
    interval = (case["low"], case["high"]) if "low" in case else None
    rates = {name: over / case["us"] for name, over in case.get("numerators", {}).items()}
    return case["status"], case.get("us"), interval, rates


def _rank(rank: Rank | None) -> dict[str, object] | None:
    return {"number": rank.number, "tied": rank.tied} if rank else None


def test_the_browser_gets_the_table_of_a_run_and_that_of_the_newest_results_is_in_the_page(
    mixed: Made,
) -> None:
    """As a tree of `[name, attributes, content]`."""
    for board, its in zip(mixed.report.leaderboards, _boards(mixed, "latest"), strict=True):
        assert html(leaderboard_table(mixed.report, board)) in mixed.build.shared["front"]
        assert its["table"] is None
    for one in mixed.report.runs:
        alone = leaderboards([one], mixed.report.titles)
        for board, its in zip(alone, _boards(mixed, one.run.id), strict=True):
            assert its["table"] == _tree(leaderboard_table(mixed.report, board))


def _tree(content: Any) -> object:
    if isinstance(content, str):
        return content
    return [content.name, content.attributes, [_tree(part) for part in content.content]]


def test_metrics_follow_from_the_latency_and_its_interval(tmp_path: Path) -> None:
    board = made(tmp_path, [Entry("a", "A", 100), Entry("sdpa", "SDPA", 2000)]).board
    line, workload = board.lines[0], board.workloads[0]
    latency, tflops, limit, speedup = (
        METRICS[name].of(board, line, workload)
        for name in ("latency", "tflops", "limit", "speedup")
    )
    flops = 4 * 24 * 4224 * 4224 * 128
    assert latency[0] == line.measured[workload]
    assert latency[1:] == line.cases[workload].interval_us
    assert tflops.value == pytest.approx(flops / latency.value / 1e6)
    assert limit.value == pytest.approx(100 * tflops.value / 989.5)
    assert speedup.value == pytest.approx(20, rel=0.01)
    for quantity in (latency, tflops, limit, speedup):
        assert quantity.low < quantity.value < quantity.high


def test_a_metric_has_no_value_where_it_has_no_meaning(tmp_path: Path) -> None:
    """No datasheet, no share of a limit; no baseline, no speed-up; no latency, nothing."""
    bad = Entry("bad", "Bad", outcome=Crashed(reason="gone"))
    board = made(tmp_path, [Entry("a", "A", 100), bad], run=run(CPU, suite="cpu")).board
    known = {
        line.label: {n for n, m in METRICS.items() if m.of(board, line, board.workloads[0])}
        for line in board.lines
    }
    assert known == {"A": {"latency", "tflops"}, "Bad": set()}


@pytest.mark.parametrize(
    ("suite", "numbers"),
    [
        ("training", [0, 0, 0, 1, 1, 1, 2, 2, 2]),
        ("window", [0, 0, 0, 1, 1]),
        ("packed", [0, 1, 2, 3, 4, 5, 6]),
        ("decode", [0, 0, 1, 1, 1, 2, 3]),
        ("rms-norm", [0, 0, 1, 1, 2]),
        ("llama-prefill", [0, 0, 0]),
    ],
)
def test_a_line_breaks_where_another_shape_begins(suite: str, numbers: list[int]) -> None:
    workloads = find_suite(suite, Project(ROOT)).workloads
    scope = scope_in(suite, workloads[0])
    board = [workload for workload in workloads if scope_in(suite, workload) == scope]
    assert list(paths(board).values()) == numbers


def test_over_lengths_of_one_shape_a_line_is_one_path_in_any_order() -> None:
    assert set(paths(reversed(SUITES["flux"].workloads)).values()) == {0}
    shape = {"heads": 8, "head_dim": 64, "dtype": "float32"}
    batches = [workload_of(shape | {"batch": 8 // n, "seqlen": n * 512}) for n in (1, 2, 4)]
    assert set(paths(batches).values()) == {0}
