"""Makes a run: measures every chosen implementation on every workload of a suite."""

import contextlib
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench import __version__
from bench.devices.discovery import KINDS, device_folder
from bench.errors import BenchError
from bench.machine.host import command_line, commit
from bench.machine.shared_buffer import SharedBuffer
from bench.machine.virtual_environments import prepare_python
from bench.pages.implementation import Implementation
from bench.records.outcome import Failure, Unsupported
from bench.records.run_lines import SCHEMA_VERSION, Environment, Examination, Result, Run
from bench.records.runwriter import RunWriter
from bench.runner.config import ProgressListener, RunConfig
from bench.runner.context import RunContext
from bench.runner.referee import RefereeProcess
from bench.runner.resume import refuse_other
from bench.runner.schedule import Progress
from bench.runner.session import Session

_INSTALLERS = 8
"""Number of environments that are made at the same time."""


def run(config: RunConfig, listener: ProgressListener) -> Path | None:
    """Measure what `config` asks for; return the run file, or None if there was nothing to measure.

    Raises:
        BenchError: torch cannot use the device, or another process uses it.
        KeyboardInterrupt: the run was stopped; its records are on disk.
    """
    with contextlib.ExitStack() as stack:
        buffer = stack.enter_context(SharedBuffer())
        referee = stack.enter_context(RefereeProcess(config.device, buffer))
        environment = _environment(config, referee)
        writer = stack.enter_context(_writer(config, environment))
        context = RunContext(
            referee,
            buffer,
            environment,
            config.protocol,
            config.timeout_s,
            config.memory_bytes,
            config.suite.sustained,
        )
        scratch = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        progress = Progress()
        for record in config.resume.records if config.resume else ():
            if isinstance(record, Examination | Result):
                progress.note(record)
        pythons = _pythons(config, listener)
        session = Session(config, context, writer, listener, progress, pythons, Path(scratch))
        session.take_turns()
        return writer.path if writer.written else None


def _environment(config: RunConfig, referee: RefereeProcess) -> Environment:
    if referee.uuid is None:
        return referee.environment
    others = KINDS[config.device].other_processes(referee.uuid)
    if others and not config.share_gpu:
        raise BenchError(
            f"other processes ({others}) use this GPU and would disturb every measurement: stop "
            "them, or measure anyway with --share-gpu, which the record will show"
        )
    return msgspec.structs.replace(referee.environment, other_processes=others)


def _writer(config: RunConfig, environment: Environment) -> RunWriter:
    run, folder = _run_record(config, environment), config.out / device_folder(environment)
    if config.resume is None:
        return RunWriter(folder, run)
    refuse_other(config.resume, run)
    return RunWriter(folder, config.resume.run, resume=config.resume)


def _run_record(config: RunConfig, environment: Environment) -> Run:
    started = datetime.now(UTC).replace(microsecond=0)
    head, dirty = commit(config.project)
    return Run(
        schema=SCHEMA_VERSION,
        id=f"{started:%Y%m%dT%H%M%SZ}-{config.suite.name}",
        started=started,
        suite=config.suite.name,
        protocol=config.protocol,
        environment=environment,
        command=command_line(config.project),
        bench=__version__,
        commit=head,
        dirty=dirty,
        workloads=config.suite.workloads,
    )


def _pythons(config: RunConfig, listener: ProgressListener) -> dict[str, Path | Failure]:
    """The interpreter of each page, or why it has none; all are made before anything is timed."""

    def prepare(page: Implementation) -> Path | Failure:
        devices = page.about.devices
        if config.device not in devices:
            reason = f"runs only on {' and '.join(devices)}, not on {config.device}"
            return Unsupported(reason=reason)
        listener.installing(page)
        return prepare_python(page, config.project, build=config.build)

    pool = ThreadPoolExecutor(_INSTALLERS)
    try:
        pages = config.implementations
        return dict(zip((page.slug for page in pages), pool.map(prepare, pages), strict=True))
    finally:
        pool.shutdown(cancel_futures=True)
