"""Leaderboards say the same of the same results, whoever asks and in whatever order they came."""

import re
from typing import Any

import msgspec
import pytest
from bench_fixtures import Bench
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import ACCURACY, CAPPED, HOT, canary, ok, trace
from records import (
    CPU,
    START,
    SUITES,
    Entry,
    page,
    result,
    retire,
    run,
    summaries,
    write,
    write_old_run,
    write_run,
)

from bench.analysis.alternate_timings import per_call_us
from bench.analysis.case_records import CaseRecords, Round, case_records
from bench.analysis.leaderboard import Leaderboard, Line, in_order, leaderboards
from bench.analysis.marks import confirmed, is_noisy, marks
from bench.analysis.summary import CaseSummary
from bench.analysis.verdict import overlap, ranks
from bench.operations.attention.workload import attention
from bench.project import Project
from bench.records.outcome import Burst, Crashed, Incorrect, Unavailable
from bench.records.run_lines import LineKey, Protocol, Run
from bench.records.runfile import read_data


def _boards(project: Project) -> tuple[Leaderboard, ...]:
    return leaderboards(summaries(project))


def _write(project: Project, *entries: Entry, run: Run | None = None) -> None:
    write_run(project.root, entries, run=run)


def _ranks(board: Leaderboard) -> dict[str, str]:
    """Each line's rank over the leaderboard, `=` where it is tied; nothing where it has none."""
    return {
        line.label: f"{line.rank.number}{'=' if line.rank.tied else ''}" if line.rank else ""
        for line in board.lines
    }


def _by_label(board: Leaderboard) -> dict[str, Line]:
    return {line.label: line for line in board.lines}


def _first_case(project: Project) -> CaseSummary:
    (board,) = _boards(project)
    return board.lines[0].cases[board.workloads[0]]


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
    assert {line.label: len(line.measured) for line in board.lines} == {"A": 6, "B": 0}
    assert board.lines[1].cases[board.workloads[0]].reason == "no network"


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
    case = _first_case(project)
    assert (case.status, case.reason, case.latency_us) == ("crashed", "gone", None)
    (records, *_) = case_records(read_data(project)[0])
    assert len(records.rounds) == max(1, number)


@pytest.mark.parametrize("worst", [{"max_abs_error": 0.0018}, {"relative_error": 0.009}])
def test_the_errors_of_a_case_are_the_largest_of_all_its_outputs(
    project: Project, worst: dict[str, float]
) -> None:
    (name,) = worst
    bound = name.replace("error", "bound")
    judged = msgspec.structs.replace(ACCURACY, **worst, **{bound: 0.02})
    _write(project, Entry("a", "A", 100, passed={"accuracy": judged}))
    _write(project, Entry("a", "A", 100, ok={"accuracy": judged}), run=run(day=1))
    for file in read_data(project):
        assert {case.accuracy for case in case_records(file)} == {judged}
    case = _first_case(project)
    assert (case.relative_error, case.relative_bound) == (
        judged.relative_error,
        judged.relative_bound,
    )


def test_an_incorrect_result_has_no_rank(project: Project) -> None:
    wrong = Entry("wrong", "Wrong", outcome=Incorrect(reason="zeros"))
    _write(project, wrong, Entry("right", "Right", 100), run=run())
    (board,) = _boards(project)
    assert [line.label for line in board.lines] == ["Right", "Wrong"]
    assert board.lines[1].slowdown is None
    assert _ranks(board) == {"Right": "1", "Wrong": ""}


def test_a_quantised_line_has_no_rank_and_is_never_the_best_of_others(project: Project) -> None:
    fast = Entry("fast", "Fast", 50, more={"precision": "int8"})
    _write(project, fast, Entry("exact", "Exact", 100), run=run())
    (board,) = _boards(project)
    slowdowns = {line.label: line.slowdown for line in board.lines}
    assert {label: made.covered for label, made in slowdowns.items() if made} == {
        "Exact": 6,
        "Fast": 6,
    }
    assert slowdowns["Exact"].value == 1.0
    assert 0.4 < slowdowns["Fast"].value < 0.6
    assert _ranks(board) == {"Exact": "1", "Fast": ""}
    assert {line.label: len(line.ranks) for line in board.lines} == {"Exact": 6, "Fast": 0}
    assert {line.label for line in board.fastest.values()} == {"Exact"}


