"""The options of the command line."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class DeviceChoice(StrEnum):
    """The device to measure on."""

    auto = "auto"
    cuda = "cuda"
    cpu = "cpu"


SuiteName = Annotated[
    str | None,
    typer.Option(
        "--suite", help="Suite to measure: a page in docs/suites [default: flux, or cpu]."
    ),
]
Workloads = Annotated[
    list[str] | None,
    typer.Option(
        "--workload",
        metavar="NAME|AXES",
        help="Workload to measure instead of a suite, by its name or as seqlen=64,heads=8,…; "
        "repeatable.",
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="PATTERN",
        help="Measure only implementations, or workloads, whose names match; repeatable.",
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
