"""Boards say the same of the same results, whoever asks and in whatever order they came."""

import re
from typing import Any

import msgspec
import pytest
from bench.verdicts.cell import Cell, Round
from bench_fixtures import Bench
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import ACCURACY, CAPPED, HOT, canary, ok, trace
from records import CPU, START, Entry, result, run, write, write_old_run, write_run

from bench.project import Project
from bench.records.outcome import Burst, Crashed, Incorrect, Unavailable
from bench.records.record import Protocol, Run
from bench.records.runfile import read_data
from bench.verdicts.clocks import per_call_us
from bench.verdicts.marks import confirmed, is_noisy, marks
from bench.verdicts.summary import Board, boards, in_order
from bench.verdicts.verdict import overlap, places
from bench.workload import SUITES, attention


def _boards(project: Project) -> tuple[Board, ...]:
    return boards(read_data(project))


def _write(project: Project, *entries: Entry, run: Run | None = None) -> None:
    write_run(project.root, entries, run=run)


def _places(board: Board) -> dict[str, str]:
    """Each line's rank over the board, `=` where it is tied; nothing where it has none."""
    found = {line.title: board.place(line) for line in board.lines}
    return {
        title: f"{place.rank}{'=' if place.tied else ''}" if place else ""
        for title, place in found.items()
    }


def _first_cell(project: Project) -> Cell:
    (board,) = _boards(project)
    return board.lines[0].cells[board.workloads[0]]


def test_the_newest_result_of_a_case_counts(project: Project) -> None:
    _write(project, Entry("a", "A", 100), run=run(day=1))
    _write(project, Entry("a", "A", 300), run=run(day=0))
    (board,) = _boards(project)
    assert 95 < board.lines[0].measured[board.workloads[0]] < 105


def test_unavailable_never_hides_a_result_and_shows_where_there_is_none(project: Project) -> None:
    gone = Unavailable(reason="no network")
    _write(project, Entry("a", "A", 100), run=run(day=0))
    _write(project, Entry("a", "A", outcome=gone), Entry("b", "B", outcome=gone), run=run(day=1))
    (board,) = _boards(project)
    assert {line.title: len(line.measured) for line in board.lines} == {"A": 6, "B": 0}
    assert board.lines[1].cells[board.workloads[0]].reason == "no network"


def test_a_failure_takes_the_place_of_an_older_success(project: Project) -> None:
    _write(project, Entry("a", "A", 100), run=run(day=0))
    _write(project, Entry("a", "A", outcome=Crashed(reason="gone")), run=run(day=1))
    (board,) = _boards(project)
    assert not board.lines[0].measured


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_failure_in_any_round_or_the_examination_fails_the_case(
    project: Project, number: int
) -> None:
    _write(project, Entry("a", "A", 100, outcome=Crashed(reason="gone"), fails_in=number))
    cell = _first_cell(project)
    assert (cell.status, cell.reason, cell.latency_us) == ("crashed", "gone", None)
    assert len(cell.rounds) == max(1, number)


@pytest.mark.parametrize("worst", [{"max_abs_error": 0.0018}, {"relative_error": 0.009}])
def test_the_errors_of_a_case_are_the_largest_of_all_its_outputs(
    project: Project, worst: dict[str, float]
) -> None:
    (name,) = worst
    bound = name.replace("error", "bound")
    judged = msgspec.structs.replace(ACCURACY, **worst, **{bound: 0.02})
    _write(project, Entry("a", "A", 100, passed={"accuracy": judged}))
    at_first = _first_cell(project).accuracy
    _write(project, Entry("a", "A", 100, ok={"accuracy": judged}), run=run(day=1))
    later = _first_cell(project).accuracy
    assert at_first == later == judged


def test_an_incorrect_result_has_no_rank(project: Project) -> None:
    wrong = Entry("wrong", "Wrong", outcome=Incorrect(reason="zeros"))
    _write(project, wrong, Entry("right", "Right", 100), run=run())
    (board,) = _boards(project)
    assert [line.title for line in board.ranked()] == ["Right", "Wrong"]
    assert board.slowdown(board.ranked()[1]) is None
    assert _places(board) == {"Right": "1", "Wrong": ""}


