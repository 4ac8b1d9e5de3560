"""What a selftest found beside its goals, and how its files are read."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from records import CPU, H200
from selftests import CHEAT, CRASH, HONEST, PAIR, selftest, write_selftest

from bench.check import check_project
from bench.cli.output import show_selftest
from bench.errors import BenchError
from bench.project import Project
from bench.selftest.fitness import (
    SELFTEST_SCHEMA,
    ClockPair,
    SameKernel,
    Trial,
    figures,
    is_fit,
)
from bench.selftest.fitness_files import decode, read_selftests


def _missed(**found: Any) -> list[str]:
    """The names of the figures that miss their goals, shortened to their first two words."""
    missed = [figure for figure in figures(selftest(**found)) if not figure.met]
    return [" ".join(figure.name.split()[:2]) for figure in missed]


def _pair(ours: float, theirs: float) -> ClockPair:
    return ClockPair(title="SDPA", workload="w", ours_us=(ours,) * 3, theirs_us=(theirs,) * 3)


def test_a_harness_that_reaches_every_goal_is_fit() -> None:
    assert _missed() == []
    assert is_fit(selftest())


def test_on_a_cpu_no_other_clock_is_asked_for() -> None:
    assert is_fit(selftest(CPU, nvbench=(), cupti=()))


@pytest.mark.parametrize(
    ("different", "pairs", "met"), [(2, 216, True), (3, 216, False), (0, 0, False)]
)
def test_one_pair_in_a_hundred_may_differ_falsely(different: int, pairs: int, met: bool) -> None:
    same = SameKernel(names=9, pairs=pairs, different=different)
    assert (_missed(same=same) == []) is met


@pytest.mark.parametrize(
    ("wanted", "status", "met"),
    [
        ("incorrect", "incorrect", True),
        ("incorrect", "error", False),
        ("incorrect", "ok", False),
        ("not ok", "crashed", True),
        ("not ok", "ok", False),
        ("ok", "ok", True),
        ("out_of_memory", "crashed", False),
    ],
)
def test_a_trial_is_met_by_the_status_that_it_asks_for(wanted: str, status: str, met: bool) -> None:
    trial = Trial(title="t", intent="i", wanted=wanted, status=status)
    assert trial.met is met
    assert (_missed(cheats=(CHEAT, trial)) == []) is met


@pytest.mark.parametrize(
    ("wanted", "reason", "met"),
    [
        ("incorrect", "relative error 1 is over 0.01 (before timing)", True),
        ("incorrect", "relative error 1 is over 0.01 (in a burst)", False),
        ("incorrect", None, False),
        ("not ok", "relative error 1 is over 0.01 (before timing)", True),
        ("not ok", "3 µs is faster than this device can be", False),
        ("crashed", "relative error 1 is over 0.01 (before timing)", False),
    ],
)
def test_a_trial_that_has_to_say_something_is_met_by_its_status_and_its_words(
    wanted: str, reason: str | None, met: bool
) -> None:
    says = "relative error .*before timing"
    trial = Trial(
        title="t", intent="i", wanted=wanted, status="incorrect", reason=reason, says=says
    )
    assert trial.met is met
    assert trial.goal == f"{wanted}: {says}"
    assert decode(msgspec.json.encode(selftest(cheats=(trial,)))).cheats == (trial,)


def test_a_trial_of_an_older_record_has_no_words_and_is_met_by_its_status() -> None:
    trial = Trial(title="t", intent="i", wanted="incorrect", status="incorrect", reason="any")
    assert trial.met
    assert trial.goal == "incorrect"


@pytest.mark.parametrize("kind", ["cheats", "crashes", "honest"])
def test_nothing_tried_is_no_success(kind: str) -> None:
    assert len(_missed(**{kind: ()})) == 1


@pytest.mark.parametrize(
    ("kind", "pair", "met"),
    [
        ("nvbench", _pair(100.9, 100.0), True),
        ("nvbench", _pair(98.9, 100.0), False),
        ("nvbench", _pair(20.0, 14.9), False),  # too short to count, so that none is left
        ("cupti", _pair(1019.0, 1000.0), True),
        ("cupti", _pair(1021.0, 1000.0), False),
        ("cupti", _pair(979.0, 1000.0), False),
        ("cupti", _pair(64.9, 60.0), True),  # what the events themselves cost
        ("cupti", _pair(65.1, 60.0), False),
        ("cupti", _pair(50.0, 49.0), False),
    ],
)
def test_clocks_are_compared_where_calls_are_long_enough(
    kind: str, pair: ClockPair, met: bool
) -> None:
    assert (_missed(**{kind: (pair,)}) == []) is met


def test_the_worst_pair_counts_and_a_short_one_does_not() -> None:
    pairs = (PAIR, _pair(101.5, 100.0), _pair(20.0, 10.0))
    (figure,) = [one for one in figures(selftest(nvbench=pairs)) if "NVBench" in one.name]
    assert figure.value.startswith("1.50 % at most;")
    assert not figure.met
    assert "2 cases" in figure.name


def test_a_difference_is_told_in_microseconds_too_so_that_one_that_is_constant_shows() -> None:
    pairs = (_pair(62.5, 60.0), _pair(602.5, 600.0), _pair(303.0, 300.0))
    assert _cupti(pairs) == "none over 5 µs; +2.5 to +3.0 µs, median +2.5"
    assert _cupti((*pairs, _pair(606.0, 600.0))).startswith("1.00 % at most in the 1 over 5 µs; ")


def _cupti(pairs: tuple[ClockPair, ...]) -> str:
    (figure,) = [one for one in figures(selftest(cupti=pairs)) if "CUPTI" in one.name]
    return figure.value


def test_selftests_are_read_oldest_first_from_every_device(project: Project) -> None:
    for day, environment in ((2, H200), (0, CPU), (1, H200)):
        write_selftest(project.root, selftest(environment, day=day))
    (project.data / "schema.json").write_text("{}", encoding="utf-8")
    tests = read_selftests(project)
    assert [test.environment.device for test in tests] == ["cpu", "cuda", "cuda"]
    assert [test.started for test in tests] == sorted(test.started for test in tests)


@pytest.mark.parametrize(
    ("kind", "trial"), [("cheats", CHEAT), ("crashes", CRASH), ("honest", HONEST)]
)
def test_every_kernel_that_did_not_end_as_required_is_told_with_how_it_ended(
    kind: str, trial: Trial, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = msgspec.structs.replace(trial, status="unsupported", reason="no such backend")
    show_selftest(selftest(**{kind: (ended,)}))
    line = f"{trial.title}: should end as {trial.wanted}; ended as unsupported: no such backend"
    assert line in capsys.readouterr().out.splitlines()


def test_without_selftests_there_are_none(project: Project) -> None:
    assert read_selftests(project) == ()


def _problem(project: Project, path: Path) -> str:
    with pytest.raises(BenchError) as caught:
        read_selftests(project)
    (problem,) = caught.value.problems
    assert problem.path == project.relative(path)
    return problem.message


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[]", "restore the file"),
        (b'{"schema": 1}', "missing required field"),
    ],
)
def test_a_broken_file_is_named_with_what_to_do(
    content: bytes, told: str, project: Project
) -> None:
    path = write_selftest(project.root, selftest())
    path.write_bytes(content)
    message = _problem(project, path)
    assert told in message
    assert message.endswith("restore the file as the selftest wrote it")


def test_an_unknown_field_is_refused(project: Project) -> None:
    path = write_selftest(project.root, selftest())
    values = msgspec.json.decode(path.read_bytes()) | {"host": "mine"}
    path.write_bytes(msgspec.json.encode(values))
    assert "unknown field `host`" in _problem(project, path)


def test_a_later_schema_is_refused_by_name(project: Project) -> None:
    path = write_selftest(project.root, selftest())
    values = msgspec.json.decode(path.read_bytes())
    values |= {"schema": SELFTEST_SCHEMA + 1, "something": "new"}
    path.write_bytes(msgspec.json.encode(values))
    told = f"has schema {SELFTEST_SCHEMA + 1}, but this checkout reads up to {SELFTEST_SCHEMA}"
    assert told in _problem(project, path)


def test_a_file_under_another_name_is_told(project: Project) -> None:
    path = write_selftest(project.root, selftest())
    renamed = path.rename(path.with_name("mine.json"))
    assert "rename it" in _problem(project, renamed)


def test_a_file_in_another_device_s_folder_is_told(project: Project) -> None:
    path = write_selftest(project.root, selftest(H200))
    moved = project.data / "cpu" / path.name
    moved.parent.mkdir(exist_ok=True)
    path.rename(moved)
    assert "move it to data/nvidia-h200/" in _problem(project, moved)


def test_a_broken_selftest_is_found_with_all_other_problems(project: Project) -> None:
    write_selftest(project.root, selftest(H200)).write_bytes(b"{")
    (project.data / "cpu").mkdir(exist_ok=True)
    (project.data / "cpu" / "run.jsonl").write_bytes(b"{\n")
    with pytest.raises(BenchError) as caught:
        check_project(project)
    assert {problem.path and problem.path.suffix for problem in caught.value.problems} == {
        ".json",
        ".jsonl",
    }


def test_every_broken_file_is_told_at_once(project: Project) -> None:
    for day in (0, 1):
        write_selftest(project.root, selftest(day=day)).write_bytes(b"{")
    with pytest.raises(BenchError) as caught:
        read_selftests(project)
    assert len(caught.value.problems) == 2
