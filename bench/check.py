"""Validates the pages that people write and the files that runs and selftests write."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from bench import files
from bench.errors import BenchError, Problem
from bench.pages.implementation import Implementation, load_implementations
from bench.project import Project
from bench.records.record import json_schema
from bench.records.runfile import read_data
from bench.selftest.fitness import SelfTest
from bench.selftest.fitness_files import read_selftests

Value = TypeVar("Value")
Run = TypeVar("Run")


@dataclass(frozen=True)
class Content(Generic[Run]):
    """Everything in the project: the pages that people wrote, and the measurements."""

    implementations: tuple[Implementation, ...]
    runs: tuple[Run, ...]
    selftests: tuple[SelfTest, ...]


def check_project(project: Project) -> str:
    """Read every page and every data file; return a line that says how many there are.

    Raises:
        BenchError: with every problem of every page and file.
    """
    content = read_project(project, read_data)
    pages, runs, tests = map(len, (content.implementations, content.runs, content.selftests))
    return f"no problems in {pages} pages, {runs} run files and {tests} selftest files"


def read_project(project: Project, read_runs: Callable[[Project], tuple[Run, ...]]) -> Content[Run]:
    """Every page, every run as `read_runs` reads it, and every selftest.

    Raises:
        BenchError: with every problem of every page and file.
    """
    problems: list[Problem] = []

    def read(reader: Callable[[Project], tuple[Value, ...]]) -> tuple[Value, ...]:
        try:
            return reader(project)
        except BenchError as error:
            problems.extend(error.problems)
            return ()

    content = Content(read(load_implementations), read(read_runs), read(read_selftests))
    if problems:
        raise BenchError(*dict.fromkeys(problems))  # several readers may report the same folder
    return content


@cache
def schema_text() -> str:
    """The text that data/schema.json must contain."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def write_schema(project: Project) -> Path:
    """Write data/schema.json from the record types.

    Raises:
        BenchError: the system refuses to write it.
    """
    path = project.data / "schema.json"
    files.write(path, schema_text().encode(), shown=project.relative(path))
    return path
