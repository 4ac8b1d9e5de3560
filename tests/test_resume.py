"""A run that is stopped loses at most what was in flight, and repeats nothing when it goes on."""

import json
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bench_fixtures import Bench, WritePage, bench_environment
from records import Entry, retire, write_run

from bench.errors import BenchError
from bench.project import Project
from bench.records.runfile import read_run
from bench.runner.resume import find_run

MARK = "BENCH_TEST_RUN"
KILLS = 4
STEPS = 3 * (1 + 3)
"""Three workloads: an examination and three rounds of each."""


class Stopper:
    """Starts runs and stops them at random moments."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._mark = uuid.uuid4().hex
        self._chance = random.Random(11)

    @property
    def file(self) -> Path | None:
        return next(self._project.data.rglob("*.jsonl"), None)

    @property
    def whole_lines(self) -> list[bytes]:
        content = self.file.read_bytes() if self.file else b""
        return content[: content.rfind(b"\n") + 1].splitlines()

    def stop_one(self, how: signal.Signals) -> int:
        """Begin or go on, wait for a while, stop; the exit code."""
        words = ["all", "--device", "cpu"]
        if self.file:
            words += ["--resume", self.file.stem]
        run = subprocess.Popen(
            [sys.executable, "-m", "bench", *words],
            cwd=self._project.root,
            env=bench_environment() | {MARK: self._mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        time.sleep(self._chance.uniform(0.5, 4))
        run.send_signal(how)
        output, _ = run.communicate(timeout=60)
        assert b"Traceback" not in output, output.decode()
        return run.returncode

    def left_alive(self) -> list[str]:
        """What still runs of the runs that were stopped."""
        return list(_carrying(f"{MARK}={self._mark}".encode()))


def _carrying(entry: bytes) -> Iterator[str]:
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if entry in environ.read_bytes().split(b"\0"):
                yield environ.with_name("cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue


def _name(record: dict[str, Any]) -> tuple[str, str, str, int]:
    workload = json.dumps(record["workload"], sort_keys=True)
    return record["type"], record["implementation"], workload, record.get("round", 0)


def test_a_file_that_ends_at_any_byte_keeps_its_whole_lines_and_lacks_what_was_in_flight(
    project: Project,
) -> None:
    path = write_run(project.root, [Entry("a", "A", 100)], samples=2)
    whole = path.read_bytes()
    *_, before, last = (number for number, line in enumerate(whole) if line == ord("\n"))
    records = read_run(path).records
    for cut in range(before - 2, last + 2):
        path.write_bytes(whole[:cut])
        file = find_run(path.stem, project.data, project)
        kept = len(whole[:cut].splitlines()) - (not whole[:cut].endswith(b"\n"))
        assert path.read_bytes() == b"".join(whole.splitlines(keepends=True)[:kept])
        assert file.records == records[: kept - 1]


def test_a_run_is_found_by_its_name_or_its_path_and_else_the_closest_is_named(
    project: Project,
) -> None:
    path = write_run(project.root, [Entry("a", "A", 100)], samples=2)
    named, pointed = (find_run(name, project.data, project) for name in (path.stem, str(path)))
    assert named.run == pointed.run
    with pytest.raises(BenchError) as caught:
        find_run(f"{path.stem}x", project.data, project)
    assert str(caught.value).startswith(
        f"no run is called '{path.stem}x': did you mean '{path.stem}'?"
    )


def test_a_run_that_cannot_be_read_is_told_with_its_file_and_line_from_the_root(
    project: Project,
) -> None:
    path = write_run(project.root, [Entry("a", "A", 100)], samples=2)
    first, second, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([first, b"{oops\n", second, *rest]))
    with pytest.raises(BenchError) as caught:
        find_run(path.stem, project.data, project)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == (path.relative_to(project.root), 2)
    assert "not JSON" in problem.message
    path.unlink()
    path.symlink_to("nowhere")
    with pytest.raises(BenchError, match=f"{path.stem}.jsonl: .*No such file") as caught:
        find_run(path.stem, project.data, project)


def test_a_run_of_an_operation_that_was_removed_cannot_be_continued(
    project: Project, write_page: WritePage, command: Bench
) -> None:
    write_page(name="a")
    path = retire(write_run(project.root, [Entry("b", "B", 100)], samples=2))
    answer = command("all", "--device", "cpu", "--resume", path.stem)
    assert answer.returncode == 1
    assert answer.stderr == f"error: run {path.stem} measured old_conv, which no longer exists\n"


@pytest.mark.slow
def test_a_run_killed_at_random_moments_loses_nothing_and_repeats_nothing(
    project: Project, write_page: WritePage, command: Bench
) -> None:
    write_page(name="one")
    stopper = Stopper(project)
    kept: list[bytes] = []
    for number in range(KILLS):
        how = signal.SIGKILL if number % 2 else signal.SIGINT
        code = stopper.stop_one(how)
        assert code in (0, 130, -how), code
        lines = stopper.whole_lines
        assert lines[: len(kept)] == kept, "a line that was on disk is gone or was changed"
        kept = lines
        deadline = time.monotonic() + 20
        while (alive := stopper.left_alive()) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not alive
    words = ["--resume", stopper.file.stem] if stopper.file else []
    done = command("all", "--device", "cpu", *words)
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in stopper.whole_lines[1:]]
    names = [_name(record) for record in records if record["type"] != "canary"]
    assert len(names) == len(set(names)) == STEPS
    assert len(list(project.data.rglob("*.jsonl"))) == 1
    assert command("check").returncode == 0


def _stopped_run(project: Project, command: Bench) -> Path:
    """A run that ended after half of its findings, in the middle of a line."""
    assert command("all", "--device", "cpu", "--rounds", "1").returncode == 0
    (path,) = project.data.rglob("*.jsonl")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    assert not path.read_bytes().endswith(b"\n")
    return path


@pytest.mark.slow
def test_a_run_goes_on_only_where_it_would_be_the_same(
    project: Project, write_page: WritePage, command: Bench
) -> None:
    page = write_page(name="one")
    path = _stopped_run(project, command)
    before = path.read_bytes()

    text = page.path.read_text(encoding="utf-8")
    page.path.write_text(text.replace("def attention", "\ndef attention"), encoding="utf-8")
    refused = command("all", "--device", "cpu", "--resume", path.stem)
    assert refused.returncode == 1
    assert "measured a different version of docs/impls/one.md" in refused.stderr
    page.path.write_text(text, encoding="utf-8")

    refused = command("all", "--device", "cpu", "--resume", path.stem, "--rounds", "5")
    assert "leave out --suite, --workload and --rounds" in refused.stderr
    refused = command("all", "--device", "cpu", "--resume", path.stem + "x")
    assert f"did you mean {path.stem!r}" in refused.stderr

    head, rest = before.split(b"\n", 1)
    path.write_bytes(head.replace(b'"torch":"', b'"torch":"0') + b"\n" + rest)
    refused = command("all", "--device", "cpu", "--resume", path.stem)
    assert refused.returncode == 1
    assert "cannot be continued here (torch: 0" in refused.stderr

    path.write_bytes(before)
    assert command("all", "--device", "cpu", "--resume", str(path)).returncode == 0
    assert path.read_bytes().startswith(before[: before.rfind(b"\n") + 1])
    again = path.read_bytes()
    assert command("all", "--device", "cpu", "--resume", path.stem).returncode == 0
    assert path.read_bytes() == again, "a run that is complete has nothing to go on with"
