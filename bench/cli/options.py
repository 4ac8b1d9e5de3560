"""The options of the command line."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from typer import Option

from bench.devices import NAMES

AUTO = "auto"

if TYPE_CHECKING:
    DeviceChoice: TypeAlias = str
else:
    DeviceChoice = Literal[AUTO, *NAMES]

DeviceOption = Annotated[DeviceChoice, Option(help="auto takes a GPU if there is one.")]
Timeout = Annotated[
    float,
    Option(
        "--timeout",
        min=1,
        max=86_400,
        help="Most seconds that a case, or loading a page, may take.",
    ),
]
Texts = list[str] | None


@dataclass(frozen=True)
class RunOptions:
    """The options of a run, as they were given."""

    suite: Annotated[
        str | None, Option(help="Suite to measure: a page in docs/suites [default: flux, or cpu].")
    ] = None
    workload: Annotated[
        Texts,
        Option(
            metavar="NAME|AXES",
            help="Workload to measure instead of a suite, by its name or as "
            "seqlen=64,heads=8,…; repeatable.",
        ),
    ] = None
    only: Annotated[
        Texts,
        Option(
            metavar="PATTERN",
            help="Measure only implementations, or workloads, whose names match; repeatable.",
        ),
    ] = None
    device: DeviceOption = AUTO
    rounds: Annotated[
        int | None, Option(min=1, max=99, help="Fresh processes for each case [default: 3].")
    ] = None
    resume: Annotated[
        str | None, Option(metavar="RUN", help="Continue a stopped run: its id or its file.")
    ] = None
    out: Annotated[Path | None, Option(help="Folder for the run file [default: data].")] = None
    timeout_s: Timeout = 300
    build: Annotated[
        bool, Option("--build", help="Compile packages that have only a source release.")
    ] = False
    share_gpu: Annotated[
        bool, Option("--share-gpu", help="Measure even if another process uses the GPU.")
    ] = False


def with_run_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command, with each field of `RunOptions` as an option in place of its last argument."""
    *arguments, _ = inspect.signature(command).parameters.values()
    fields = inspect.signature(RunOptions).parameters

    @functools.wraps(command)
    def filled(**values: Any) -> None:
        options = RunOptions(**{name: values.pop(name) for name in fields})
        command(*values.values(), options)

    filled.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # typer reads it
        [*arguments, *fields.values()]
    )
    return filled
