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
from bench.pages.implementation import Device, Implementation
from bench.project import Project
from bench.records.record import Examination, Result
from bench.records.runfile import RunFile, read_run
from bench.runs.job import Job
from bench.runs.job import Watcher as RunWatcher
from bench.runs.runner import run
from bench.runs.schedule import Step, Turn
from bench.selftest.fitness import Trial
from bench.selftest.pieces import Piece, job_of, load_page, share_out
from bench.selftest.stages import Stage
from bench.selftest.trials import trials


class Watcher(RunWatcher, Interface):
    """Who is told how the selftest goes on."""

    def stage(self, name: str, steps: int) -> None:
        """A part begins, with so many steps; 0 where it is several runs at once."""


@dataclass(frozen=True)
class Found:
    """What a stage found: the files of its runs, and what became of each block."""

    files: tuple[RunFile, ...]
    trials: tuple[Trial, ...]


def run_stages(
    parts: Sequence[Stage], project: Project, device: Device, watcher: Watcher
) -> dict[str, Found]:
    """What each stage found, by its page: first those that run alone, then the others together.

    A block that did not end as it has to beside others is run once more, alone: a device that is
    shared is slower by turns, and what tells by the time may fail then.

    Raises:
        BenchError: as `selftest`.
        KeyboardInterrupt: it was stopped.
    """
    found: dict[str, Found] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        out = Path(folder)
        alone = [stage for stage in parts if stage.alone]
        others = [stage for stage in parts if not stage.alone]
        for stage in alone:
            piece = Piece(stage, load_page(project, stage.page), out / stage.page)
            job = job_of(piece, project, device)
            watcher.stage(stage.page, job.steps)
            found[stage.page] = _found(piece, [_run(job, watcher)])
        if others:
            pieces = [one for stage in others for one in share_out(stage, project, out)]
            watcher.stage(", ".join(stage.page for stage in others), 0)
            jobs = [job_of(piece, project, device) for piece in pieces]
            files = _together(jobs, device, watcher)
            for stage in others:
                own = [
                    file for piece, file in zip(pieces, files, strict=True) if piece.stage is stage
                ]
                whole = Piece(stage, load_page(project, stage.page), out / stage.page / "again")
                found[stage.page] = _again(_found(whole, own), whole, project, device, watcher)
    return found


def _found(piece: Piece, files: Sequence[RunFile]) -> Found:
    return Found(tuple(files), trials(piece.page, files, wanted=piece.stage.wanted))


def _again(found: Found, whole: Piece, project: Project, device: Device, watcher: Watcher) -> Found:
    """The same with what the unmet blocks come to alone."""
    pairs = zip(whole.page.variants, found.trials, strict=True)
    unmet = tuple(variant for variant, trial in pairs if not trial.met)
    if not unmet:
        return found
    piece = replace(whole, page=replace(whole.page, variants=unmet))
    job = replace(job_of(piece, project, device), share_gpu=False)
    watcher.stage(f"{whole.stage.page}, once more", job.steps)
    alone = iter(_found(piece, [_run(job, watcher)]).trials)
    return replace(
        found, trials=tuple(trial if trial.met else next(alone) for trial in found.trials)
    )


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
