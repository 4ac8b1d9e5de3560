"""Boards say the same of the same results, whoever asks and in whatever order they came."""

from bench_fixtures import Bench
from records import CPU, Entry, run, write_run

from bench.outcome import Crashed, Incorrect, Unavailable
from bench.project import Project
from bench.record import Run
from bench.runfile import read_data
from bench.summary import Board, boards


def _boards(project: Project) -> tuple[Board, ...]:
    return boards(read_data(project))


def _write(project: Project, *entries: Entry, run: Run) -> None:
    write_run(project.root, entries, run=run)


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
    assert board.lines[1].cells[board.workloads[0]].result.outcome == gone


def test_a_failure_takes_the_place_of_an_older_success(project: Project) -> None:
    _write(project, Entry("a", "A", 100), run=run(day=0))
    _write(project, Entry("a", "A", outcome=Crashed(reason="gone")), run=run(day=1))
    (board,) = _boards(project)
    assert not board.lines[0].measured


def test_an_incorrect_result_has_no_rank(project: Project) -> None:
    wrong = Entry("wrong", "Wrong", outcome=Incorrect(reason="zeros"))
    _write(project, wrong, Entry("right", "Right", 100), run=run())
    (board,) = _boards(project)
    assert [line.title for line in board.ranked()] == ["Right", "Wrong"]
    assert board.slowdown(board.ranked()[1]) is None


def test_a_quantised_line_is_never_the_best_that_others_are_measured_against(
    project: Project,
) -> None:
    fast = Entry("fast", "Fast", 50, more={"precision": "int8"})
    _write(project, fast, Entry("exact", "Exact", 100), run=run())
    (board,) = _boards(project)
    slowdowns = {line.title: board.slowdown(line) for line in board.lines}
    assert slowdowns["Exact"] == 1.0
    assert 0.4 < (slowdowns["Fast"] or 0) < 0.6


def test_a_local_build_says_so_wherever_its_title_is_read(project: Project, bench: Bench) -> None:
    local = Entry("hub", "Hub", 100, more={"local_kernels": ("org/kernel",)})
    _write(project, local, run=run())
    (board,) = _boards(project)
    assert board.lines[0].title == "Hub (local build)"
    assert "Hub (local build)" in bench("summary").stdout


def test_gpus_come_before_cpus_and_each_suite_has_its_board(project: Project) -> None:
    _write(project, Entry("a", "A", 100), run=run(day=0))
    _write(project, Entry("a", "A", 100), run=run(CPU, suite="cpu", day=1))
    assert [(board.device, board.suite) for board in _boards(project)] == [
        ("NVIDIA H200", "flux"),
        ("AMD EPYC 9B14", "cpu"),
    ]


def test_the_summary_without_data_says_what_to_do(bench: Bench) -> None:
    assert bench("summary").stdout == "no results yet: python -m bench all\n"
