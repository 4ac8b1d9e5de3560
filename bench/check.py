"""Validates the pages that people write and the files that runs and selftests write."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from bench import files
from bench.errors import read_all
from bench.pages.implementation import Implementation, load_implementations
from bench.pages.suites import Suite, load_suites
from bench.project import Project
from bench.records.run_lines import json_schema
from bench.records.runfile import read_data
from bench.selftest.fitness import SelfTest
from bench.selftest.fitness_files import read_selftests

Run = TypeVar("Run")


@dataclass(frozen=True)
class Content(Generic[Run]):
    """Everything in the project: the pages that people wrote, and the measurements."""

    implementations: tuple[Implementation, ...]
    suites: tuple[Suite, ...]
    runs: tuple[Run, ...]
    selftests: tuple[SelfTest, ...]


def check_project(project: Project) -> str:
    """Read every page and every data file; return a line that says how many there are.

    Raises:
        BenchError: with every problem of every page and file.
    """
    content = read_project(project, read_data)
    counts = {
        "pages": content.implementations,
        "suites": content.suites,
        "run files": content.runs,
        "selftest files": content.selftests,
    }
    *others, last = (f"{len(items)} {name}" for name, items in counts.items())
    return f"no problems in {', '.join(others)} and {last}"


def read_project(project: Project, read_runs: Callable[[Project], tuple[Run, ...]]) -> Content[Run]:
    """Every page and suite, every run as `read_runs` reads it, and every selftest.

    Raises:
        BenchError: with every problem of every page and file.
    """

    def read_suites(project: Project) -> tuple[Suite, ...]:
        return tuple(load_suites(project).values())

    readers: list[Callable[[Project], Any]]
    readers = [load_implementations, read_suites, read_runs, read_selftests]
    return Content(*read_all(lambda read: read(project), readers))


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
