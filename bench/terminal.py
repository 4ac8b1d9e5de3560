"""What a person sees in the terminal: tables, and the progress of a run."""

import sys

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from bench.environments import layer_of, missing
from bench.implementation import Device, Implementation, Variant
from bench.metrics import tflops_per_second
from bench.outcome import Ok
from bench.project import Project
from bench.record import Result
from bench.runner import Job, run
from bench.stats import median
from bench.summary import LOCAL_BUILD, Board, Line
from bench.workload import Workload

_PIPED_WIDTH = 140
"""Columns where nobody watches: a file or a log has room."""

_console = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)
_errors = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print a line."""
    _console.print(escape(text), soft_wrap=True)


def complain(text: str) -> None:
    """Print a problem to standard error, as one line."""
    _errors.print(f"[red]error:[/] {escape(text)}")


def show_implementations(
    implementations: tuple[Implementation, ...], project: Project, device: Device
) -> None:
    """A table of implementations, and whether each can run on `device`."""
    table = Table("name", "title", f"here ({device})", box=None, header_style="bold")
    for implementation in implementations:
        titles = "\n".join(escape(variant.title) for variant in implementation.variants)
        table.add_row(implementation.slug, titles, _readiness(implementation, project, device))
    _console.print(table)


def _readiness(implementation: Implementation, project: Project, device: Device) -> str:
    if device not in implementation.about.devices:
        return f"[yellow]no[/]: only on {', '.join(implementation.about.devices)}"
    needed = missing(implementation)
    if not needed:
        return "[green]yes[/]"
    names = escape(", ".join(needed))
    if layer_of(implementation, project).ready:
        return f"[green]yes[/], with {names}"
    return f"[green]yes[/], after installing {names}"


def show_boards(all_boards: tuple[Board, ...]) -> None:
    """A table for each board: lines ranked, medians in µs, the status where there is none."""
    if not all_boards:
        say("no results yet: python -m bench all")
    for board in all_boards:
        title = f"{escape(board.device)}, {escape(board.suite)}: median latency in µs"
        table = Table(title=title, box=box.SIMPLE_HEAD, padding=0, title_justify="left")
        table.add_column("implementation")
        for workload in board.workloads:
            table.add_column(str(workload.seqlen_q), justify="right")
        table.add_column("slow-down", justify="right", no_wrap=True)
        for line in board.ranked():
            slowdown = board.slowdown(line)
            cells = [_cell(line, workload) for workload in board.workloads]
            table.add_row(escape(line.title), *cells, f"{slowdown:.2f}×" if slowdown else "–")
        _console.print(table)


def _cell(line: Line, workload: Workload) -> str:
    cell = line.cells.get(workload)
    if cell is None:
        return "[dim]–[/]"
    latency = cell.latency_us
    return f"[dim]{cell.result.status}[/]" if latency is None else _short(latency)


def _short(latency_us: float) -> str:
    return f"{latency_us:.1f}" if latency_us < 1000 else f"{latency_us:.0f}"


def run_job(job: Job) -> None:
    """Run a job under a progress bar; says how many results there are, also when it is stopped."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=_console,
        disable=not _console.is_terminal,
    )
    with progress:
        view = _RunView(progress, job)
        try:
            path = run(job, view)
        except KeyboardInterrupt:
            say(f"stopped; {view.done} of {job.cases} results were measured and are kept")
            raise
    if path:
        say(f"{view.done} results in {job.project.relative(path)}")


class _RunView:
    """Shows a run as it goes on: what is being done, and each result as it lands."""

    def __init__(self, progress: Progress, job: Job) -> None:
        self._progress = progress
        self._task = progress.add_task("starting", total=job.cases)
        self.done = 0

    def installing(self, implementation: Implementation) -> None:
        self._progress.update(self._task, description=f"{escape(implementation.title)}: loading")

    def starting(self, variant: Variant, workload: Workload) -> None:
        self._progress.update(self._task, description=f"{escape(variant.title)}: {workload.name}")

    def finished(self, result: Result) -> None:
        self.done += 1
        self._progress.advance(self._task)
        local = LOCAL_BUILD if result.local_kernels else ""
        where = f"{escape(result.title)}{local}  [dim]{result.workload.name}[/]"
        self._progress.console.print(f"{where}  {_told(result)}", soft_wrap=True)


def _told(result: Result) -> str:
    outcome = result.outcome
    if not isinstance(outcome, Ok):
        return f"[yellow]{result.status}[/]: {escape(outcome.reason)}"
    latency = median(outcome.latency_us)
    rate = tflops_per_second(result.workload, latency)
    count = len(outcome.latency_us)
    return f"[green]{latency:.1f} µs[/]  {rate:.2f} TFLOP/s  {count} samples"
