"""A run file is written line by line, read whole or not at all, and never changed."""

import contextlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from bench_fixtures import ROOT, Bench
from hypothesis import example, given
from hypothesis import strategies as st
from records import Entry, write_run

from bench.check import schema_text
from bench.devices.discovery import device_folder
from bench.errors import BenchError
from bench.operations.discovery import dec_hook
from bench.project import Project
from bench.records.outcome import Ok, Outcome
from bench.records.run_lines import SCHEMA_VERSION, Environment, Record
from bench.records.runfile import read_data, read_run
from bench.records.runwriter import RunWriter

Break = Callable[[list[bytes]], bytes]


@pytest.fixture
def run_path(project: Project) -> Path:
    """A good file of one run with two implementations."""
    return write_run(project.root, [Entry("a", "A", 100), Entry("b", "B", 200)])


def _with(line: bytes, **changes: object) -> bytes:
    return json.dumps({**json.loads(line), **changes}).encode()


RESULT = 3
"""The line of the first result, behind the run's and a canary's."""

CRASHED_WITH_SAMPLES = {"status": "crashed", "reason": "x", "latency_us": []}


def _spoilt(lines: list[bytes], spoil: Callable[[bytes], bytes]) -> bytes:
    """The file up to its first result, which is not as it was written."""
    assert json.loads(lines[RESULT - 1])["type"] == "result"
    return b"\n".join([*lines[: RESULT - 1], spoil(lines[RESULT - 1]), b""])


