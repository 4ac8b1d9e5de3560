"""Turns are fair, the same for the same run, and none is taken twice."""

from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench_fixtures import ROOT, WritePage
from outcomes import ok, passed
from records import H200, START, SUITES, Entry, result

from bench.pages.implementation import Implementation, load_implementation
from bench.project import Project
from bench.records.outcome import Crashed
from bench.records.run_lines import PROTOCOL, Examination, Result, judging
from bench.runner.schedule import Progress, Turn, turns
from bench.runner.session import Session

WORKLOADS = SUITES["cpu"].workloads


def _pages(write_page: WritePage) -> list[Implementation]:
    return [write_page(name=name) for name in ("one", "two", "three", "four", "five")]


def _order(pages: list[Implementation], run_id: str) -> list[tuple[int, str]]:
    made = turns(pages, PROTOCOL, run_id=run_id)
    return [(turn.round, turn.implementation.slug) for turn in made]


def test_every_line_has_one_turn_in_each_round_and_rounds_follow_each_other(
    write_page: WritePage,
) -> None:
    order = _order(_pages(write_page), "a")
    assert [round_ for round_, _ in order] == [1] * 5 + [2] * 5 + [3] * 5
    assert set(Counter(order).values()) == {1}


def test_a_run_has_the_same_order_again_and_another_run_another_one(write_page: WritePage) -> None:
    pages = _pages(write_page)
    assert _order(pages, "a") == _order(pages, "a")
    assert len({tuple(_order(pages, name)) for name in "abcdef"}) > 1


def test_no_round_repeats_the_order_of_the_one_before(write_page: WritePage) -> None:
    pages = _pages(write_page)
    rounds = [_order(pages, "run")[start : start + 5] for start in (0, 5, 10)]
    assert len({tuple(slug for _, slug in order) for order in rounds}) == 3


def test_what_is_examined_is_examined_once_and_after_it_was_timed(write_page: WritePage) -> None:
    page = write_page()
    steps = [
        [step.kind for step in Turn(round_, page, page.variants[0]).steps(WORKLOADS)]
        for round_ in (1, 2, 3)
    ]
    assert steps == [["time"] * 3 + ["examine"] * 3, ["time"] * 3, ["time"] * 3]


def test_a_run_that_only_judges_times_each_case_once_and_examines_none(
    write_page: WritePage,
) -> None:
    page = write_page()
    (turn,) = turns([page], judging(PROTOCOL), run_id="run")
    assert [step.kind for step in turn.steps(WORKLOADS)] == ["time"] * 3
    assert judging(PROTOCOL).steps == 1


def _result(page: Implementation, number: int, outcome: Any, round_: int = 1) -> Result:
    """What a round found at the workload of that number."""
    return result(Entry(page.slug, page.title), WORKLOADS[number], outcome, START, round=round_)


def _examination(page: Implementation, number: int, outcome: Any) -> Examination:
    return Examination(
        implementation=page.slug,
        variant=None,
        title=page.title,
        precision="exact",
        code_sha256="0" * 64,
        workload=WORKLOADS[number],
        finished=START,
        outcome=outcome,
    )


def _left(progress: Progress, page: Implementation, round_: int) -> list[tuple[str, int]]:
    """The steps of a round that are to be taken: what is done, at the workload of which number."""
    steps = progress.left(Turn(round_, page, page.variants[0]), WORKLOADS)
    return [(step.kind, WORKLOADS.index(step.workload)) for step in steps]


def test_a_step_that_was_taken_is_not_taken_again_and_any_other_is(write_page: WritePage) -> None:
    page, other = write_page(name="one"), write_page(name="other")
    progress = Progress()
    progress.note(_result(page, 0, ok(100)))
    progress.note(_examination(page, 1, passed(100, H200)))
    assert _left(progress, page, 1) == [
        ("time", 1),
        ("time", 2),
        ("examine", 0),
        ("examine", 2),
    ]
    assert _left(progress, page, 2) == [("time", 0), ("time", 1), ("time", 2)]
    assert len(_left(progress, other, 1)) == 6
    assert progress.count(steps=PROTOCOL.steps) == 2


def test_a_case_that_failed_its_examination_is_over_with_all_its_steps(
    write_page: WritePage,
) -> None:
    page = write_page()
    progress = Progress()
    progress.note(_result(page, 0, ok(100)))
    progress.note(_examination(page, 0, Crashed(reason="gone")))
    assert all(number != 0 for round_ in (1, 2, 3) for _, number in _left(progress, page, round_))
    assert progress.count(steps=PROTOCOL.steps) == 4
    progress.note(_result(page, 1, ok(100), round_=2))
    assert progress.count(steps=PROTOCOL.steps) == 5


def test_a_case_that_failed_is_not_tried_again(write_page: WritePage) -> None:
    page = write_page()
    progress = Progress()
    first = Turn(1, page, page.variants[0])
    progress.note(_result(page, 1, Crashed(reason="gone")))
    for turn in (first, Turn(2, page, page.variants[0])):
        assert WORKLOADS[1] not in {step.workload for step in progress.left(turn, WORKLOADS)}
    assert progress.count(steps=PROTOCOL.steps) == 4


def test_variants_of_a_page_share_no_compile_cache() -> None:
    page = load_implementation(ROOT / "docs" / "impls" / "compiled_variants.md", Project(ROOT))
    session: Any = SimpleNamespace(
        pythons={page.slug: Path("python")}, scratch=Path("scratch"), context=None
    )
    plans = [Session._plan(session, Turn(1, page, variant)) for variant in page.variants]
    assert len({plan.scratch for plan in plans}) == len(page.variants) == 2
