"""Tests the harness itself: cheats, crashes, honest kernels, and one kernel under nine names."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench import files
from bench.devices import Device
from bench.devices.discovery import device_folder
from bench.machine.host import command_line
from bench.project import Project
from bench.records.runfile import RunFile
from bench.selftest.fitness import SELFTEST_SCHEMA, SelfTest, Trial
from bench.selftest.nvbench import compare_with_nvbench
from bench.selftest.stage_run import SelfTestListener, StageResult, run_stages
from bench.selftest.stages import stages
from bench.selftest.trials import cupti_pairs, same_kernel


def selftest(
    project: Project,
    device: Device,
    timeout_s: float,
    listener: SelfTestListener,
    *,
    out: Path | None = None,
) -> Path:
    """Run every page of the selftest on this machine; return the path of the record.

    The record is `<out>/<device>/<id>.json`; `out` is the project's data folder by default.
    `timeout_s` limits each case of the pages that do not hang on purpose.

    Raises:
        BenchError: a page breaks the contract, torch cannot use the device, another process uses
            it, or the record cannot be written.
        KeyboardInterrupt: it was stopped; nothing is recorded.
    """
    started = datetime.now(UTC).replace(microsecond=0)
    results = run_stages(stages(device, timeout_s), project, device, listener)
    (same,) = results["same"].files
    run_ = same.run
    listener.stage("nvbench", 0)
    nvbench, nvbench_problem = compare_with_nvbench(project, run_.environment)
    test = SelfTest(
        schema=SELFTEST_SCHEMA,
        id=f"{started:%Y%m%dT%H%M%SZ}-selftest",
        started=started,
        environment=run_.environment,
        protocol=run_.protocol,
        command=command_line(project),
        commit=run_.commit,
        dirty=run_.dirty,
        same=same_kernel(same),
        cheats=_of("cheats", results),
        crashes=_of("crashes", results),
        honest=_of("honest", results),
        nvbench=nvbench,
        nvbench_problem=nvbench_problem,
        cupti=tuple(cupti_pairs(_honest(results))),
    )
    return write(test, out or project.data)


def _honest(results: dict[str, StageResult]) -> Iterator[RunFile]:
    for page, result in results.items():
        if page.split("_")[0] in ("same", "honest"):
            yield from result.files


def write(test: SelfTest, out: Path) -> Path:
    """Write the record into the folder of its device in `out`, whole or not at all."""
    path = out / device_folder(test.environment) / f"{test.id}.json"
    files.write(path, msgspec.json.encode(test) + b"\n")
    return path


def _of(kind: str, results: dict[str, StageResult]) -> tuple[Trial, ...]:
    """The trials of the pages `<kind>` and `<kind>_…`."""
    pages = (page for page in results if page.split("_")[0] == kind)
    return tuple(trial for page in pages for trial in results[page].trials)
