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
from bench.devices.discovery import KINDS
from bench.errors import BenchError
from bench.machine.worker_process import end_children
from bench.pages.implementation import Implementation, load_implementation
from bench.project import Project
from bench.records.run_lines import Examination, Result
from bench.records.runfile import RunFile, read_run
from bench.runner.config import ProgressListener, RunConfig
from bench.runner.runner import run
from bench.runner.schedule import Step, Turn
from bench.selftest.fitness import Trial
from bench.selftest.stages import Stage
from bench.selftest.trials import trials

PAGES = Path("docs") / "selftest"
"""Folder of pages that look like implementations but are in no list, table or ordinary run."""

_CORES_FOR_A_RUN = 4
"""Number of cores that each run uses: one worker measures while others load."""


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

        def config(stage: Stage, page: Implementation, *, alone: bool) -> RunConfig:
            return RunConfig(
                project=project,
                implementations=(page,),
                suite=stage.suite,
                device=device,
                out=Path(tempfile.mkdtemp(dir=folder)),
                timeout_s=stage.timeout_s,
                build=False,
                protocol=stage.protocol,
                share_gpu=not alone,
                memory_bytes=stage.memory_bytes,
            )

        def run_alone(stage: Stage, page: Implementation, name: str) -> StageResult:
            wanted = config(stage, page, alone=True)
            listener.stage(name, wanted.steps)
            return _result(stage, page, (_run(wanted, listener),))

        for stage in parts:
            if stage.alone:
                page = load_page(project, stage.page)
                results[stage.page] = run_alone(stage, page, stage.page)
        others = {stage: load_page(project, stage.page) for stage in parts if not stage.alone}
        shares = [(stage, share) for stage, page in others.items() for share in _shares(page)]
        if others:
            listener.stage(", ".join(stage.page for stage in others), 0)
            configs = [config(stage, share, alone=False) for stage, share in shares]
            files = _together(configs, device, listener)
        for stage, page in others.items():
            pairs = zip(shares, files, strict=True)
            first = _result(stage, page, tuple(file for (own, _), file in pairs if own is stage))
            unmet = [v for v, t in zip(page.variants, first.trials, strict=True) if not t.met]
            if unmet:
                page = replace(page, variants=tuple(unmet))
                again = iter(run_alone(stage, page, f"{stage.page}, once more").trials)
                new = (trial if trial.met else next(again) for trial in first.trials)
                first = replace(first, trials=tuple(new))
            results[stage.page] = first
    return results


def load_page(project: Project, name: str) -> Implementation:
    """The page `docs/selftest/<name>.md`.

    Raises:
        BenchError: the page breaks the contract.
    """
    return load_implementation(project.root / PAGES / f"{name}.md", project)


def _shares(page: Implementation) -> list[Implementation]:
    """The blocks of a page, divided among as many runs as the machine has cores for."""
    count = min(len(page.variants), max(1, (os.cpu_count() or 1) // _CORES_FOR_A_RUN))
    return [replace(page, variants=page.variants[n::count]) for n in range(count)]


def _result(stage: Stage, page: Implementation, files: tuple[RunFile, ...]) -> StageResult:
    return StageResult(files, trials(page, files, wanted=stage.wanted))


def _together(
    configs: Sequence[RunConfig], device: Device, listener: SelfTestListener
) -> list[RunFile]:
    """Start all runs at once and return their files; an error or Ctrl-C ends every run."""
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
    os.environ.update(KINDS[device].shared_variables)
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
