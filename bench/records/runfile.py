"""Reads run files, `data/<device>/<run>.jsonl`: whole or not at all, and reports every problem."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from bench.errors import BenchError, Problem, unreadable
from bench.files import files
from bench.operations.discovery import dec_hook
from bench.project import Project
from bench.records.run_lines import SCHEMA_VERSION, Canary, Examination, Record, Result, Run

Value = TypeVar("Value")

_DECODER: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record, dec_hook=dec_hook)

_UNDECODABLE = (msgspec.MsgspecError, RecursionError)
"""Errors that msgspec raises for a line: the second, if brackets are nested thousands deep."""


@dataclass(frozen=True)
class RunFile:
    """One run, as read from its file."""

    path: Path
    size: int
    """Size of the file in bytes when it was read; a resumed run refuses any other size."""
    sha256: str
    """Hash of those bytes, in hexadecimal."""
    run: Run
    records: tuple[Examination | Result | Canary, ...]
    """The records after the run line, in the order of the file."""

    @property
    def results(self) -> tuple[Result, ...]:
        """The results of the rounds."""
        return tuple(record for record in self.records if isinstance(record, Result))


class _Version(msgspec.Struct):
    schema: int = SCHEMA_VERSION


def read_data(project: Project) -> tuple[RunFile, ...]:
    """Every run in `data/`, oldest first; runs of the same second in the order of their ids.

    Raises:
        BenchError: with every problem of every file.
    """
    runs, problems = read_each(project, read_run)
    problems += refuse_twice(((file.run.id, file.path) for file in runs), project)
    if problems:
        raise BenchError(*problems)
    return tuple(sorted(runs, key=lambda file: (file.run.started, file.run.id)))


def read_each(project: Project, read: Callable[[Path], Value]) -> tuple[list[Value], list[Problem]]:
    """The value that `read` returns for each run file in `data/`, and every problem it raises."""
    values: list[Value] = []
    problems: list[Problem] = []
    for path in files(project.data, ".jsonl"):
        try:
            values.append(read(path))
        except BenchError as error:
            problems += [
                Problem(p.message, project.relative(p.path or path), p.line) for p in error.problems
            ]
    return values, problems


def refuse_twice(runs: Iterable[tuple[str, Path]], project: Project) -> list[Problem]:
    """A problem for each file that contains the same run (by its id) as another file.

    The results of such a run would count twice.
    """
    first: dict[str, Path] = {}
    return [
        Problem(
            f"holds the same run as {project.relative(first[name])}: delete one of them",
            project.relative(path),
            1,
        )
        for name, path in runs
        if first.setdefault(name, path) != path
    ]


def read_run(path: Path) -> RunFile:
    """The run in the file at `path`.

    Raises:
        BenchError: with every problem of the file, each with its line.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BenchError(unreadable(path, error)) from None
    records, problems = _decode_lines(path, content)
    if not problems:
        problems = _order_problems(path, records)
    if problems:
        raise BenchError(*problems)
    return RunFile(
        path,
        len(content),
        hashlib.sha256(content).hexdigest(),
        next(record for record in records if isinstance(record, Run)),
        tuple(record for record in records if not isinstance(record, Run)),
    )


def _decode_lines(path: Path, content: bytes) -> tuple[list[Record], list[Problem]]:
    if not content.strip():
        return [], [Problem("is empty because no run was recorded: delete it", path)]
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        place = content.count(b"\n", 0, error.start) + 1
        return [], [Problem("is not UTF-8: restore the file as it was written", path, place)]
    lines = content.split(b"\n")
    complete = lines.pop() == b""
    lines = lines if complete else content.split(b"\n")
    records: list[Record] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        try:
            records.append(_decode(line))
        except _UNDECODABLE as error:
            cut = number == len(lines) and not complete
            problems.append(Problem(_advice(line, error, cut=cut), path, number))
            if number == 1 and not cut and _newer(line):
                break
    return records, problems


def _decode(line: bytes) -> Record:
    if _newer(line):
        raise msgspec.ValidationError("schema")
    return _DECODER.decode(line)


def _newer(line: bytes) -> bool:
    """Whether the line states a later schema than this code knows."""
    if b'"schema"' not in line:
        return False
    try:
        return msgspec.json.decode(line, type=_Version).schema > SCHEMA_VERSION
    except _UNDECODABLE:
        return False


def _advice(line: bytes, error: Exception, *, cut: bool) -> str:
    if cut:
        return "the last line is cut off (a run was stopped while writing it): delete this line"
    if _newer(line):
        version = msgspec.json.decode(line, type=_Version).schema
        return f"has schema {version}, but this checkout reads up to {SCHEMA_VERSION}: update it"
    if isinstance(error, msgspec.ValidationError):
        return f"{error}: restore the line as the run wrote it"
    return f"is not JSON ({error}): restore the line as the run wrote it"


def _order_problems(path: Path, records: list[Record]) -> list[Problem]:
    problems = []
    if not isinstance(records[0], Run):
        problems.append(Problem("begins without a run line: restore its first line", path, 1))
    for number, record in enumerate(records[1:], 2):
        if isinstance(record, Run):
            message = "a second run line: a file holds one run, so move this one to its own file"
            problems.append(Problem(message, path, number))
    if isinstance(records[0], Run) and records[0].id != path.stem:
        message = f"is called {path.stem} but holds run {records[0].id}: rename it"
        problems.append(Problem(message, path, 1))
    return problems