def test_a_quantised_line_has_no_rank_and_is_never_the_best_of_others(project: Project) -> None:
    fast = Entry("fast", "Fast", 50, more={"precision": "int8"})
    _write(project, fast, Entry("exact", "Exact", 100), run=run())
    (board,) = _boards(project)
    slowdowns = {line.title: board.slowdown(line) for line in board.lines}
    assert {title: made.covered for title, made in slowdowns.items() if made} == {
        "Exact": 6,
        "Fast": 6,
    }
    assert slowdowns["Exact"].value == 1.0
    assert 0.4 < slowdowns["Fast"].value < 0.6
    assert _places(board) == {"Exact": "1", "Fast": ""}
    assert all(set(board.places_at(w)) == {("exact", None)} for w in board.workloads)


def test_lines_whose_intervals_overlap_tie_and_others_do_not(project: Project) -> None:
    wide = (1.0, 1.02, 0.98)
    level = [Entry("a", "A", 100, paces=wide), Entry("b", "B", 101, paces=wide)]
    _write(project, *level, Entry("c", "C", 200))
    (board,) = _boards(project)
    assert _places(board)["C"] == "3"
    at = board.places_at(board.workloads[0])
    assert {name: (place.rank, place.tied) for (name, _), place in at.items()} == {
        "a": (1, True),
        "b": (1, True),
        "c": (3, False),
    }


@pytest.mark.parametrize("count", [2, 12])
def test_lines_of_one_round_have_no_place_and_no_tie_whoever_asks(
    project: Project, command: Bench, count: int
) -> None:
    names = [f"copy_{number}" for number in range(count)]
    alike = [Entry(name, name, 100 + number) for number, name in enumerate(names)]
    _write(project, *alike, run=run(protocol=Protocol(rounds=1)))
    (board,) = _boards(project)
    assert set(_places(board).values()) == {""}
    assert not any(board.places_at(workload) for workload in board.workloads)
    shown = command("summary").stdout
    for name in names:
        assert re.search(rf"^ *– +{name} ", shown, re.MULTILINE)
    assert "no interval, and so no rank" in shown


def test_a_line_of_one_round_neither_leads_nor_takes_the_places_of_others(
    project: Project,
) -> None:
    _write(project, Entry("quick", "Quick", 50), run=run(day=1, protocol=Protocol(rounds=1)))
    _write(project, Entry("a", "A", 100), Entry("b", "B", 200))
    (board,) = _boards(project)
    assert _places(board) == {"A": "1", "B": "2", "Quick": ""}
    assert {line.title for line in board.fastest.values()} == {"A"}


def test_a_rank_is_one_more_than_the_lines_that_are_certainly_faster(project: Project) -> None:
    _write(project, *(Entry(name, name, us) for name, us in [("c", 300), ("a", 100), ("b", 200)]))
    (board,) = _boards(project)
    assert _places(board) == {"a": "1", "b": "2", "c": "3"}
    for workload in board.workloads:
        ends = {line.implementation: line.cells[workload].interval_us for line in board.lines}
        for (name, _), place in board.places_at(workload).items():
            assert place.rank == 1 + sum(other[1] < ends[name][0] for other in ends.values())


def test_a_line_that_covers_more_comes_before_a_faster_one(project: Project) -> None:
    _write(project, Entry("whole", "Whole", 200), Entry("part", "Part", 100))
    path = next(project.data.rglob("*.jsonl"))
    # The last workload of the faster line is taken out of its file.
    last = '"seqlen_q":4608'
    lines = [x for x in path.read_text().splitlines() if not ('"part"' in x and last in x)]
    path.write_text("\n".join(lines) + "\n")
    (board,) = _boards(project)
    assert [line.title for line in board.ranked()] == ["Whole", "Part"]
    assert _places(board) == {"Whole": "1", "Part": "2"}
    part = next(line for line in board.lines if line.title == "Part")
    assert board.slowdown(part).covered == 5


def test_old_and_new_runs_are_shown_together(project: Project) -> None:
    """An old result, of one round, has a latency and no rank; a new one takes its place."""
    write_old_run(project.root, [Entry("a", "A", 100), Entry("b", "B", 200)], run=run(day=0))
    _write(project, Entry("b", "B", 150), run=run(day=1))
    (board,) = _boards(project)
    old, new = (line.cells[board.workloads[0]] for line in board.lines)
    assert (len(old.timed), old.interval_us, old.peak_memory_bytes) == (1, None, 30_000_000)
    assert len(new.timed) == 3
    low, high = new.interval_us
    assert low < new.latency_us < high
    assert _places(board) == {"A": "", "B": "1"}
    assert board.slowdown(board.lines[0]).interval is None


