"""Runs the stages of the selftest: alone what other work could disturb, the rest together."""

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol as Interface

from bench.errors import BenchError
from bench.machine.child import end_children
from bench.pages.implementation import Device, Implementation, load_implementation
from bench.project import Project
from bench.records.record import Examination, Result
from bench.records.runfile import RunFile, read_run
from bench.runs.job import Job
from bench.runs.job import Watcher as RunWatcher
from bench.runs.runner import run
from bench.runs.schedule import Step, Turn
from bench.selftest.fitness import Trial
from bench.selftest.stages import Stage
from bench.selftest.trials import trials

_CORES_FOR_A_RUN = 4
"""What a run that shares the machine keeps busy: a worker, and those that load ahead of it."""

PAGES = Path("docs") / "selftest"
"""Pages like those of the implementations, which no run, list or table takes for them."""


class Watcher(RunWatcher, Interface):
    """Who is told how the selftest goes on."""

    def stage(self, name: str, steps: int) -> None:
        """A part begins, with so many steps; 0 where it is several runs at once."""


@dataclass(frozen=True)
class Found:
    """What a stage found: the files of its runs, and what became of each block."""

    files: tuple[RunFile, ...]
    trials: tuple[Trial, ...]


@dataclass(frozen=True)
class _Piece:
    """Some blocks of a stage's page, which one run takes."""

    stage: Stage
    page: Implementation
    out: Path


def run_stages(
    parts: Sequence[Stage], project: Project, device: Device, watcher: Watcher
) -> dict[str, Found]:
    """What each stage found, by its page: first those that run alone, then the others together.

    Raises:
        BenchError: as `selftest`.
        KeyboardInterrupt: it was stopped.
    """
    files: dict[str, list[RunFile]] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        out = Path(folder)
        alone = [stage for stage in parts if stage.alone]
        others = [stage for stage in parts if not stage.alone]
        for stage in alone:
            piece = _Piece(stage, load_page(project, stage.page), out / stage.page)
            job = _job(piece, project, device)
            watcher.stage(stage.page, job.steps)
            files[stage.page] = [_run(job, watcher)]
        if others:
            pieces = [one for stage in others for one in _pieces(stage, project, out)]
            watcher.stage(", ".join(stage.page for stage in others), 0)
            jobs = [_job(piece, project, device) for piece in pieces]
            for piece, file in zip(pieces, _together(jobs, device, watcher), strict=True):
                files.setdefault(piece.stage.page, []).append(file)
    return {
        stage.page: Found(
            tuple(files[stage.page]),
            trials(load_page(project, stage.page), files[stage.page], wanted=stage.wanted),
        )
        for stage in parts
    }


def _pieces(stage: Stage, project: Project, out: Path) -> list[_Piece]:
    """The blocks of a page shared out to runs, as many as the machine has cores for."""
    page = load_page(project, stage.page)
    count = min(len(page.variants), max(1, (os.cpu_count() or 1) // _CORES_FOR_A_RUN))
    return [
        _Piece(stage, replace(page, variants=page.variants[n::count]), out / stage.page / str(n))
        for n in range(count)
    ]


def _together(jobs: Sequence[Job], device: Device, watcher: Watcher) -> list[RunFile]:
    """The file of each run, all made at once; an error or Ctrl-C ends them all."""
    over = threading.Event()
    with _one_thread_each(device), ThreadPoolExecutor(len(jobs)) as pool:
        running = [pool.submit(_run, job, _Stoppable(watcher, over)) for job in jobs]
        try:
            return [future.result() for future in running]
        except BaseException:
            over.set()  # they stop at their next step, which their workers' end brings on
            end_children()
            raise


def load_page(project: Project, name: str) -> Implementation:
    """The page `docs/selftest/<name>.md`.

    Raises:
        BenchError: it breaks the contract of a page.
    """
    return load_implementation(project.root / PAGES / f"{name}.md", project)


def _job(piece: _Piece, project: Project, device: Device) -> Job:
    stage = piece.stage
    return Job(
        project=project,
        implementations=(piece.page,),
        suite=stage.suite,
        device=device,
        out=piece.out,
        timeout_s=stage.timeout_s,
        build=False,
        protocol=stage.protocol,
        share_gpu=not stage.alone,
        memory_bytes=stage.memory_bytes,
    )


def _run(job: Job, watcher: RunWatcher) -> RunFile:
    path = run(job, watcher)
    if path is None:
        raise BenchError(f"the page {job.implementations[0].slug} has nothing to measure")
    return read_run(path)


@contextlib.contextmanager
def _one_thread_each(device: Device) -> Iterator[None]:
    """On a CPU, keep the threads of runs that share it from waiting for each other."""
    name = "OMP_NUM_THREADS"
    before = os.environ.get(name)
    if device == "cpu":
        os.environ[name] = "1"
    try:
        yield
    finally:
        os.environ.pop(name, None)
        if before is not None:
            os.environ[name] = before


class _Stoppable:
    """Passes on what it is told, and stops a run in another thread once all is over."""

    def __init__(self, watcher: RunWatcher, over: threading.Event) -> None:
        self._watcher = watcher
        self._over = over

    def installing(self, implementation: Implementation) -> None:
        self._watcher.installing(implementation)

    def starting(self, turn: Turn, step: Step) -> None:
        if self._over.is_set():
            raise KeyboardInterrupt
        self._watcher.starting(turn, step)

    def found(self, record: Examination | Result, steps: int) -> None:
        self._watcher.found(record, steps)
