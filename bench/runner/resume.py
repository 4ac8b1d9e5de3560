"""Resumes a run that was stopped, but only if it would still be the same run."""

from pathlib import Path

import msgspec

from bench.errors import BenchError, Problem, did_you_mean, unreadable
from bench.files import files
from bench.operations.discovery import RetiredWorkload
from bench.pages.implementation import Implementation
from bench.pages.suites import Suite, find_suite
from bench.project import Project
from bench.records.run_lines import Case, LineKey, Run
from bench.records.runfile import RunFile, read_run


def find_run(name: str, out: Path, project: Project) -> RunFile:
    """The run called `name`, which is its id or the path of its file.

    A last line that was cut off while it was being written is removed from the file; the resumed
    run repeats that step.

    Raises:
        BenchError: there is no such run, or its file has other problems.
    """
    path = Path(name)
    if not path.is_file():
        known = {file.stem: file for file in files(out, ".jsonl")}
        if name not in known:
            raise BenchError(f"no run is called {name!r}{did_you_mean(name, known)}")
        path = known[name]
    _mend(path)
    try:
        return read_run(path)
    except BenchError as error:
        problems = (Problem(p.message, project.relative(path), p.line) for p in error.problems)
        raise BenchError(*problems) from None


def refuse_other(file: RunFile, now: Run) -> None:
    """Check that what is measured from now on belongs in `file`.

    Raises:
        BenchError: it would not be the same run; the message names the differences.
    """
    before = file.run
    differences = [
        f"{name}: {old} before, {new} now"
        for name, old, new in (
            *_fields(before.environment, now.environment),
            *_fields(before.protocol, now.protocol),
            ("the harness", before.bench, now.bench),
            ("the commit", before.commit, now.commit),
            ("uncommitted changes", before.dirty, now.dirty),
        )
        if old != new
    ]
    if differences:
        raise BenchError(
            f"run {before.id} cannot be continued here ({'; '.join(differences)}): begin a new run"
        )


def suite_of(file: RunFile, project: Project) -> Suite:
    """The suite that the run measures: as it was when the run began, if the run recorded it.

    Raises:
        BenchError: the run recorded no workloads, and its suite has no page; or one of its
            workloads is of an operation that no longer exists.
    """
    run = file.run
    for workload in run.workloads:
        if isinstance(workload, RetiredWorkload):
            operation = workload.operation
            raise BenchError(f"run {run.id} measured {operation}, which no longer exists")
    if not run.workloads:
        return find_suite(run.suite, project)
    return Suite(run.suite, run.suite, "", run.workloads)


def refuse_changed(file: RunFile, implementations: tuple[Implementation, ...]) -> None:
    """Check that no page's code has changed since `file` was written.

    Raises:
        BenchError: the code of a page has changed; the message names each such page.
    """
    now = {
        LineKey(page.slug, variant.id): variant.code_sha256
        for page in implementations
        for variant in page.variants
    }
    changed = {
        record.implementation
        for record in file.records
        if isinstance(record, Case)
        and now.get(record.line, record.code_sha256) != record.code_sha256
    }
    if changed:
        pages = ", ".join(f"docs/impls/{slug}.md" for slug in sorted(changed))
        raise BenchError(
            f"run {file.run.id} measured a different version of {pages}: begin a new run"
        )


def _fields(before: msgspec.Struct, now: msgspec.Struct) -> list[tuple[str, object, object]]:
    return [(name, getattr(before, name), getattr(now, name)) for name in before.__struct_fields__]


def _mend(path: Path) -> None:
    """Remove the last line if it has no line end."""
    try:
        content = path.read_bytes()
        if content and not content.endswith(b"\n"):
            with path.open("r+b") as file:
                file.truncate(content.rfind(b"\n") + 1)
    except OSError as error:
        raise BenchError(unreadable(path, error)) from None
