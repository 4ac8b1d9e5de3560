"""Suites: each page in `docs/suites` lists workloads that are run and shown together."""

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from bench.errors import BenchError, Problem, did_you_mean, read_all
from bench.operations.discovery import FIRST, OPERATIONS
from bench.operations.operation import Workload
from bench.pages.page import ThemeKeys, item_lines, page_files, read_page
from bench.project import Project
from bench.text import Words

SLUG = re.compile(r"[a-z][a-z0-9-]*")

_LARGEST = 1 << 50
"""Most bytes that the tensors of a workload may have: a pebibyte."""

Axes = Mapping[str, Any]


class FrontMatter(ThemeKeys, frozen=True, kw_only=True):
    """The keys of a suite's front matter."""

    title: Words
    description: Words
    workloads: tuple[dict[str, Any], ...]
    """Workloads by their axes. A list of values stands for one workload with each of them."""
    sustained: bool = True
    """Whether sustained calls are measured too, where the kind of device has them."""
    judged_only: bool = False
    """Whether only outcomes count, not times."""


@dataclass(frozen=True)
class Suite:
    """An ordered list of workloads that are run and shown together."""

    name: str
    """Name of the page's file, without `.md`."""
    title: str
    description: str
    workloads: tuple[Workload, ...]
    wants_sustained: bool = True
    """Whether sustained calls are measured too; a run records it in its protocol."""
    judged_only: bool = False
    """Whether only outcomes count, not times; a run records this too."""

    @property
    def sustained(self) -> frozenset[Workload]:
        """The forward workloads with the middle and the most work, for sustained calls.

        With little work, a GPU waits for the host between calls and never reaches its limits. A run
        of a part of a suite chooses among the workloads of that part.
        """
        forward = [workload for workload in self.workloads if workload.direction == "forward"]
        forward.sort(key=lambda workload: (workload.flops, workload.moved_bytes))
        return frozenset((*forward[(len(forward) - 1) // 2 :][:1], *forward[-1:]))


def load_suites(project: Project) -> dict[str, Suite]:
    """Every suite by its name, in the order of the file names.

    Raises:
        BenchError: with every problem of every page.
    """
    suites = read_all(partial(load_suite, project=project), page_files(project.suites))
    return {suite.name: suite for suite in suites}


def find_suite(name: str, project: Project) -> Suite:
    """The suite called `name`.

    Raises:
        BenchError: no suite has that name (the message gives the closest one), or a suite's page
            has problems.
    """
    suites = load_suites(project)
    if name in suites:
        return suites[name]
    raise BenchError(f"no suite is called {name!r}{did_you_mean(name, suites)}")


def find_workload(text: str, suites: Iterable[Suite]) -> Workload:
    """The workload that `text` gives, by its name in `suites` or by axes such as `rows=64,…`.

    Raises:
        BenchError: there is no such workload; the message gives the closest name.
    """
    if "=" not in text:
        known = {workload.name: workload for suite in suites for workload in suite.workloads}
        if text in known:
            return known[text]
        hint = did_you_mean(text, known, "See python -m bench list --suites")
        raise BenchError(f"--workload: no suite has a workload called {text!r}{hint}")
    axes: dict[str, str] = {}
    for pair in text.split(","):
        axis, _, value = map(str.strip, pair.partition("="))
        if not (axis and value) or axis in axes:
            wrong = "is given twice" if axis in axes else "is not of the form axis=value"
            raise BenchError(f"--workload {text}: {pair.strip()!r} {wrong}")
        axes[axis] = value
    try:
        return workload_of(axes)
    except ValueError as error:
        raise BenchError(f"--workload {text}: {error}") from None


def selection(workloads: Iterable[Workload]) -> Suite:
    """The chosen workloads as a suite; only they determine its name, which no page can have."""
    workloads = tuple(dict.fromkeys(workloads))
    names = sorted(workload.name for workload in workloads)
    name = f"1-workload-{names[0]}"
    if len(names) > 1:
        digest = hashlib.sha256(" ".join(names).encode()).hexdigest()
        name = f"{len(names)}-workloads-{digest[:6]}"
    return Suite(name, name, "", workloads)


def is_selection(suite: str) -> bool:
    """Whether the suite is a selection of workloads: pages have names that begin with a letter."""
    return suite[:1].isdigit()


def load_suite(path: Path, project: Project) -> Suite:
    """The suite of the page at `path`.

    Raises:
        BenchError: with every problem of the page, each with its line.
    """
    page = read_page(path, project)
    if not SLUG.fullmatch(path.stem):
        raise BenchError(Problem("name the file in lower-case letters, digits and -", page.path))
    about = page.about(FrontMatter)
    if not about.workloads:
        raise BenchError(Problem("lists no workloads: give it at least one", page.path, 1))
    lines = item_lines(path, project, "workloads") or [1] * len(about.workloads)
    workloads: dict[Workload, int] = {}
    problems: list[Problem] = []
    for axes, line in zip(about.workloads, lines, strict=True):
        try:
            for workload in grid(axes):
                if workload in workloads:
                    message = f"{workload.name} is listed before, on line {workloads[workload]}"
                    raise ValueError(message)
                workloads[workload] = line
        except ValueError as error:
            problems.append(Problem(str(error), page.path, line))
    if problems:
        raise BenchError(*problems)
    return Suite(
        path.stem,
        about.title,
        about.description,
        tuple(workloads),
        wants_sustained=about.sustained,
        judged_only=about.judged_only,
    )


def grid(axes: Axes) -> Iterator[Workload]:
    """The workloads of `axes`: every combination of the values, the last axis changing fastest.

    Raises:
        ValueError: an operation or an axis is unknown, or a value is missing or impossible.
    """
    lists = [value if isinstance(value, list) else [value] for value in axes.values()]
    if [] in lists:
        raise ValueError(f"{list(axes)[lists.index([])]} is an empty list: give it a value")
    for values in itertools.product(*lists):
        yield workload_of(dict(zip(axes, values, strict=True)))


def workload_of(axes: Axes) -> Workload:
    """The workload with these axes; `operation` is attention unless it is given.

    Raises:
        ValueError: the operation or an axis is unknown, or a value is missing or impossible.
    """
    values = dict(axes)
    name = str(values.pop("operation", FIRST))
    if name not in OPERATIONS:
        raise ValueError(f"no operation is called {name!r}{did_you_mean(name, OPERATIONS)}")
    kind = OPERATIONS[name].workload
    known = (*kind.short, *kind.__struct_fields__)
    for axis in values:
        if axis not in known:
            raise ValueError(f"{name} has no axis {axis!r}{did_you_mean(str(axis), known)}")
    for short in kind.short.keys() & values.keys():
        values = dict.fromkeys(kind.short[short], values.pop(short)) | values
    for axis, choices in _choices(kind).items():
        value = values.get(axis)
        if value is not None and value not in choices:
            value = str(value)
            raise ValueError(f"no {axis} is called {value!r}{did_you_mean(value, choices)}")
    try:
        # Not strict: the command line has only text, and in YAML 1e-6 is text too.
        workload = msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None
    problem = workload.problem
    if problem or workload.moved_bytes > _LARGEST:
        raise ValueError(f"{workload.name}: {problem or 'no memory is as large as its tensors'}")
    return workload


def _choices(kind: type[Workload]) -> dict[str, tuple[str, ...]]:
    """The axes whose value is one of a few names, each with these names."""
    types = get_type_hints(kind).items()
    return {name: choices for name, type_ in types if (choices := _names(type_))}


def _names(type_: Any) -> tuple[str, ...]:
    """The names that a type allows, besides None; empty if it allows anything else."""
    if get_origin(type_) is Literal:
        return get_args(type_)
    parts = [part for part in get_args(type_) if part is not type(None)]
    return _names(parts[0]) if len(parts) == 1 else ()
