"""What is written is whole, or what was there before: a write may take a part only."""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bench_fixtures import Bench, WritePage, bench_environment
from records import Entry, write_run
from selftests import selftest

from bench.check import write_schema
from bench.errors import BenchError
from bench.pages.template import write_page as write_new_page
from bench.project import Project
from bench.records.runfile import read_run
from bench.records.runwriter import RunWriter
from bench.selftest.selftest import write as write_selftest
from hooks.report.reading.cache import Cache


@contextlib.contextmanager
def _longest_file(size: int) -> Iterator[None]:
    """Let no file of this process grow over `size` bytes: the system takes that much of a write."""
    _, hard = before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def run_path(project: Project) -> Path:
    """A good file of one run."""
    return write_run(project.root, [Entry("a", "A", 100)])


def test_a_cache_that_has_no_room_keeps_nothing_and_names_the_file(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    with _longest_file(100), pytest.raises(BenchError) as caught:
        cache.path(".csv", [b"inputs"], lambda: {".csv": b"x" * 101})
    (problem,) = caught.value.problems
    assert problem.message == "the operating system reports: File too large"
    assert list(cache.folder.iterdir()) == []
    assert cache.get(".csv", [b"inputs"], lambda: b"x" * 101) == b"x" * 101


@pytest.mark.parametrize("room", [0, 1, 100])
def test_a_line_that_does_not_fit_is_not_in_the_file_and_can_be_written_later(
    room: int, run_path: Path, project: Project
) -> None:
    file = read_run(run_path)
    with RunWriter(project.root / "again", file.run) as writer:
        writer.append(file.records[0])
        before = writer.path.read_bytes()
        with _longest_file(len(before) + room), pytest.raises(BenchError) as caught:
            writer.append(file.records[1])
        assert writer.path.read_bytes() == before
        (problem,) = caught.value.problems
        assert problem.path == writer.path
        assert problem.message == (
            f"the operating system reports: File too large: fix that, then continue with --resume "
            f"{file.run.id}"
        )
        for record in file.records[1:]:
            writer.append(record)
    assert writer.path.read_bytes() == run_path.read_bytes()


def test_a_run_whose_first_finding_does_not_fit_leaves_no_file(
    run_path: Path, project: Project
) -> None:
    file = read_run(run_path)
    for size in (100, run_path.read_bytes().index(b"\n") + 100):  # within the run line, after it
        writer = RunWriter(project.root / "none", file.run)
        with _longest_file(size), pytest.raises(BenchError, match="File too large"), writer:
            writer.append(file.records[0])
        assert not list((project.root / "none").rglob("*"))


WRITERS: dict[str, Callable[[Project], object]] = {
    "a selftest": lambda project: write_selftest(selftest(), project.data),
    "the schema": write_schema,
    "a new page": lambda project: write_new_page("mine", project),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_that_does_not_fit_is_not_there_and_what_was_there_has_not_changed(
    name: str, project: Project
) -> None:
    (project.data / "schema.json").write_text("the schema before")
    (project.data / "nvidia-h200").mkdir()

    def content() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}

    before = content()
    with _longest_file(100), pytest.raises(BenchError, match="File too large"):
        WRITERS[name](project)
    assert content() == before
    WRITERS[name](project)
    assert content() != before


@pytest.mark.parametrize("name", WRITERS)
def test_a_folder_that_is_none_is_one_problem(name: str, project: Project) -> None:
    for folder in (project.data, project.pages):
        folder.rmdir()
        folder.touch()
    with pytest.raises(BenchError) as caught:
        WRITERS[name](project)
    assert len(caught.value.problems) == 1


@pytest.mark.slow
def test_a_run_that_has_no_room_for_a_finding_ends_and_goes_on_later(
    project: Project, write_page: WritePage, command: Bench
) -> None:
    write_page()
    run = subprocess.Popen(
        [sys.executable, "-m", "bench", "all", "--device", "cpu"],
        cwd=project.root,
        env=bench_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    path = _file_with_lines(project, 8)  # a round and its examinations: memory for all is there
    run.send_signal(signal.SIGSTOP)
    before = path.read_bytes()
    limit = len(before) + 100
    resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    run.send_signal(signal.SIGCONT)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 1
    assert said.splitlines()[-1] == (
        f"error: {path}: the operating system reports: File too large: fix that, then continue "
        f"with --resume {path.stem}"
    )
    assert path.read_bytes() == before
    for word in ("check", "summary"):
        assert command(word).returncode == 0
    assert command("all", "--device", "cpu", "--resume", path.stem).returncode == 0
    assert path.read_bytes().startswith(before)
    assert len(read_run(path).results) == 9


def _file_with_lines(project: Project, count: int) -> Path:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for path in project.data.rglob("*.jsonl"):
            if path.read_bytes().count(b"\n") >= count:
                return path
        time.sleep(0.01)
    raise TimeoutError(os.fspath(project.data))
