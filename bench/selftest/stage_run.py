"""Runs the stages of the selftest: some alone, because other work could disturb them."""

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from bench.devices import Device
from bench.devices.registry import KINDS
from bench.errors import BenchError
from bench.machine.worker_process import end_children
from bench.pages.implementation import Implementation
from bench.project import Project
from bench.records.record import Examination, Result
from bench.records.runfile import RunFile, read_run
from bench.runner.config import ProgressListener, RunConfig
from bench.runner.runner import run
from bench.runner.schedule import Step, Turn
from bench.selftest.fitness import Trial
from bench.selftest.pieces import Piece, config_of, load_page, share_out
from bench.selftest.stages import Stage
from bench.selftest.trials import trials


class SelfTestListener(ProgressListener, Protocol):
    """A listener that follows the progress of a selftest."""

    def stage(self, name: str, steps: int) -> None:
        """Note that a part begins; `steps` is its number of steps, or 0 if it cannot be counted."""


@dataclass(frozen=True)
class StageResult:
    """The results of a stage: the files of its runs, and the trial of each block."""

    files: tuple[RunFile, ...]
    trials: tuple[Trial, ...]


def run_stages(
    parts: Sequence[Stage], project: Project, device: Device, listener: SelfTestListener
) -> dict[str, StageResult]:
    """The results of each stage, by its page: first those that run alone, then the others together.

    A block that misses its goal while others run is run again, alone: a shared device is slower at
    times, and a check that depends on time may fail then.

    Raises:
        BenchError: see `selftest`.
        KeyboardInterrupt: it was stopped.
    """
    results: dict[str, StageResult] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        out = Path(folder)
        alone = [stage for stage in parts if stage.alone]
        others = [stage for stage in parts if not stage.alone]
        for stage in alone:
            piece = Piece(stage, load_page(project, stage.page), out / stage.page)
            config = config_of(piece, project, device)
            listener.stage(stage.page, config.steps)
            results[stage.page] = _found(piece, [_run(config, listener)])
        if others:
            pieces = [piece for stage in others for piece in share_out(stage, project, out)]
            listener.stage(", ".join(stage.page for stage in others), 0)
            configs = [config_of(piece, project, device) for piece in pieces]
            files = _together(configs, device, listener)
            for stage in others:
                pairs = zip(pieces, files, strict=True)
                stage_files = [file for piece, file in pairs if piece.stage is stage]
                whole = Piece(stage, load_page(project, stage.page), out / stage.page / "again")
                first = _found(whole, stage_files)
                results[stage.page] = _again(first, whole, project, device, listener)
    return results


def _found(piece: Piece, files: Sequence[RunFile]) -> StageResult:
    return StageResult(tuple(files), trials(piece.page, files, wanted=piece.stage.wanted))


def _again(
    first: StageResult, whole: Piece, project: Project, device: Device, listener: SelfTestListener
) -> StageResult:
    """The first results, in which each block that missed its goal has a new trial, run alone."""
    pairs = zip(whole.page.variants, first.trials, strict=True)
    unmet = tuple(variant for variant, trial in pairs if not trial.met)
    if not unmet:
        return first
    piece = replace(whole, page=replace(whole.page, variants=unmet))
    config = replace(config_of(piece, project, device), share_gpu=False)
    listener.stage(f"{whole.stage.page}, once more", config.steps)
    alone = iter(_found(piece, [_run(config, listener)]).trials)
    return replace(
        first, trials=tuple(trial if trial.met else next(alone) for trial in first.trials)
    )


def _together(
    configs: Sequence[RunConfig], device: Device, listener: SelfTestListener
) -> list[RunFile]:
    """The file of each run; all runs are made at once, and an error or Ctrl-C ends them all."""
    over = threading.Event()
    with _shared(device), ThreadPoolExecutor(len(configs)) as pool:
        running = [pool.submit(_run, config, _Stoppable(listener, over)) for config in configs]
        try:
            return [future.result() for future in running]
        except BaseException:
            over.set()  # the runs stop at their next step, which comes once their workers end
            end_children()
            raise


def _run(config: RunConfig, listener: ProgressListener) -> RunFile:
    path = run(config, listener)
    if path is None:
        raise BenchError(f"the page {config.implementations[0].slug} has nothing to measure")
    return read_run(path)


@contextlib.contextmanager
def _shared(device: Device) -> Iterator[None]:
    """Give workers the variables of a device that several runs share."""
    before = os.environ.copy()
    os.environ.update(KINDS[device].shared_variables())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class _Stoppable:
    """Passes each notice on to `listener`, and stops a run in another thread once `over` is set."""

    def __init__(self, listener: ProgressListener, over: threading.Event) -> None:
        self._listener = listener
        self._over = over

    def installing(self, implementation: Implementation) -> None:
        self._listener.installing(implementation)

    def starting(self, turn: Turn, step: Step) -> None:
        if self._over.is_set():
            raise KeyboardInterrupt
        self._listener.starting(turn, step)

    def found(self, record: Examination | Result, steps: int) -> None:
        self._listener.found(record, steps)