BAD_FILES: dict[str, tuple[Break, int | None, str]] = {
    "a last line that is cut off": (lambda ls: b"\n".join(ls)[:-20], -1, "delete this line"),
    "a line that is not JSON": (
        lambda ls: b"\n".join([ls[0], b"{oops", *ls[2:], b""]),
        2,
        "not JSON",
    ),
    "an empty line": (lambda ls: b"\n".join([ls[0], b"", *ls[1:], b""]), 2, "not JSON"),
    "an unknown field": (
        lambda ls: b"\n".join([ls[0], _with(ls[1], speed=1), b""]),
        2,
        "unknown field `speed`",
    ),
    "an unknown status": (
        lambda ls: _spoilt(ls, lambda line: _with(line, outcome={"status": "fine"})),
        RESULT,
        "fine",
    ),
    "a field of another status": (
        lambda ls: _spoilt(ls, lambda line: _with(line, outcome=CRASHED_WITH_SAMPLES)),
        RESULT,
        "latency_us",
    ),
    "a sample of no time": (
        lambda ls: _spoilt(ls, lambda line: line.replace(b'_us":[', b'_us":[0.0,', 1)),
        RESULT,
        "> 0.0",
    ),
    "no samples": (
        lambda ls: _spoilt(ls, lambda line: re.sub(rb"us\":\[[0-9.,]+\]", b'us":[]', line)),
        RESULT,
        "latency_us",
    ),
    "a moment without a time zone": (
        lambda ls: b"\n".join([_with(ls[0], started="2026-01-01T00:00:00"), *ls[1:], b""]),
        1,
        "timezone",
    ),
    "a schema of no version": (
        lambda ls: b"\n".join([_with(ls[0], schema=0), *ls[1:], b""]),
        1,
        "schema",
    ),
    "a future schema": (
        lambda ls: b"\n".join([_with(ls[0], schema=SCHEMA_VERSION + 1, new="field"), ls[1], b""]),
        1,
        f"has schema {SCHEMA_VERSION + 1}, but this checkout reads up to {SCHEMA_VERSION}: update",
    ),
    "an empty file": (lambda _: b"", None, "is empty"),
    "a file of another encoding": (
        lambda ls: b"\n".join(ls).decode().encode("utf-16"),
        1,
        "not UTF-8",
    ),
    "a file in Latin-1": (
        lambda ls: b"\n".join([ls[0], _with(ls[1], title="x").replace(b'"x"', b'"\xe9"')]),
        2,
        "not UTF-8",
    ),
    "no run line": (lambda ls: b"\n".join([*ls[1:], b""]), 1, "without a run line"),
    "two run lines": (lambda ls: b"\n".join([*ls, ls[0], b""]), -1, "a second run line"),
    "another run's name": (
        lambda ls: b"\n".join([_with(ls[0], id="other"), *ls[1:], b""]),
        1,
        "rename it",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_told_with_file_line_and_advice_and_left_alone(
    name: str, run_path: Path, project: Project, command: Bench
) -> None:
    damage, line, advice = BAD_FILES[name]
    content = damage(run_path.read_bytes().splitlines())
    run_path.write_bytes(content)
    line = len(content.splitlines()) if line == -1 else line
    place = f"{project.relative(run_path)}{f':{line}' if line else ''}: "
    for word in ("check", "summary"):
        answer = command(word)
        assert answer.returncode == 1
        assert answer.stderr.startswith(f"error: {place}")
        assert advice in answer.stderr
        assert len(answer.stderr.splitlines()) == 1
    assert run_path.read_bytes() == content


def test_every_problem_of_every_file_is_told_at_once(run_path: Path, project: Project) -> None:
    lines = run_path.read_bytes().splitlines()
    run_path.write_bytes(b"\n".join([lines[0], b"{", lines[1], b"[", b""]))
    (project.data / "empty.jsonl").touch()
    with pytest.raises(BenchError) as caught:
        read_data(project)
    places = [(problem.path.name, problem.line) for problem in caught.value.problems]
    assert places == [("empty.jsonl", None), (run_path.name, 2), (run_path.name, 4)]


def test_what_is_written_is_what_is_read(run_path: Path) -> None:
    file = read_run(run_path)
    again = RunWriter(run_path.parents[1] / "again", file.run)
    with again:
        for record in file.records:
            again.append(record)
    assert again.path.read_bytes() == run_path.read_bytes()


def test_a_line_is_on_the_disk_before_the_writer_says_that_it_is_written(
    run_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk: list[bytes] = []
    wait = os.fsync

    def spy(file: int) -> None:
        wait(file)
        on_disk.append(writer.path.read_bytes())

    monkeypatch.setattr(os, "fsync", spy)
    file = read_run(run_path)
    with RunWriter(project.root / "again", file.run) as writer:
        for count, record in enumerate(file.records, 1):
            writer.append(record)
            assert len(on_disk) == count
            assert on_disk[-1] == writer.path.read_bytes()
            assert on_disk[-1].endswith(msgspec.json.encode(record) + b"\n")


def test_a_file_that_something_else_appends_to_during_a_run_is_not_trusted(
    run_path: Path, project: Project
) -> None:
    file = read_run(run_path)
    with RunWriter(project.root / "again", file.run) as writer:
        writer.append(file.records[0])
        with writer.path.open("ab") as other:
            other.write(msgspec.json.encode(file.records[1]) + b"\n")
        before = writer.path.read_bytes()
        with pytest.raises(BenchError) as caught:
            writer.append(file.records[1])
    (problem,) = caught.value.problems
    assert problem.path == writer.path
    assert problem.message == "was changed by something other than this run: do not trust it"
    assert writer.path.read_bytes() == before


def test_a_run_whose_file_is_deleted_ends_at_the_next_finding(
    run_path: Path, project: Project
) -> None:
    file = read_run(run_path)
    with RunWriter(project.root / "again", file.run) as writer:
        writer.append(file.records[0])
        writer.path.unlink()
        with pytest.raises(BenchError, match="do not trust it"):
            writer.append(file.records[1])


@pytest.mark.parametrize("change", ["appended to", "cut", "deleted"])
def test_a_run_does_not_go_on_with_a_file_that_is_not_as_it_was_read(
    change: str, run_path: Path, project: Project
) -> None:
    """Another run may have gone on with it between its reading and its first new line."""
    file = read_run(run_path)
    lines = run_path.read_bytes().splitlines(keepends=True)
    after = {"appended to": [*lines, lines[-1]], "cut": lines[:-1], "deleted": None}[change]
    run_path.write_bytes(b"".join(after)) if after else run_path.unlink()
    writer = RunWriter(project.data, file.run, resume=file)
    with pytest.raises(BenchError, match="do not trust it"), writer:
        writer.append(file.records[-1])
    assert run_path.exists() is bool(after)
    assert not after or run_path.read_bytes() == b"".join(after)


def test_a_run_without_results_leaves_no_file(run_path: Path, project: Project) -> None:
    with RunWriter(project.root / "none", read_run(run_path).run) as writer:
        assert not writer.written
    assert not list((project.root / "none").rglob("*"))


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_measured(
    run_path: Path, project: Project
) -> None:
    (project.root / "file").touch()
    writer = RunWriter(project.root / "file" / "below", read_run(run_path).run)
    with (
        pytest.raises(BenchError, match=r"file/below: .*reports: Not a directory"),
        writer,
    ):
        pass


def test_what_is_no_file_is_told(project: Project) -> None:
    (project.data / "folder.jsonl").mkdir()
    with pytest.raises(BenchError, match=r"data/folder.jsonl: the operating system reports"):
        read_data(project)


def test_a_second_run_within_a_second_gets_a_file_of_its_own(run_path: Path) -> None:
    file = read_run(run_path)
    before = run_path.read_bytes()
    with RunWriter(run_path.parent, file.run) as writer:
        writer.append(file.results[0])
    assert run_path.read_bytes() == before
    assert writer.path != run_path
    assert read_run(writer.path).run.id == f"{file.run.id}-2"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda one: (
        st.lists(one, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "schema", "id", "outcome", "x"]), one)
    ),
    max_leaves=9,
)
GOOD = [
    path.read_bytes().splitlines()[number]
    for path in sorted(ROOT.glob("data/*/*.jsonl"))[:2]
    for number in (0, 1, 2)
]
"""Run lines, and what follows them."""

