"""A whole run of real workers, in this process: what its file says, and what it must not say."""

import shutil
import socket
import sys
from pathlib import Path

import pytest
from bench_fixtures import PAGE, QUICK, ROOT, Silent, at_64

from bench.operations.attention.workload import attention
from bench.pages.implementation import Implementation, load_implementation
from bench.pages.suites import Suite
from bench.project import Project
from bench.records.outcome import Unsupported
from bench.records.run_lines import Canary, Result
from bench.records.runfile import RunFile, read_run
from bench.runner.config import RunConfig
from bench.runner.runner import run

pytestmark = pytest.mark.slow

HOME, HOST, USER = "/home/adalovelace", "difference-engine", "adalovelace"

LENGTHS = (32, 64)
SUITE = Suite(
    name="two",
    title="two",
    description="",
    workloads=tuple(attention(n, 2, 64, "float32") for n in LENGTHS),
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> RunFile:
    """A run of a page that names what is private and one that ends its process once.

    It is made by somebody with a home, a host and a name that are not those of this machine.
    """
    project = Project(tmp_path_factory.mktemp("lovelace"))
    shutil.copy(ROOT / "mkdocs.yml", project.root)
    project.pages.mkdir(parents=True)
    said = f"no {HOME}/kernel.so in {project.root}/x on {HOST} for {USER}, in {HOME}"
    pages = (
        _page(project, "telling", at_64(f"raise RuntimeError({said!r})")),
        _page(project, "dying", at_64("import os; os._exit(3)")),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", HOME)
        patch.setenv("LOGNAME", USER)
        patch.setattr(socket, "gethostname", lambda: HOST)
        patch.setattr(sys, "argv", ["bench", "all", "--out", f"{HOME}/results"])
        config = RunConfig(
            project, pages, SUITE, "cpu", project.data, 120, build=False, protocol=QUICK
        )
        path = run(config, Silent())
    assert path
    return read_run(path)


def _page(project: Project, name: str, code: str) -> Implementation:
    path = project.pages / f"{name}.md"
    page = PAGE.format(title=name, dependencies="[]", code=code.strip())
    path.write_text(page, encoding="utf-8")
    return load_implementation(path, project)


def test_a_run_file_names_neither_the_home_nor_the_project_nor_the_host_nor_the_user(
    finished: RunFile,
) -> None:
    reasons = [one.outcome.reason for one in finished.results if one.status == "error"]
    (reason,) = reasons
    assert reason.startswith("RuntimeError: no ~/kernel.so in ./x on … for …, in ~ (line ")
    assert finished.run.command == "python -m bench all --out ~/results"
    written = finished.path.read_text(encoding="utf-8")
    root = finished.path.parents[2]
    for private in (HOME, HOST, USER, str(root), root.name):
        assert private not in written


def test_a_canary_runs_before_each_process_and_at_the_end(finished: RunFile) -> None:
    """Three processes: one for each page, and one more after the death of the second's first."""
    processes: list[set[tuple[str, str, int]]] = []
    for record in finished.records:
        if isinstance(record, Canary):
            processes.append(set())
        else:
            kind = "time" if isinstance(record, Result) else "examine"
            processes[-1].add((record.implementation, kind, record.workload.seqlen_q))
    assert processes.pop() == set()
    assert sorted(processes, key=sorted) == [
        {("dying", "examine", 32)},
        {("dying", "time", 32), ("dying", "time", 64)},
        {("telling", "time", 32), ("telling", "time", 64), ("telling", "examine", 32)},
    ]


def test_a_window_is_not_asked_of_a_function_that_takes_none_and_no_process_is_started(
    tmp_path: Path,
) -> None:
    project = Project(tmp_path)
    shutil.copy(ROOT / "mkdocs.yml", project.root)
    project.pages.mkdir(parents=True)
    window = attention(64, 2, 64, "float32", causal=True, window=16)
    suite = Suite("windows", "windows", "", (window,))
    pages = (_page(project, "plain", "import nothing_that_exists\n" + at_64("pass")),)
    config = RunConfig(project, pages, suite, "cpu", project.data, 120, build=False, protocol=QUICK)
    path = run(config, Silent())
    assert path
    (result,) = read_run(path).records
    assert isinstance(result, Result)
    assert (result.status, result.workload) == ("unsupported", window)
    assert result.outcome == Unsupported(reason="the page's function does not take window")
