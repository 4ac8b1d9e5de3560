"""Shows the progress and the result of a selftest at the terminal."""

import time

from rich.markup import escape
from rich.progress import Progress

from bench.cli.output import say, show_selftest
from bench.cli.progress import progress_bar
from bench.devices import Device
from bench.pages.implementation import Implementation
from bench.project import Project
from bench.records.run_lines import Examination, Result
from bench.runner.schedule import Step, Turn
from bench.selftest.fitness import is_fit
from bench.selftest.fitness_files import decode
from bench.selftest.selftest import selftest


def run_selftest(project: Project, device: Device, timeout_s: float) -> bool:
    """Run the selftest, and show its figures; return whether the harness is fit."""
    with progress_bar() as progress:
        path = selftest(project, device, timeout_s, SelfTestProgress(progress))
    test = decode(path.read_bytes())
    show_selftest(test)
    say(f"recorded in {project.relative(path)}")
    return is_fit(test)


class SelfTestProgress:
    """Shows each part and when it began; the table at the end has the results."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("starting", total=None)
        self._stage = ""
        self._began = time.monotonic()

    def stage(self, name: str, steps: int) -> None:
        """Show that a part begins."""
        self._stage = name
        seconds = round(time.monotonic() - self._began)
        say(f"{seconds // 60:3}:{seconds % 60:02}  {name}")
        self._progress.reset(self._task, total=steps or None, description=name)

    def installing(self, implementation: Implementation) -> None:
        """Show nothing while the environment of a page is being made."""

    def starting(self, turn: Turn, step: Step) -> None:
        """Show that a case is about to be timed or examined."""
        text = f"{self._stage}: {turn.variant.title}: {step.workload.name}"
        self._progress.update(self._task, description=escape(text))

    def found(self, _: Examination | Result, steps: int) -> None:
        """Show how many steps are done."""
        self._progress.update(self._task, completed=steps)
