"""Makes a run: measures every chosen implementation on every workload of a suite."""

import contextlib
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from bench import __version__
from bench.errors import BenchError
from bench.machine.environments import prepare_python
from bench.machine.gauge import gauge, other_processes
from bench.machine.host import command_line, commit
from bench.machine.share import SharedMemory
from bench.pages.implementation import Implementation
from bench.records.outcome import Failure, Unsupported
from bench.records.record import SCHEMA_VERSION, Case, Environment, Run
from bench.records.runwriter import RunWriter
from bench.runs.desk import Desk
from bench.runs.job import Job, Watcher
from bench.runs.referee import Referee
from bench.runs.resume import refuse_other
from bench.runs.schedule import Progress
from bench.runs.session import Session, take_turns

_INSTALLERS = 8
"""Number of environments that are made at the same time."""


def run(job: Job, watcher: Watcher) -> Path | None:
    """Measure what `job` asks for; return the run file, or None if there was nothing to measure.

    Raises:
        BenchError: torch cannot use the device, or another process uses it.
        KeyboardInterrupt: the run was stopped; its records are on disk.
    """
    with contextlib.ExitStack() as stack:
        share = stack.enter_context(SharedMemory())
        referee = stack.enter_context(Referee(job.device, share))
        environment = _environment(job, referee)
        writer = stack.enter_context(_writer(job, environment))
        desk = Desk(
            referee,
            share,
            job.protocol,
            environment,
            job.device,
            job.timeout_s,
            job.memory_bytes,
            partial(gauge, referee.uuid),
        )
        scratch = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        progress = Progress()
        for record in job.resume.records if job.resume else ():
            if isinstance(record, Case):
                progress.note(record)
        pythons = _pythons(job, watcher)
        session = Session(job, desk, writer, watcher, progress, pythons, Path(scratch))
        take_turns(session)
        return writer.path if writer.written else None


def _environment(job: Job, referee: Referee) -> Environment:
    if referee.uuid is None:
        return referee.environment
    others = other_processes(referee.uuid)
    if others and not job.share_gpu:
        raise BenchError(
            f"other processes ({others}) use this GPU and would disturb every measurement: stop "
            "them, or measure anyway with --share-gpu, which the record will show"
        )
    return msgspec.structs.replace(referee.environment, other_processes=others)


def _writer(job: Job, environment: Environment) -> RunWriter:
    run = _run_record(job, environment)
    if job.resume is None:
        return RunWriter(job.out, run)
    refuse_other(job.resume, run)
    return RunWriter(job.out, job.resume.run, resume=job.resume)


def _run_record(job: Job, environment: Environment) -> Run:
    started = datetime.now(UTC).replace(microsecond=0)
    head, dirty = commit(job.project)
    return Run(
        schema=SCHEMA_VERSION,
        id=f"{started:%Y%m%dT%H%M%SZ}-{job.suite.name}",
        started=started,
        suite=job.suite.name,
        protocol=job.protocol,
        environment=environment,
        command=command_line(job.project),
        bench=__version__,
        commit=head,
        dirty=dirty,
    )


def _pythons(job: Job, watcher: Watcher) -> dict[str, Path | Failure]:
    """The interpreter of each page, or why it has none; all are made before anything is timed."""

    def prepare(page: Implementation) -> Path | Failure:
        devices = page.about.devices
        if job.device not in devices:
            reason = f"runs only on {' and '.join(devices)}, not on {job.device}"
            return Unsupported(reason=reason)
        watcher.installing(page)
        return prepare_python(page, job.project, build=job.build)

    pool = ThreadPoolExecutor(_INSTALLERS)
    try:
        pages = job.implementations
        return dict(zip((page.slug for page in pages), pool.map(prepare, pages), strict=True))
    finally:
        pool.shutdown(cancel_futures=True)
