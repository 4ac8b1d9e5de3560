"""Output to the terminal: lines, problems, and tables of implementations and selftests."""

import sys
from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench.devices import Device
from bench.machine.virtual_environments import layer_of, missing
from bench.operations.discovery import operation_of
from bench.pages.implementation import Implementation
from bench.pages.suites import Suite
from bench.project import Project
from bench.selftest.fitness import SelfTest, figures

_PIPED_WIDTH = 140
"""Width of a table in characters in a file or a log, which has more space than a terminal."""

console = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print a line."""
    console.print(escape(text), soft_wrap=True)


def complain(text: str) -> None:
    """Print a problem to standard error, as one line."""
    errors.print(f"[red]error:[/] {escape(text)}")


def warn(text: str) -> None:
    """Print a warning to standard error, as one line."""
    errors.print(f"[yellow]warning:[/] {escape(text)}")


def show_implementations(
    implementations: tuple[Implementation, ...], project: Project, device: Device
) -> None:
    """Print a table of implementations, and whether each can run on `device`."""
    table = Table("name", "title", f"here ({device})", box=None, header_style="bold")
    for implementation in implementations:
        titles = "\n".join(escape(variant.title) for variant in implementation.variants)
        table.add_row(implementation.slug, titles, _readiness(implementation, project, device))
    console.print(table)


def show_suites(suites: Iterable[Suite]) -> None:
    """Print a table of suites: their operations, descriptions and workloads."""
    table = Table("suite", "operation", "workloads", "", box=None, header_style="bold")
    table.columns[2].no_wrap = True  # names are copied from here
    for suite in suites:
        operations = dict.fromkeys(operation_of(each).title for each in suite.workloads)
        names = "\n".join(workload.name for workload in suite.workloads)
        table.add_row(suite.name, "\n".join(operations), names, escape(suite.description))
    console.print(table)


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


def show_selftest(test: SelfTest) -> None:
    """Print every figure with its goal, and every trial that did not end as required."""
    table = Table(
        "figure", "found", "goal", "", box=None, header_style="bold", padding=(0, 2, 0, 0)
    )
    for figure in figures(test):
        met = "[green]met[/]" if figure.met else "[red]missed[/]"
        table.add_row(escape(figure.name), escape(figure.value), escape(figure.goal), met)
    console.print(table)
    for trial in (*test.cheats, *test.crashes, *test.honest):
        if not trial.met:
            ended = f"{trial.status}: {trial.reason}" if trial.reason else trial.status
            say(f"{trial.title}: should end as {trial.goal}; ended as {ended}")
    if test.nvbench_problem:
        say(f"NVBench: {test.nvbench_problem}")
