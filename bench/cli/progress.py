"""Shows the progress of a run at the terminal."""

from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from bench.analysis.leaderboard import LOCAL_BUILD
from bench.analysis.rates import rate
from bench.analysis.stats import median
from bench.cli.leaderboards import short
from bench.cli.output import console, say
from bench.pages.implementation import Implementation
from bench.records.outcome import Ok, Passed
from bench.records.run_lines import Examination, Result
from bench.runner.config import RunConfig
from bench.runner.runner import run
from bench.runner.schedule import Step, Turn


def run_with_progress(config: RunConfig) -> None:
    """Measure under a progress bar; say how far the run got, even if it is stopped."""
    with progress_bar() as progress:
        view = RunProgress(progress, config.steps)
        try:
            path = run(config, view)
        except KeyboardInterrupt:
            kept = f"{view.found_now} results are kept: continue with --resume"
            say(f"stopped; {kept if view.found_now else 'there are no new results'}")
            raise
    if path:
        say(f"{view.found_now} results in {config.project.relative(path)}")


def progress_bar() -> Progress:
    """A bar with the steps done and the time left; shows nothing if there is no terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )


class RunProgress:
    """Shows the current step, and each record as soon as it is on disk."""

    def __init__(self, progress: Progress, steps: int) -> None:
        self._progress = progress
        self._task = progress.add_task("starting", total=steps)
        self.found_now = 0

    def installing(self, implementation: Implementation) -> None:
        """Show that the environment of a page is being made."""
        self._tell(f"{implementation.title}: loading")

    def starting(self, turn: Turn, step: Step) -> None:
        """Show that a case is about to be timed or examined."""
        what = f"round {turn.round}" if step.kind == "time" else "examination"
        self._tell(f"{what}: {turn.variant.title}: {step.workload.name}")

    def found(self, record: Examination | Result, steps: int) -> None:
        """Show a record that is on disk."""
        self.found_now += 1
        self._progress.update(self._task, completed=steps)
        local = LOCAL_BUILD if record.local_kernels else ""
        where = f"{escape(record.title)}{local}  [dim]{record.workload.name}[/]"
        self._progress.console.print(f"{where}  {_told(record)}", soft_wrap=True)

    def _tell(self, text: str) -> None:
        self._progress.update(self._task, description=escape(text))


def _told(record: Examination | Result) -> str:
    outcome = record.outcome
    if isinstance(outcome, Passed):
        wall = outcome.lanes.wall.latency_us
        took = f"  {short(median(wall))} µs by a wall clock" if wall else ""
        return f"[green]examined[/]{took}"
    if not isinstance(outcome, Ok):
        return f"[yellow]{record.status}[/]: {escape(outcome.reason)}"
    latency = median(outcome.latency_us)
    round_ = record.round if isinstance(record, Result) else 0
    count = len(outcome.latency_us)
    samples = f"{count} samples  [dim]round {round_}[/]"
    return f"[green]{short(latency)} µs[/]  {rate(record.workload, latency)}  {samples}"
