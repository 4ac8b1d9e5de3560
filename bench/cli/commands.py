"""The command line: each command reads its options, calls one function and prints the result."""

import errno
import signal
import sys
from types import FrameType
from typing import Annotated

import typer

from bench.cli import output
from bench.cli.make_config import chosen_device, make_config
from bench.cli.options import AUTO, DeviceOption, RunOptions, Timeout, with_run_options
from bench.devices.discovery import detect_device
from bench.errors import BenchError
from bench.pages.implementation import Implementation, load_implementations, select
from bench.pages.suites import load_suites
from bench.project import Project

app = typer.Typer(
    name="python -m bench",
    help="Measure implementations: pages in docs/impls × workloads → records in data/.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

INTERRUPTED = 130
"""Exit code of a run that was stopped, by the convention of shells: 128 + SIGINT."""


@app.command("list")
def list_(
    suites: Annotated[bool, typer.Option("--suites", help="Show the suites instead.")] = False,
) -> None:
    """Show every implementation, whether it can run here, and why not."""
    project = Project.find()
    if suites:
        output.show_suites(load_suites(project).values())
        return
    output.show_implementations(load_implementations(project), project, detect_device())


@app.command()
@with_run_options
def run(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Pages in docs/impls.")],
    options: RunOptions,
) -> None:
    """Measure the named implementations."""
    project = Project.find()
    _run(project, select(load_implementations(project), names), options)


@app.command("all")
@with_run_options
def all_(options: RunOptions) -> None:
    """Measure every implementation."""
    project = Project.find()
    _run(project, list(load_implementations(project)), options)


@app.command()
def summary() -> None:
    """Show the newest results of all runs, a table for each device and suite."""
    from bench.analysis.case_records import case_records
    from bench.analysis.leaderboard import leaderboards, titles_of
    from bench.analysis.summary import retired, summarise
    from bench.cli.leaderboards import show_leaderboards
    from bench.records.runfile import read_data

    project = Project.find()
    runs = [summarise(file, file.path.name, case_records(file)) for file in read_data(project)]
    show_leaderboards(leaderboards(runs, titles_of(load_implementations(project))))
    for operation, title in retired(runs):
        output.say(f"retired: {title}; its operation {operation} no longer exists")


@app.command()
def selftest(device: DeviceOption = AUTO, timeout: Timeout = 120) -> None:
    """Test the harness itself: a kernel against itself, cheats, crashes, independent clocks."""
    from bench.cli.selftest_progress import run_selftest

    project = Project.find()
    _begin(project)
    if not run_selftest(project, chosen_device(device), timeout):
        raise BenchError("the harness is not fit on this machine: see the goals that it missed")


@app.command()
def check() -> None:
    """Validate every page and every file in data/; report all problems, each with its line."""
    from bench.check import check_project

    output.say(check_project(Project.find()))


@app.command()
def new(name: Annotated[str, typer.Argument(help="File name of the page, without .md.")]) -> None:
    """Write a page to start from."""
    from bench.pages.template import write_page

    project = Project.find()
    path = project.relative(write_page(name, project))
    output.say(f"wrote {path}: edit it, then python -m bench run {name}")


@app.command("new-suite")
def new_suite(
    name: Annotated[str, typer.Argument(help="File name of the suite's page, without .md.")],
) -> None:
    """Write a page of a suite to start from."""
    from bench.pages.template import write_suite

    project = Project.find()
    path = project.relative(write_suite(name, project))
    output.say(f"wrote {path}: edit it, then python -m bench all --suite {name}")


@app.command()
def schema() -> None:
    """Write data/schema.json, the JSON Schema of a line of a run file."""
    from bench.check import write_schema

    project = Project.find()
    output.say(f"wrote {project.relative(write_schema(project))}")


def _run(project: Project, pages: list[Implementation], options: RunOptions) -> None:
    from bench.cli.progress import run_with_progress

    config = make_config(project, pages, options)
    _begin(project)
    run_with_progress(config)


def _begin(project: Project) -> None:
    """Let SIGTERM and SIGHUP end the run as Ctrl-C does; warn if the record names no commit."""
    from bench.machine.host import commit_problem

    _end_on_signals()
    if problem := commit_problem(project):
        output.warn(f"the record will name no commit: {problem}")


def _end_on_signals() -> None:
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is not signal.SIG_IGN:  # nohup ignores SIGHUP
            signal.signal(ending, _interrupt)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End as Ctrl-C does: kill the children and close the run file."""
    raise KeyboardInterrupt


def main() -> None:
    """Run a command; report a user's mistakes in one line each, with exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal without µ
    try:
        app()
    except BenchError as error:
        for problem in error.problems:
            output.complain(str(problem))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        output.complain(f"there is no room for the output or a temporary file: {error.strerror}")
        sys.exit(1)
