"""What complete runs show of the harness: how far a latency moves, and how time was spent."""

from pathlib import Path

import pytest
from records import CPU, Entry, run, summaries, write_run

from bench.project import Project
from bench.records.outcome import Unavailable
from bench.records.runfile import read_data
from bench.selftest.fitness import Figure
from bench.selftest.fitness_runs import run_figures


def _figures(project: Project) -> list[Figure]:
    return list(run_figures(summaries(project)))


def _write(root: Path, *latencies: float) -> None:
    for day, us in enumerate(latencies):
        write_run(root, [Entry("a", "A", us, noise=0.0)], run=run(day=day))


def test_without_a_complete_run_nothing_is_told(project: Project) -> None:
    assert _figures(project) == []


def test_a_run_that_lacks_a_case_is_not_complete(project: Project) -> None:
    path = write_run(project.root, [Entry("a", "A", 100), Entry("b", "B", 100)])
    lines = path.read_text().splitlines()
    path.write_text(
        "\n".join(x for x in lines if not ('"b"' in x and '"seqlen_q":4608' in x)) + "\n"
    )
    assert _figures(project) == []


def test_a_run_that_was_stopped_in_its_second_round_is_not_complete(project: Project) -> None:
    path = write_run(project.root, [Entry("a", "A", 100), Entry("b", "B", 100)])
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line for line in lines if '"round":3' not in line) + "\n")
    assert _figures(project) == []


def test_a_line_that_could_not_run_leaves_a_run_complete(project: Project) -> None:
    none = Entry("b", "B", outcome=Unavailable(reason="no package"))
    write_run(project.root, [Entry("a", "A", 100), none])
    assert len(_figures(project)) == 3


@pytest.mark.parametrize(
    ("latencies", "told", "met"),
    [
        ([100], "not measured", False),
        ([100, 101], "1.00 % at most, A at", False),  # not five of them yet
        ([100, 101, 100, 100, 101], "1.00 % at most, A at", True),
        ([100, 102, 100, 100, 100], "2.00 % at most, A at", False),
        ([150, 100, 100, 100, 100, 100], "0.00 % at most, A at", True),  # the newest five count
    ],
)
def test_a_latency_may_move_so_far_over_five_runs(
    latencies: list[float], told: str, met: bool, project: Project
) -> None:
    _write(project.root, *latencies)
    spread, _, _ = _figures(project)
    assert spread.value.startswith(told)
    assert spread.met is met


def test_a_run_on_another_device_is_not_compared(project: Project) -> None:
    _write(project.root, 100, 101)
    write_run(project.root, [Entry("a", "A", 900)], run=run(CPU, suite="cpu", day=9))
    assert _figures(project)[0].value == "not measured"


def test_each_suite_has_its_own_figures_the_newest_first(project: Project) -> None:
    _write(project.root, 100, 101)
    write_run(project.root, [Entry("a", "A", 900)], run=run(suite="cpu", day=9))
    spreads = _figures(project)[::3]
    assert [figure.value[:6] for figure in spreads] == ["not me", "1.00 %"]
    assert ["of cpu" in spreads[0].name, "of flux" in spreads[1].name] == [True, True]


def test_the_time_of_the_newest_run_is_told(project: Project) -> None:
    _write(project.root, 100, 101)
    newest = read_data(project)[-1]
    _, wall, busy = _figures(project)
    assert newest.run.id in wall.name
    assert newest.run.id in busy.name
    seconds = (max(one.finished for one in newest.records) - newest.run.started).total_seconds()
    assert wall.value == f"{seconds:.0f} s"
