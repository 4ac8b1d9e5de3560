"""Turns the options of the command line into a job."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.errors import BenchError
from bench.pages.implementation import Device, Implementation
from bench.project import Project
from bench.records.record import CPU_PROTOCOL, PROTOCOL
from bench.runs.job import Job
from bench.runs.resume import find_run, refuse_changed
from bench.terminal.options import DeviceChoice
from bench.workload import find_suite


@dataclass(frozen=True)
class Wanted:
    """The options of a run, as they were given."""

    implementations: list[Implementation]
    suite: str | None
    device: DeviceChoice
    rounds: int | None
    resume: str | None
    out: Path | None
    timeout_s: float
    build: bool
    share_gpu: bool


def make_job(project: Project, wanted: Wanted) -> Job:
    """The job that `wanted` asks for.

    Raises:
        BenchError: there is nothing to measure, a name is unknown, or a run cannot be continued.
    """
    if not wanted.implementations:
        raise BenchError(
            "there are no pages in docs/impls: write one with python -m bench new NAME"
        )
    out = wanted.out or project.data
    chosen = find_suite(wanted.suite) if wanted.suite else None
    device = chosen_device(wanted.device)
    protocol, resume = PROTOCOL if device == "cuda" else CPU_PROTOCOL, None
    if wanted.resume:
        if wanted.suite or wanted.rounds:
            raise BenchError(
                "--resume keeps the run's suite and rounds: leave out --suite and --rounds"
            )
        resume = find_run(wanted.resume, out, project)
        refuse_changed(resume, tuple(wanted.implementations))
        chosen, protocol = find_suite(resume.run.suite), resume.run.protocol
    elif wanted.rounds:
        protocol = msgspec.structs.replace(protocol, rounds=wanted.rounds)
    return Job(
        project=project,
        implementations=tuple(wanted.implementations),
        suite=chosen or find_suite("flux" if device == "cuda" else "cpu"),
        device=device,
        out=out,
        timeout_s=wanted.timeout_s,
        build=wanted.build,
        protocol=protocol,
        share_gpu=wanted.share_gpu,
        resume=resume,
    )


def chosen_device(choice: DeviceChoice) -> Device:
    """The device that `choice` means on this machine."""
    from bench.machine.host import detect_device

    if choice is DeviceChoice.auto:
        return detect_device()
    return "cuda" if choice is DeviceChoice.cuda else "cpu"