LINES = st.one_of(
    st.sampled_from(GOOD),
    st.tuples(st.sampled_from(GOOD), st.integers(1, 9999)).map(lambda cut: cut[0][: cut[1]]),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=40),
)
DEEP = b'{"schema":1,"x":' + b"[" * 5000


@given(st.lists(LINES, max_size=5), st.booleans())
@example([b'{"schema":"of the year"}'], True)
@example([GOOD[1], GOOD[2]], True)
@example([GOOD[0], b"\xff"], True)
@example([GOOD[0], DEEP], True)
def test_no_bytes_whatever_make_the_reader_raise_anything_but_problems(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], ended: bool
) -> None:
    """Lines as they are written, cut anywhere, of any JSON, and of no form at all."""
    path = tmp_path_factory.getbasetemp() / "run.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n" * ended)
    with contextlib.suppress(BenchError):
        read_run(path)


def test_the_schema_file_is_the_one_the_types_give() -> None:
    assert (ROOT / "data" / "schema.json").read_text(encoding="utf-8") == schema_text(), (
        "run: python -m bench schema"
    )


def test_every_kind_of_line_in_the_committed_runs_follows_the_published_schema() -> None:
    schema = jsonschema.Draft202012Validator(json.loads(schema_text()))
    for path in (ROOT / "data").rglob("*.jsonl"):
        records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        for record in {_kind(record): record for record in records}.values():
            schema.validate(record)


def _kind(record: dict[str, Any]) -> tuple[str, ...]:
    """Lines with the same names for the same things are of one kind."""
    outcome = record.get("outcome", {})
    return record["type"], outcome.get("status", ""), *sorted(record), *sorted(outcome)


def test_a_status_decides_which_fields_an_outcome_has() -> None:
    for outcome in Outcome.__args__:
        fields = set(outcome.__struct_fields__)
        assert ("latency_us" in fields) == (outcome is Ok)
        assert ("reason" in fields) == (outcome is not Ok)


@pytest.mark.parametrize(
    ("device", "name", "folder"),
    [
        ("cuda", "NVIDIA H200", "nvidia-h200"),
        ("cuda", "A100-SXM4-40GB", "a100-sxm4-40gb"),
        ("cuda", "AMD Radeon PRO", "amd-radeon-pro"),
        ("cuda", "../../etc", "etc"),
        ("cuda", "Exceptional X (TM)", "exceptional-x-tm"),
        ("cuda", "超级计算", "gpu"),
        ("cpu", "NVIDIA Grace", "cpu"),
    ],
)
def test_a_run_lies_in_its_devices_folder(device: str, name: str, folder: str) -> None:
    environment = Environment(device=device, name=name, python="3", torch="2", os="Linux")
    assert device_folder(environment) == folder


def test_a_run_in_two_files_is_told(run_path: Path, project: Project) -> None:
    copy = project.data / "copy" / run_path.name
    copy.parent.mkdir()
    copy.write_bytes(run_path.read_bytes())
    with pytest.raises(BenchError) as caught:
        read_data(project)
    (problem,) = caught.value.problems
    assert problem.message.startswith("holds the same run as data/copy/")
    assert (problem.path, problem.line) == (project.relative(run_path), 1)


def test_records_decode_to_their_types(run_path: Path) -> None:
    for line in run_path.read_bytes().splitlines():
        record = msgspec.json.decode(line, type=Record, dec_hook=dec_hook)
        assert msgspec.json.encode(record) == line