def test_lines_whose_intervals_overlap_tie_and_others_do_not(project: Project) -> None:
    wide = (1.0, 1.02, 0.98)
    level = [Entry("a", "A", 100, paces=wide), Entry("b", "B", 101, paces=wide)]
    _write(project, *level, Entry("c", "C", 200))
    (board,) = _boards(project)
    assert _ranks(board)["C"] == "3"
    at = {line.label: line.ranks[board.workloads[0]] for line in board.lines}
    assert {label: (rank.number, rank.tied) for label, rank in at.items()} == {
        "A": (1, True),
        "B": (1, True),
        "C": (3, False),
    }


@pytest.mark.parametrize("count", [2, 12])
def test_lines_of_one_round_have_no_rank_and_no_tie_whoever_asks(
    project: Project, command: Bench, count: int
) -> None:
    names = [f"copy_{number}" for number in range(count)]
    alike = [Entry(name, name, 100 + number) for number, name in enumerate(names)]
    _write(project, *alike, run=run(protocol=Protocol(rounds=1)))
    (board,) = _boards(project)
    assert set(_ranks(board).values()) == {""}
    assert not any(line.ranks for line in board.lines)
    shown = command("summary").stdout
    for name in names:
        assert re.search(rf"^ *– +{name} ", shown, re.MULTILINE)
    assert "so there is no interval and no rank" in shown


def test_a_line_of_one_round_neither_leads_nor_takes_the_ranks_of_others(
    project: Project,
) -> None:
    _write(project, Entry("quick", "Quick", 50), run=run(day=1, protocol=Protocol(rounds=1)))
    _write(project, Entry("a", "A", 100), Entry("b", "B", 200))
    (board,) = _boards(project)
    assert _ranks(board) == {"A": "1", "B": "2", "Quick": ""}
    assert {line.label for line in board.fastest.values()} == {"A"}


def test_a_rank_is_one_more_than_the_lines_that_are_certainly_faster(project: Project) -> None:
    _write(project, *(Entry(name, name, us) for name, us in [("c", 300), ("a", 100), ("b", 200)]))
    (board,) = _boards(project)
    assert _ranks(board) == {"a": "1", "b": "2", "c": "3"}
    for workload in board.workloads:
        ends = [line.cases[workload].interval_us for line in board.lines]
        for line, (low, _) in zip(board.lines, ends, strict=True):
            assert line.ranks[workload].number == 1 + sum(high < low for _, high in ends)


def test_a_line_that_covers_more_comes_before_a_faster_one(project: Project) -> None:
    _write(project, Entry("whole", "Whole", 200), Entry("part", "Part", 100))
    path = next(project.data.rglob("*.jsonl"))
    # The last workload of the faster line is taken out of its file.
    last = '"seqlen_q":4608'
    lines = [x for x in path.read_text().splitlines() if not ('"part"' in x and last in x)]
    path.write_text("\n".join(lines) + "\n")
    (board,) = _boards(project)
    assert [line.label for line in board.lines] == ["Whole", "Part"]
    assert _ranks(board) == {"Whole": "1", "Part": "2"}
    assert _by_label(board)["Part"].slowdown.covered == 5


def test_old_and_new_runs_are_shown_together(project: Project) -> None:
    """An old result, of one round, has a latency and no rank; a new one takes its place."""
    write_old_run(project.root, [Entry("a", "A", 100), Entry("b", "B", 200)], run=run(day=0))
    _write(project, Entry("b", "B", 150), run=run(day=1))
    (board,) = _boards(project)
    lines = _by_label(board)
    old, new = (lines[label].cases[board.workloads[0]] for label in "AB")
    assert (old.rounds, old.interval_us, old.peak_memory_bytes) == (1, None, 52_000_000)
    assert new.rounds == 3
    low, high = new.interval_us
    assert low < new.latency_us < high
    assert _ranks(board) == {"A": "", "B": "1"}
    assert lines["A"].slowdown.interval is None


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
    assert _first_case(project).marks == (mark,)


def test_a_device_whose_own_pace_changes_marks_what_was_measured_meanwhile(
    project: Project,
) -> None:
    write_run(project.root, [Entry("a", "A", 100)], drift=0.03)
    assert _first_case(project).marks == ("drifted",)


@pytest.mark.parametrize("times", [1.03, 0.97])
@pytest.mark.parametrize("only", ["matmul_us", "copy_us"])
def test_a_device_has_drifted_where_only_its_product_or_only_its_copy_changed(
    only: str, times: float
) -> None:
    before = canary(START)
    after = msgspec.structs.replace(before, **{only: getattr(before, only) * times})
    drifted = Round(_round(1).result, before, after)
    assert drifted.drift == pytest.approx(0.03)
    assert marks(CaseRecords(run(), None, (drifted, _round(2), _round(3)))) == ("drifted",)


