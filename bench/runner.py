"""A run: every chosen implementation on every workload of a suite, each result on disk at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol as Interface

import msgspec

from bench import __version__
from bench.environments import prepare_python
from bench.host import command_line, commit, probe, scrub
from bench.implementation import Device, Implementation, Variant
from bench.measure import Measured, Plan, measure
from bench.outcome import Ok, Outcome, Unavailable, Unsupported
from bench.project import Project
from bench.record import SCHEMA_VERSION, Protocol, Result, Run
from bench.runwriter import RunWriter
from bench.text import one_line
from bench.workload import Suite, Workload


@dataclass(frozen=True)
class Job:
    """What a person asked for."""

    project: Project
    implementations: tuple[Implementation, ...]
    suite: Suite
    device: Device
    out: Path
    timeout_s: float
    build: bool
    protocol: Protocol

    @property
    def cases(self) -> int:
        """How many results the run will have."""
        lines = sum(len(implementation.variants) for implementation in self.implementations)
        return lines * len(self.suite.workloads)


class Watcher(Interface):
    """Who is told how a run goes on."""

    def installing(self, implementation: Implementation) -> None:
        """The environment of a page is being made."""

    def starting(self, variant: Variant, workload: Workload) -> None:
        """A case begins."""

    def finished(self, result: Result) -> None:
        """A result is on disk."""


def run(job: Job, watcher: Watcher) -> Path | None:
    """Measure what `job` asks for; the run file, or nothing where there was nothing to measure.

    Raises:
        BenchError: torch cannot use the device.
        KeyboardInterrupt: the run was stopped; what was measured is on disk.
    """
    with RunWriter(job.out, _run_record(job)) as writer:
        for implementation in job.implementations:
            for result in _results(job, implementation, watcher):
                writer.append(result)
                watcher.finished(result)
        return writer.path if writer.written else None


def _run_record(job: Job) -> Run:
    started = datetime.now(UTC).replace(microsecond=0)
    head, dirty = commit(job.project)
    return Run(
        schema=SCHEMA_VERSION,
        id=f"{started:%Y%m%dT%H%M%SZ}-{job.suite.name}",
        started=started,
        suite=job.suite.name,
        protocol=job.protocol,
        environment=probe(job.device),
        command=command_line(job.project),
        bench=__version__,
        commit=head,
        dirty=dirty,
    )


def _results(job: Job, implementation: Implementation, watcher: Watcher) -> Iterator[Result]:
    """The results of all variants of one page."""
    workloads = job.suite.workloads
    devices = implementation.about.devices
    if job.device not in devices:
        reason = f"runs only on {' and '.join(devices)}, not on {job.device}"
        yield from _refusals(job, implementation, Unsupported(reason=reason))
        return
    watcher.installing(implementation)
    python = prepare_python(implementation, job.project, build=job.build)
    if isinstance(python, Unavailable):
        yield from _refusals(job, implementation, python)
        return
    for variant in implementation.variants:
        plan = Plan(
            implementation, variant, python, job.device, job.protocol, workloads, job.timeout_s
        )
        for measured in measure(plan, partial(watcher.starting, variant)):
            yield _result(job, implementation, variant, measured)


def _refusals(job: Job, implementation: Implementation, outcome: Outcome) -> Iterator[Result]:
    for variant in implementation.variants:
        for workload in job.suite.workloads:
            yield _result(job, implementation, variant, Measured(workload, outcome))


def _result(
    job: Job, implementation: Implementation, variant: Variant, measured: Measured
) -> Result:
    return Result(
        implementation=implementation.slug,
        variant=variant.id,
        title=variant.title,
        precision=implementation.about.precision,
        code_sha256=variant.code_sha256,
        workload=measured.workload,
        finished=datetime.now(UTC).replace(microsecond=0),
        packages=measured.packages,
        local_kernels=measured.local_kernels,
        outcome=_scrubbed(measured.outcome, job.project),
    )


def _scrubbed(outcome: Outcome, project: Project) -> Outcome:
    if isinstance(outcome, Ok):
        return outcome
    return msgspec.structs.replace(outcome, reason=one_line(scrub(outcome.reason, project)))
