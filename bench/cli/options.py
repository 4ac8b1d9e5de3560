"""The options of the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from bench.devices import NAMES

AUTO = "auto"

if TYPE_CHECKING:
    DeviceChoice: TypeAlias = str
else:
    DeviceChoice = Literal[AUTO, *NAMES]

SuiteName = Annotated[
    str | None,
    typer.Option(
        "--suite", help="Suite to measure: a page in docs/suites [default: flux, or cpu]."
    ),
]
DeviceOption = Annotated[DeviceChoice, typer.Option(help="auto takes a GPU if there is one.")]
OutFolder = Annotated[
    Path | None, typer.Option("--out", help="Folder for the run file [default: data].")
]
Timeout = Annotated[
    float,
    typer.Option(min=1, max=86_400, help="Most seconds that a case, or loading a page, may take."),
]
Rounds = Annotated[
    int | None, typer.Option(min=1, max=99, help="Fresh processes for each case [default: 3].")
]
Resume = Annotated[
    str | None,
    typer.Option("--resume", metavar="RUN", help="Continue a stopped run: its id or its file."),
]
ShareGpu = Annotated[
    bool, typer.Option("--share-gpu", help="Measure even if another process uses the GPU.")
]
Build = Annotated[
    bool, typer.Option("--build", help="Compile packages that have only a source release.")
]