@pytest.mark.parametrize("which", [1, 2, 3])
def test_one_round_of_three_that_waited_for_the_host_marks_the_result_as_late(which: int) -> None:
    rounds = tuple(_round(n, late_samples=21 if n == which else 20) for n in (1, 2, 3))
    assert marks(CaseRecords(run(), None, rounds)) == ("late",)


@pytest.mark.parametrize("which", [1, 2, 3])
def test_one_round_of_three_that_did_not_settle_marks_the_result(which: int) -> None:
    rounds = tuple(_round(n, settled=n != which) for n in (1, 2, 3))
    assert marks(CaseRecords(run(), None, rounds)) == ("unsettled",)


def test_half_of_the_samples_are_not_most_of_them() -> None:
    rounds = tuple(_round(number, late_samples=20) for number in (1, 2, 3))
    assert marks(CaseRecords(run(), None, rounds)) == ()


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


def test_the_time_of_a_call_in_a_burst_is_the_wall_clock_s_whoever_had_the_cpu() -> None:
    burst = Burst(calls=40, wall_us=5000.0, waiting_us=2000.0)
    assert per_call_us((ok(100, burst=burst),)) == 125


def test_a_leaderboard_has_the_workloads_of_its_suite_in_order_and_then_others_by_size() -> None:
    flux = SUITES["flux"].workloads
    others = [attention(length, 24, 128, "bfloat16") for length in (512, 9216)]
    mixed = [others[1], *flux[::-1], others[0], *flux]
    assert in_order(flux, mixed) == (*flux, *others)
    assert in_order((), mixed) == (others[0], *flux, others[1])


def test_lines_of_one_slow_down_come_by_their_pages_and_variants(project: Project) -> None:
    names = [("b", None), ("a", "two"), ("a", None), ("a", "one")]
    gone = Unavailable(reason="no package")
    _write(project, *(Entry(slug, f"{slug} {v}", outcome=gone, variant=v) for slug, v in names))
    (board,) = _boards(project)
    found = [tuple(line.key) for line in board.lines]
    assert found == [("a", None), ("a", "one"), ("a", "two"), ("b", None)]


def test_the_first_call_that_is_published_is_that_of_the_first_round() -> None:
    """Later rounds find what the first one compiled."""
    rounds = tuple(_round(n, first_call_ms=ms) for n, ms in ((1, 900.0), (2, 4.0), (3, 1200.0)))
    assert CaseRecords(run(), None, rounds).first_call_ms == 900.0


def _round(number: int, **more: Any) -> Round:
    """A round of 40 samples of 100 µs."""
    workload, entry = SUITES["flux"].workloads[0], Entry("a", "A")
    return Round(result(entry, workload, ok(100, seed=number, **more), START, round=number))


def test_a_speedup_says_how_many_times_faster_than_the_baseline_a_line_is(
    project: Project,
) -> None:
    times = {"sdpa": 1, "tenfold": 10, "half": 0.5}
    _write(project, *(Entry(name, name, 1000 / faster) for name, faster in times.items()))
    (board,) = _boards(project)
    found = {line.label: line.speedup for line in board.lines}
    assert {name: one.value for name, one in found.items()} == pytest.approx(times, rel=0.01)
    low, high = found["tenfold"].interval
    assert 9 < low < found["tenfold"].value < high < 11


@pytest.mark.parametrize(
    ("measured", "baseline"),
    [
        (("sdpa", "flash_attention"), "sdpa"),
        (("math_attention", "flash_attention"), "flash_attention"),
        (("math_attention",), None),
    ],
)
def test_the_baseline_is_sdpa_and_without_a_result_of_it_flash_attention(
    project: Project, measured: tuple[str, ...], baseline: str | None
) -> None:
    """A page that failed is no baseline, and neither is a variant."""
    crashed = {"sdpa", "flash_attention"} - set(measured)
    entries = [Entry(name, name, 100) for name in measured]
    entries += [Entry(name, f"{name} bad", outcome=Crashed(reason="gone")) for name in crashed]
    _write(project, *entries, Entry("sdpa", "Another", 50, variant="another"))
    (board,) = _boards(project)
    assert (board.baseline.key.name if board.baseline else None) == baseline
    assert {bool(line.speedup) for line in board.lines if line.measured} == {baseline is not None}