@pytest.mark.parametrize(
    ("mark", "entry"),
    [
        ("noisy", Entry("a", "A", 100, noise=0.05)),
        ("unsettled", Entry("a", "A", 100, ok={"settled": False})),
        ("late", Entry("a", "A", 100, ok={"late_samples": 30})),
        ("throttled", Entry("a", "A", 100, ok={"clocks": HOT})),
        ("power_capped", Entry("a", "A", 100, ok={"clocks": CAPPED})),
        ("unconfirmed", Entry("a", "A", 400, passed={"trace": trace(400, difference=0.03)})),
    ],
)
def test_what_a_reader_should_know_of_a_latency_marks_it(
    project: Project, mark: str, entry: Entry
) -> None:
    _write(project, entry)
    assert marks(_first_cell(project)) == (mark,)


def test_a_device_whose_own_pace_changes_marks_what_was_measured_meanwhile(
    project: Project,
) -> None:
    write_run(project.root, [Entry("a", "A", 100)], drift=0.03)
    assert marks(_first_cell(project)) == ("drifted",)


@pytest.mark.parametrize("times", [1.03, 0.97])
@pytest.mark.parametrize("only", ["matmul_us", "copy_us"])
def test_a_device_has_drifted_where_only_its_product_or_only_its_copy_changed(
    only: str, times: float
) -> None:
    before = canary(START)
    after = msgspec.structs.replace(before, **{only: getattr(before, only) * times})
    drifted = Round(_round(1).result, before, after)
    assert drifted.drift == pytest.approx(0.03)
    assert marks(Cell(run(), None, (drifted, _round(2), _round(3)))) == ("drifted",)


@pytest.mark.parametrize("which", [1, 2, 3])
def test_one_round_of_three_that_waited_for_the_host_marks_the_result_as_late(which: int) -> None:
    rounds = tuple(_round(n, late_samples=21 if n == which else 20) for n in (1, 2, 3))
    assert marks(Cell(run(), None, rounds)) == ("late",)


def test_half_of_the_samples_are_not_most_of_them() -> None:
    rounds = tuple(_round(number, late_samples=20) for number in (1, 2, 3))
    assert marks(Cell(run(), None, rounds)) == ()


@pytest.mark.parametrize(("within", "noisy"), [(0.005, False), (0.003, True), (None, False)])
def test_a_median_is_noisy_where_its_interval_is_wider_than_it_was_to_be(
    within: float | None, noisy: bool
) -> None:
    """Of 101 samples from 98 to 102 it reaches from the 41st to the 61st: ±0.4 %."""
    assert is_noisy([98 + 0.04 * number for number in range(101)], within) is noisy


def test_the_time_of_a_call_in_a_burst_is_the_median_of_the_rounds() -> None:
    each = [ok(100, burst=Burst(calls=calls, wall_us=5000.0)) for calls in (40, 50, 25)]
    assert per_call_us((*each, ok(100, burst=None))) == 125
    assert per_call_us((ok(100, burst=None),)) is None


def test_a_board_has_the_workloads_of_its_suite_in_their_order_and_then_others_by_length() -> None:
    flux = SUITES["flux"].workloads
    others = [attention(length, 24, 128, "bfloat16") for length in (512, 9216)]
    mixed = [others[1], *flux[::-1], others[0], *flux]
    assert in_order("flux", mixed) == (*flux, *others)
    assert in_order("one that is no more", mixed) == (others[0], *flux, others[1])


def test_the_lines_of_a_board_come_by_their_pages_and_variants(project: Project) -> None:
    names = [("b", None), ("a", "two"), ("a", None), ("a", "one")]
    _write(project, *(Entry(page, f"{page} {v}", 100, variant=v) for page, v in names))
    (board,) = _boards(project)
    found = [(line.implementation, line.variant) for line in board.lines]
    assert found == [("a", None), ("a", "one"), ("a", "two"), ("b", None)]


def test_the_first_call_that_is_published_is_that_of_the_first_round() -> None:
    """Later rounds find what the first one compiled."""
    rounds = tuple(_round(n, first_call_ms=ms) for n, ms in ((1, 900.0), (2, 4.0), (3, 1200.0)))
    assert Cell(run(), None, rounds).first_call_ms == 900.0


def _round(number: int, **more: Any) -> Round:
    """A round of 40 samples of 100 µs."""
    workload, entry = SUITES["flux"].workloads[0], Entry("a", "A")
    return Round(result(entry, workload, ok(100, seed=number, **more), START, round=number))


