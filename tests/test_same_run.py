"""What a run refuses before it measures: another checkout, another machine, a GPU in use."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import msgspec
import pytest
from bench_fixtures import SDPA, Silent, WritePage
from outcomes import canary
from records import H200, START, Entry, write_run

from bench.cli import commands
from bench.cli.make_config import make_config
from bench.cli.options import RunOptions
from bench.errors import BenchError
from bench.machine.host import commit
from bench.pages.implementation import Implementation, load_implementations
from bench.project import Project
from bench.records.run_lines import Canary
from bench.records.runfile import read_run
from bench.runner import runner
from bench.runner.resume import find_run, refuse_changed, refuse_other

OTHERS: dict[str, dict[str, Any]] = {
    "the commit": {"commit": "f" * 40},
    "uncommitted changes": {"dirty": True},
    "the harness": {"bench": "0.2.0"},
    "device": {"environment": msgspec.structs.replace(H200, device="cpu")},
    "name": {"environment": msgspec.structs.replace(H200, name="NVIDIA H100 80GB HBM3")},
    "torch": {"environment": msgspec.structs.replace(H200, torch="2.14.0")},
    "driver": {"environment": msgspec.structs.replace(H200, driver="581.0")},
    "power_limit_w": {"environment": msgspec.structs.replace(H200, power_limit_w=500.0)},
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_run_goes_on_only_in_the_same_checkout_with_the_same_harness_on_the_same_machine(
    what: str, project: Project
) -> None:
    path = write_run(project.root, [Entry("a", "A", 100)])
    file = find_run(path.stem, project.data, project)
    refuse_other(file, file.run)
    now = msgspec.structs.replace(file.run, **OTHERS[what])
    with pytest.raises(BenchError, match=rf"cannot be continued here \({what}: "):
        refuse_other(file, now)


def test_a_run_goes_on_only_with_the_code_that_it_measured(
    project: Project, write_page: WritePage
) -> None:
    """A page that is new, or gone, changes nothing of what was measured."""
    pages = tuple(write_page(name=name) for name in ("one", "two", "three"))
    code = {page.slug: page.variants[0].code_sha256 for page in pages}
    names = [*code, "gone"]
    entries = [Entry(n, n, 100, more={"code_sha256": code.get(n, "0" * 64)}) for n in names]
    path = write_run(project.root, entries)
    file = find_run(path.stem, project.data, project)
    refuse_changed(file, (*pages, write_page(name="new")))
    changed = tuple(
        write_page("# changed\n" + SDPA, name=page.slug) if page.slug != "two" else page
        for page in pages
    )
    with pytest.raises(BenchError) as caught:
        refuse_changed(file, changed)
    assert str(caught.value) == (
        f"run {path.stem} measured a different version of docs/impls/one.md, "
        "docs/impls/three.md: begin a new run"
    )


class Referee:
    """Stands for the process that judges on a GPU; here nothing is measured."""

    environment, uuid = H200, "GPU-of-this-test"

    def __init__(self, *_: object) -> None:
        pass

    def canary(self) -> Canary:
        return canary(START)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


Run = Callable[..., Path | None]


@pytest.fixture
def run_on_gpu(project: Project, write_page: WritePage, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a page that only a CPU can run on a GPU which so many processes use."""
    path = write_page().path
    path.write_text(path.read_text().replace("title:", "devices: [cpu]\ntitle:", 1))
    monkeypatch.setattr(runner, "RefereeProcess", Referee)

    def run(*, processes: int = 1, share_gpu: bool = False, resume: str | None = None) -> Any:
        nvml = ModuleType("pynvml")
        nvml.__dict__.update(
            NVMLError=OSError,
            nvmlInit=lambda: None,
            nvmlDeviceGetHandleByUUID=lambda uuid: uuid,
            nvmlDeviceGetComputeRunningProcesses=lambda uuid: (
                [object()] * processes if uuid == Referee.uuid else []
            ),
        )
        monkeypatch.setattr("bench.devices.cuda.nvml.pynvml", nvml)
        pages = list(load_implementations(project))
        options = RunOptions(device="cuda", resume=resume, timeout_s=60, share_gpu=share_gpu)
        return runner.run(make_config(project, pages, options), Silent())

    return run


