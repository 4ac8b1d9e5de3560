"""Divides the blocks of a stage's page among runs."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from bench.devices import Device
from bench.pages.implementation import Implementation, load_implementation
from bench.project import Project
from bench.runner.config import RunConfig
from bench.selftest.stages import Stage

PAGES = Path("docs") / "selftest"
"""Folder of pages that look like implementations but are in no list, table or ordinary run."""


_CORES_FOR_A_RUN = 4
"""Number of cores that each run uses: one worker measures while others load."""


@dataclass(frozen=True)
class Piece:
    """Some blocks of a stage's page, measured by one run."""

    stage: Stage
    page: Implementation
    out: Path


def share_out(stage: Stage, project: Project, out: Path) -> list[Piece]:
    """The blocks of a page, divided among as many runs as the machine has cores for."""
    page = load_page(project, stage.page)
    count = min(len(page.variants), max(1, (os.cpu_count() or 1) // _CORES_FOR_A_RUN))
    return [
        Piece(stage, replace(page, variants=page.variants[n::count]), out / stage.page / str(n))
        for n in range(count)
    ]


def load_page(project: Project, name: str) -> Implementation:
    """The page `docs/selftest/<name>.md`.

    Raises:
        BenchError: the page breaks the contract.
    """
    return load_implementation(project.root / PAGES / f"{name}.md", project)


def config_of(piece: Piece, project: Project, device: Device) -> RunConfig:
    """The configuration that measures a piece; it shares the device unless its stage runs alone."""
    stage = piece.stage
    return RunConfig(
        project=project,
        implementations=(piece.page,),
        suite=stage.suite,
        device=device,
        out=piece.out,
        timeout_s=stage.timeout_s,
        build=False,
        protocol=stage.protocol,
        share_gpu=not stage.alone,
        memory_bytes=stage.memory_bytes,
    )
