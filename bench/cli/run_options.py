"""Turns the options of the command line into a configuration."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.cli.options import AUTO, DeviceChoice
from bench.devices import Device
from bench.devices.registry import KINDS, detect_device
from bench.errors import BenchError
from bench.operations.registry import operation_of
from bench.pages.implementation import Implementation
from bench.pages.suites import Suite, find_suite
from bench.project import Project
from bench.runner.config import RunConfig
from bench.runner.resume import find_run, refuse_changed, suite_of


@dataclass(frozen=True)
class RunOptions:
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


def make_config(project: Project, options: RunOptions) -> RunConfig:
    """The configuration of the run that `options` ask for.

    Raises:
        BenchError: there is nothing to measure, a name is unknown, or a run cannot be continued.
    """
    if not options.implementations:
        raise BenchError(
            "there are no pages in docs/impls: write one with python -m bench new NAME"
        )
    out = options.out or project.data
    chosen = find_suite(options.suite, project) if options.suite else None
    device = chosen_device(options.device)
    protocol, resume = KINDS[device].protocol, None
    if options.resume:
        if options.suite or options.rounds:
            raise BenchError(
                "--resume keeps the run's suite and rounds: leave out --suite and --rounds"
            )
        resume = find_run(options.resume, out, project)
        refuse_changed(resume, tuple(options.implementations))
        chosen, protocol = suite_of(resume, project), resume.run.protocol
    elif options.rounds:
        protocol = msgspec.structs.replace(protocol, rounds=options.rounds)
    suite = chosen or find_suite(KINDS[device].suite, project)
    return RunConfig(
        project=project,
        implementations=_able(options.implementations, suite),
        suite=suite,
        device=device,
        out=out,
        timeout_s=options.timeout_s,
        build=options.build,
        protocol=protocol,
        share_gpu=options.share_gpu,
        resume=resume,
    )


def _able(implementations: Iterable[Implementation], suite: Suite) -> tuple[Implementation, ...]:
    """The implementations that the suite has a workload for.

    Raises:
        BenchError: there are none.
    """
    able = tuple(
        page
        for page in implementations
        if any(variant.implements(w) for variant in page.variants for w in suite.workloads)
    )
    if not able:
        wanted = " or ".join(sorted({operation_of(w).name for w in suite.workloads}))
        raise BenchError(f"no page here defines {wanted}, which suite {suite.name} measures")
    return able


def chosen_device(choice: DeviceChoice) -> Device:
    """The device that `choice` means on this machine."""
    return detect_device() if choice == AUTO else choice