def test_a_gpu_that_another_process_uses_is_refused_before_anything_is_written(
    run_on_gpu: Run, project: Project
) -> None:
    with pytest.raises(BenchError, match=r"other processes \(1\) use this GPU.*--share-gpu"):
        run_on_gpu(processes=2)
    assert not list(project.data.rglob("*"))


@pytest.mark.parametrize(("processes", "share_gpu"), [(1, False), (2, True), (4, True)])
def test_a_record_says_how_many_others_used_the_gpu(
    processes: int, share_gpu: bool, run_on_gpu: Run
) -> None:
    path = run_on_gpu(processes=processes, share_gpu=share_gpu)
    assert path
    assert read_run(path).run.environment.other_processes == processes - 1


@pytest.mark.parametrize("words", [["all"], ["run", "mine"]], ids=" ".join)
def test_to_share_a_gpu_has_to_be_asked_for(
    words: list[str], project: Project, write_page: WritePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_page()
    assert not _asked(words, project, monkeypatch)[1].share_gpu
    assert _asked([*words, "--share-gpu"], project, monkeypatch)[1].share_gpu


def test_a_page_that_is_named_twice_is_measured_once(
    project: Project, write_page: WritePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_page(name="one")
    write_page(name="two")
    words = ["run", "two", "one", "docs/impls/two.md", "one.md"]
    pages, _ = _asked(words, project, monkeypatch)
    assert [page.slug for page in pages] == ["two", "one"]


def _asked(
    words: list[str], project: Project, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[Implementation], RunOptions]:
    """The pages and the options that the command line gets from `words`."""
    asked: list[tuple[list[Implementation], RunOptions]] = []
    monkeypatch.chdir(project.root)
    monkeypatch.setattr(commands, "_run", lambda _, *given: asked.append(given))
    commands.app(words, standalone_mode=False)
    (given,) = asked
    return given


@pytest.fixture
def checkout(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project as a repository with one commit."""
    for scope in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{scope}", "/dev/null")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Nobody")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "nobody@example.org")
    _git(project, "init", "-q")
    _commit(project)
    return project


def _commit(project: Project) -> None:
    _git(project, "add", "docs", "mkdocs.yml")
    _git(project, "commit", "-q", "--allow-empty", "-m", "All")


def _git(project: Project, *words: str) -> None:
    subprocess.run(["git", "-C", str(project.root), *words], check=True)


def test_a_checkout_is_changed_by_a_page_and_not_by_what_a_run_wrote(checkout: Project) -> None:
    (checkout.data / "run.jsonl").touch()
    assert commit(checkout)[1] is False
    (checkout.pages / "new.md").touch()
    assert commit(checkout)[1] is True


def test_a_run_is_resumed_at_its_commit_and_with_its_harness_alone(
    checkout: Project, run_on_gpu: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _commit(checkout)
    path = run_on_gpu()
    assert path
    whole = path.read_bytes()
    path.write_bytes(b"".join(whole.splitlines(keepends=True)[:3]))
    assert run_on_gpu(resume=path.stem) == path
    assert path.read_bytes().count(b"\n") == whole.count(b"\n")

    (checkout.pages / "new.txt").touch()
    with pytest.raises(BenchError, match="uncommitted changes: False before, True now"):
        run_on_gpu(resume=path.stem)
    _commit(checkout)
    with pytest.raises(BenchError, match="the commit: "):
        run_on_gpu(resume=path.stem)
    _git(checkout, "reset", "-q", "--hard", "HEAD~")
    assert run_on_gpu(resume=path.stem) == path
    monkeypatch.setattr(runner, "__version__", "0.0.1")
    with pytest.raises(BenchError, match=r"the harness: .* before, 0\.0\.1 now"):
        run_on_gpu(resume=path.stem)