def test_a_speedup_says_how_many_times_faster_than_the_baseline_a_line_is(
    project: Project,
) -> None:
    times = {"math_attention": 1, "tenfold": 10, "half": 0.5}
    _write(project, *(Entry(name, name, 1000 / faster) for name, faster in times.items()))
    (board,) = _boards(project)
    found = {line.implementation: board.speedup(line) for line in board.lines}
    assert {name: one.value for name, one in found.items()} == pytest.approx(times, rel=0.01)
    low, high = found["tenfold"].interval
    assert 9 < low < found["tenfold"].value < high < 11


@pytest.mark.parametrize(
    ("span_us", "event_us", "agree"),
    [
        (60, 62.5, True),  # what an event costs by itself, 4 % of so short a call
        (60, 65.5, False),
        (600, 611, True),
        (600, 613, False),
        (600, 587, False),
    ],
)
def test_clocks_disagree_where_they_differ_in_proportion_and_by_more_than_an_event_costs(
    span_us: float, event_us: float, agree: bool
) -> None:
    assert confirmed(trace(span_us, difference=event_us / span_us - 1)) is agree


def test_an_ordinary_result_has_no_mark(project: Project) -> None:
    _write(project, Entry("a", "A", 100))
    assert marks(_first_cell(project)) == ()


def test_a_local_build_says_so_wherever_its_title_is_read(project: Project, command: Bench) -> None:
    local = Entry("hub", "Hub", 100, more={"local_kernels": ("org/kernel",)})
    _write(project, local, run=run())
    (board,) = _boards(project)
    assert board.lines[0].title == "Hub (local build)"
    assert "Hub (local build)" in command("summary").stdout


def test_gpus_come_before_cpus_and_each_suite_has_its_board(project: Project) -> None:
    _write(project, Entry("a", "A", 100), run=run(day=0))
    _write(project, Entry("a", "A", 100), run=run(CPU, suite="cpu", day=1))
    assert [(board.scope.device, board.scope.suite) for board in _boards(project)] == [
        ("NVIDIA H200", "flux"),
        ("AMD EPYC 9B14", "cpu"),
    ]


def test_the_summary_without_data_says_what_to_do(command: Bench) -> None:
    assert command("summary").stdout == "no results yet: python -m bench all\n"


def test_what_differs_in_dtype_or_mask_is_not_ranked_together(project: Project) -> None:
    workload = SUITES["flux"].workloads[0]
    others = (
        msgspec.structs.replace(workload, dtype="float16"),
        msgspec.structs.replace(workload, causal=True),
    )
    records = [
        result(Entry(name, name), one, ok(100.0 + place), START)
        for place, name in enumerate(("a", "b"))
        for one in (workload, *others)
    ]
    write(project.root, run(), records)
    found = _boards(project)
    assert len(found) == 3
    assert {(board.scope.dtype, board.scope.mask) for board in found} == {
        ("bfloat16", "no mask"),
        ("float16", "no mask"),
        ("bfloat16", "causal"),
    }
    assert all(len(board.workloads) == 1 and len(board.lines) == 2 for board in found)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 4)).map(lambda x: (x[0], x[0] + x[1]))))
def test_a_place_is_one_plus_those_certainly_better_and_tied_with_any_that_overlaps(
    ends: list[tuple[int, int]],
) -> None:
    """By its definition, pair by pair; `places` sorts instead."""
    made = places(dict(enumerate(ends)))
    for name, own in enumerate(ends):
        others = [other for place, other in enumerate(ends) if place != name]
        assert made[name].rank == 1 + sum(other[1] < own[0] for other in others)
        assert made[name].tied == any(overlap(own, other) for other in others)


def test_lines_of_different_runs_are_compared_by_the_farthest_ends(project: Project) -> None:
    """Their rounds share nothing: what a round changed for both does not cancel."""
    together = [
        Entry("a", "A", 100, paces=(1, 1.02, 0.98)),
        Entry("b", "B", 150, paces=(1, 1.02, 0.98)),
    ]
    _write(project, *together)
    (board,) = _boards(project)
    paired = board.slowdown(board.lines[1])
    _write(project, together[1], run=run(day=1))
    (board,) = _boards(project)
    apart = board.slowdown(board.lines[1])
    assert paired.value == pytest.approx(apart.value, rel=0.01)
    assert apart.interval[1] - apart.interval[0] > 5 * (paired.interval[1] - paired.interval[0])
    assert apart.interval[0] < apart.value < apart.interval[1]
