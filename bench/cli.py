"""The command line: each command reads its options, calls one function and prints what it gave."""

import signal
import sys
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from bench import terminal
from bench.errors import BenchError
from bench.implementation import Device, Implementation, load_implementations, select
from bench.project import Project
from bench.workload import find_suite

app = typer.Typer(
    name="python -m bench",
    help="Measure attention implementations: pages in docs/impls × workloads → records in data/.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

INTERRUPTED = 130
"""Exit code of a stopped run, as a shell gives it: 128 + SIGINT."""


class DeviceChoice(StrEnum):
    """Where to run."""

    auto = "auto"
    cuda = "cuda"
    cpu = "cpu"


SuiteName = Annotated[
    str | None, typer.Option("--suite", help="Workloads: flux or cpu [default: by device].")
]
DeviceOption = Annotated[DeviceChoice, typer.Option(help="auto takes a GPU where there is one.")]
OutFolder = Annotated[
    Path | None, typer.Option("--out", help="Folder for the run file [default: data].")
]
Timeout = Annotated[
    float,
    typer.Option(min=1, max=86_400, help="Seconds a case, or loading a page, may take."),
]
Build = Annotated[
    bool, typer.Option("--build", help="Compile packages that have only a source release.")
]


@app.command("list")
def list_() -> None:
    """Show every implementation, whether it can run here, and why not."""
    from bench.host import detect_device

    project = Project.find()
    terminal.show_implementations(load_implementations(project), project, detect_device())


@app.command()
def run(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Pages in docs/impls.")],
    suite: SuiteName = None,
    device: DeviceOption = DeviceChoice.auto,
    out: OutFolder = None,
    timeout: Timeout = 300,
    build: Build = False,
) -> None:
    """Measure the named implementations."""
    project = Project.find()
    chosen = select(load_implementations(project), names)
    _run(project, chosen, suite, device, out, timeout, build)


@app.command("all")
def all_(
    suite: SuiteName = None,
    device: DeviceOption = DeviceChoice.auto,
    out: OutFolder = None,
    timeout: Timeout = 300,
    build: Build = False,
) -> None:
    """Measure every implementation."""
    project = Project.find()
    chosen = list(load_implementations(project))
    _run(project, chosen, suite, device, out, timeout, build)


@app.command()
def summary() -> None:
    """Show the newest results of all runs, a table for each device and suite."""
    from bench.runfile import read_data
    from bench.summary import boards

    terminal.show_boards(boards(read_data(Project.find())))


@app.command()
def check() -> None:
    """Validate every page and every file in data/; report all problems, each with its line."""
    from bench.check import check_project

    terminal.say(check_project(Project.find()))


@app.command()
def new(name: Annotated[str, typer.Argument(help="File name of the page, without .md.")]) -> None:
    """Write a page to start from."""
    from bench.template import write_page

    project = Project.find()
    path = project.relative(write_page(name, project))
    terminal.say(f"wrote {path}: edit it, then python -m bench run {name}")


@app.command()
def schema() -> None:
    """Write data/schema.json, the JSON Schema of a line of a run file."""
    from bench.check import write_schema

    project = Project.find()
    terminal.say(f"wrote {project.relative(write_schema(project))}")


def _run(
    project: Project,
    chosen: list[Implementation],
    suite: str | None,
    device: DeviceChoice,
    out: Path | None,
    timeout_s: float,
    build: bool,
) -> None:
    from bench.host import detect_device
    from bench.record import Protocol
    from bench.runner import Job

    if not chosen:
        raise BenchError(
            "there are no pages in docs/impls: write one with python -m bench new NAME"
        )
    wanted = find_suite(suite) if suite else None  # a wrong name is told before anything starts
    where: Device = "cuda" if device is DeviceChoice.cuda else "cpu"
    if device is DeviceChoice.auto:
        where = detect_device()
    job = Job(
        project=project,
        implementations=tuple(chosen),
        suite=wanted or find_suite("flux" if where == "cuda" else "cpu"),
        device=where,
        out=out or project.data,
        timeout_s=timeout_s,
        build=build,
        protocol=Protocol(),
    )
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    terminal.run_job(job)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End as Ctrl-C does: children are killed and the run file is closed."""
    raise KeyboardInterrupt


def main() -> None:
    """Run a command; a user's mistake is one line for each problem and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal without µ
    try:
        app()
    except BenchError as error:
        for problem in error.problems:
            terminal.complain(str(problem))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
