"""The blocks of a stage's page, shared out to runs."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from bench.pages.implementation import Device, Implementation, load_implementation
from bench.project import Project
from bench.runs.job import Job
from bench.selftest.stages import Stage

PAGES = Path("docs") / "selftest"
"""Pages like those of the implementations, which no run, list or table takes for them."""


_CORES_FOR_A_RUN = 4
"""What a run that shares the machine keeps busy: a worker, and those that load ahead of it."""


@dataclass(frozen=True)
class Piece:
    """Some blocks of a stage's page, which one run takes."""

    stage: Stage
    page: Implementation
    out: Path


def share_out(stage: Stage, project: Project, out: Path) -> list[Piece]:
    """The blocks of a page shared out to runs, as many as the machine has cores for."""
    page = load_page(project, stage.page)
    count = min(len(page.variants), max(1, (os.cpu_count() or 1) // _CORES_FOR_A_RUN))
    return [
        Piece(stage, replace(page, variants=page.variants[n::count]), out / stage.page / str(n))
        for n in range(count)
    ]


def load_page(project: Project, name: str) -> Implementation:
    """The page `docs/selftest/<name>.md`.

    Raises:
        BenchError: it breaks the contract of a page.
    """
    return load_implementation(project.root / PAGES / f"{name}.md", project)


def job_of(piece: Piece, project: Project, device: Device) -> Job:
    """What a run of the piece is asked for; it shares the device unless its stage runs alone."""
    stage = piece.stage
    return Job(
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