def test_a_renamed_page_has_its_new_title_for_old_results(project: Project, command: Bench) -> None:
    """Here and in the terminal; a line without a page keeps the title that was recorded."""
    local = {"local_kernels": ("org/kernel",)}
    entries = [
        Entry("a", "Old name", 100),
        Entry("gone", "Gone", 200),
        Entry("hub", "H", 300, more=local),
    ]
    _write(project, *entries)
    titles = {LineKey("a", None): "New name", LineKey("hub", None): "Hub"}
    (board,) = leaderboards(summaries(project), titles)
    labels = ["New name", "Gone", "Hub (local build)"]
    assert [line.label for line in board.lines] == labels
    page(project.root, "a", "New name")
    page(project.root, "hub", "Hub")
    shown = command("summary").stdout
    assert all(label in shown for label in labels)
    assert "Old name" not in shown


def test_lines_that_share_a_title_are_told_apart_and_others_are_not(project: Project) -> None:
    same = [Entry("a", "Same", 100), Entry("b", "Same", 200, variant="fast")]
    _write(project, *same, Entry("c", "Other", 300))
    (board,) = _boards(project)
    assert [line.label for line in board.lines] == ["Same [a]", "Same [b#fast]", "Other"]


@pytest.mark.parametrize(("peak", "known"), [(0, False), (25_952_255, False), (25_952_256, True)])
def test_a_call_that_takes_less_than_its_output_has_no_figure_for_memory(
    project: Project, peak: int, known: bool
) -> None:
    """It writes into memory that it keeps between calls: 4224 x 24 x 128 values of two bytes."""
    _write(project, Entry("a", "A", 100, passed={"peak_memory_bytes": peak}))
    assert _first_case(project).peak_memory_bytes == (peak if known else None)


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
    assert _first_case(project).marks == ()


def test_a_local_build_says_so_wherever_its_title_is_read(project: Project, command: Bench) -> None:
    local = Entry("hub", "Hub", 100, more={"local_kernels": ("org/kernel",)})
    _write(project, local, run=run())
    (board,) = _boards(project)
    assert board.lines[0].label == "Hub (local build)"
    assert "Hub (local build)" in command("summary").stdout


def test_gpus_come_before_cpus_and_each_suite_has_its_leaderboard(project: Project) -> None:
    _write(project, Entry("a", "A", 100), run=run(day=0))
    _write(project, Entry("a", "A", 100), run=run(CPU, suite="cpu", day=1))
    assert [(board.scope.device, board.scope.suite) for board in _boards(project)] == [
        ("NVIDIA H200", "flux"),
        ("AMD EPYC 9B14", "cpu"),
    ]


def test_results_of_an_operation_that_was_removed_are_named_as_retired_and_ranked_nowhere(
    project: Project, command: Bench
) -> None:
    _write(project, Entry("a", "A", 100))
    (board,) = _boards(project)
    for day in (1, 2):
        retire(write_run(project.root, [Entry("b", "[B]", 20)], run=run(day=day)))
    assert _boards(project) == (board,)
    answer = command("summary")
    assert answer.stdout.endswith("\nretired: [B]; its operation old_conv no longer exists\n")
    assert command("check").returncode == command("list").returncode == 0


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
def test_a_rank_is_one_plus_those_certainly_better_and_tied_with_any_that_overlaps(
    ends: list[tuple[int, int]],
) -> None:
    """By its definition, pair by pair; `ranks` sorts instead."""
    made = ranks(dict(enumerate(ends)))
    for name, own in enumerate(ends):
        others = [other for place, other in enumerate(ends) if place != name]
        assert made[name].number == 1 + sum(other[1] < own[0] for other in others)
        assert made[name].tied == any(overlap(own, other) for other in others)


def test_lines_of_different_runs_are_compared_by_the_farthest_ends(project: Project) -> None:
    """Their rounds share nothing: what a round changed for both does not cancel."""
    together = [
        Entry("a", "A", 100, paces=(1, 1.02, 0.98)),
        Entry("b", "B", 150, paces=(1, 1.02, 0.98)),
    ]
    _write(project, *together)
    (board,) = _boards(project)
    paired = _by_label(board)["B"].slowdown
    _write(project, together[1], run=run(day=1))
    (board,) = _boards(project)
    apart = _by_label(board)["B"].slowdown
    assert paired.value == pytest.approx(apart.value, rel=0.01)
    assert apart.interval[1] - apart.interval[0] > 5 * (paired.interval[1] - paired.interval[0])
    assert apart.interval[0] < apart.value < apart.interval[1]
