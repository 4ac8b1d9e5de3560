"""Makes pages and run files for tests, through the real record types and the real writer."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from outcomes import COOL, canary, ok, passed

from bench.analysis.case_records import case_records
from bench.analysis.summary import RunSummary, summarise
from bench.devices.discovery import device_folder
from bench.operations.attention.workload import attention
from bench.operations.operation import Workload
from bench.pages.suites import Suite, load_suite
from bench.project import Project
from bench.records.outcome import Failure, Outcome
from bench.records.run_lines import (
    PROTOCOL,
    SCHEMA_VERSION,
    Environment,
    Examination,
    Protocol,
    Record,
    Result,
    Run,
)
from bench.records.runfile import read_data
from bench.records.runwriter import RunWriter

ROOT = Path(__file__).parents[1]
START = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)

H200 = Environment(
    device="cuda",
    name="NVIDIA H200",
    python="3.11.9",
    torch="2.13.0",
    os="Linux 6.1",
    compute_capability="9.0",
    multiprocessors=132,
    memory_bytes=150_000_000_000,
    l2_cache_bytes=62_914_560,
    power_limit_w=700.0,
    driver="580.82",
    cuda="13.0",
    cudnn="9.13.0",
    triton="3.5.0",
    sm_clock_max_mhz=1980,
    memory_clock_max_mhz=3201,
    ecc=True,
    mig=False,
    other_processes=0,
)
CPU = Environment(
    device="cpu", name="AMD EPYC 9B14", python="3.11.9", torch="2.13.0", os="Linux 6.1", threads=2
)


@dataclass(frozen=True)
class Entry:
    """One line of a made-up run: a latency at the first workload, or how every case ended."""

    slug: str
    title: str
    us: float = 0.0
    variant: str | None = None
    outcome: Failure | None = None
    fails_in: int = 1
    """The round that ends with `outcome`; 0 is the examination, between the first and the next."""
    noise: float = 0.006
    """Spread of the samples: a few percent of it, and a result of few samples is noisy."""
    paces: tuple[float, ...] = (1.0, 1.001, 0.999)
    """How slow each round is beside the others: what makes an interval narrow or wide."""
    more: dict[str, Any] = field(default_factory=dict)
    """Fields of every record of the line."""
    passed: dict[str, Any] = field(default_factory=dict)
    """Fields of its examinations, where they went well."""
    ok: dict[str, Any] = field(default_factory=dict)
    """Fields of its rounds, where they went well."""


def page(root: Path, slug: str, title: str, **front_matter: str) -> Path:
    """Write a page with one fence; the values are YAML as it should stand in the front matter."""
    keys = {"provider": "PyTorch", "homepage": "https://example.org/project"} | front_matter
    path = root / "docs" / "impls" / f"{slug}.md"
    path.write_text(
        "\n".join(
            [
                "---",
                f"title: {title}",
                *(f"{key}: {value}" for key, value in keys.items()),
                "---",
                "",
                f"# The page {slug}",
                "",
                "What it is and when to choose it.",
                "",
                "```{.python .bench}",
                "from torch.nn.functional import scaled_dot_product_attention",
                "",
                "",
                "def attention(q, k, v, *, causal):",
                "    q, k, v = (tensor.transpose(1, 2) for tensor in (q, k, v))",
                "    out = scaled_dot_product_attention(q, k, v, is_causal=causal)",
                "    return out.transpose(1, 2)",
                "```",
                "",
            ]
        ),
        encoding="utf-8",
    )
    return path


CPU_SUITE = """\
---
title: CPU
description: Three small problems.
workloads:
  - {seqlen: [64, 128, 256], heads: 8, head_dim: 64, dtype: float32}
---

# CPU
"""
"""A page of a suite, smaller than the project's own."""

SUITES = {
    "flux": load_suite(ROOT / "docs" / "suites" / "flux.md", Project(ROOT)),
    "cpu": Suite(
        "cpu",
        "CPU",
        "Three small problems.",
        tuple(attention(seqlen, 8, 64, "float32") for seqlen in (64, 128, 256)),
    ),
}


def run(environment: Environment = H200, *, suite: str = "flux", day: int = 0, **more: Any) -> Run:
    """The first line of a run file, `day` days after the first."""
    started = START + timedelta(days=day)
    values = {
        "schema": SCHEMA_VERSION,
        "id": f"{started:%Y%m%dT%H%M%SZ}-{suite}",
        "started": started,
        "suite": suite,
        "protocol": PROTOCOL,
        "environment": environment,
        "command": f"python -m bench all --suite {suite}",
        "bench": "0.1.0",
        "commit": "0123456789abcdef0123456789abcdef01234567",
        "dirty": False,
        "workloads": SUITES[suite if suite in SUITES else "flux"].workloads,
    }
    return Run(**(values | more))


def result(
    entry: Entry, workload: Workload, outcome: Outcome, finished: datetime, **more: Any
) -> Result:
    """What a round found for one case of `entry`."""
    return Result(**_case(entry, workload, finished), outcome=outcome, **more)


def _case(entry: Entry, workload: Workload, finished: datetime) -> dict[str, Any]:
    values = {
        "implementation": entry.slug,
        "variant": entry.variant,
        "title": entry.title,
        "precision": "exact",
        "code_sha256": "0" * 64,
        "workload": workload,
        "finished": finished,
        "packages": {"torch": "2.13.0"},
    }
    return values | entry.more


def write(root: Path, run: Run, records: Iterable[Record]) -> Path:
    """Write a run file into `root`'s data folder, as a run would."""
    folder = root / "data" / device_folder(run.environment)
    with RunWriter(folder, run) as writer:
        for item in records:
            writer.append(item)
    return writer.path


def write_run(
    root: Path,
    entries: Sequence[Entry],
    *,
    run: Run | None = None,
    samples: int = 40,
    drift: float = 0.0,
) -> Path:
    """Write a run of every entry on every workload of the suite; latency grows with the square.

    The device's own pace changes by `drift`, a share, around each line's round.
    """
    run = run or _default_run()
    return write(root, run, _records(entries, run, samples, drift))


def retire(path: Path) -> Path:
    """Turn the run's attention into an operation that nobody has, as if its folder was removed."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"operation":"attention"', '"operation":"old_conv","stride":[2]'))
    return path


def summaries(project: Project) -> list[RunSummary]:
    """Every run of a project, the oldest first."""
    return [summarise(file, file.path.name, case_records(file)) for file in read_data(project)]


def write_old_run(root: Path, entries: Sequence[Entry], *, run: Run, samples: int = 40) -> Path:
    """Write a run as schema 1 had it: one round, no examination, no canary."""
    old = msgspec.structs.replace(run, schema=1, protocol=Protocol(), workloads=())
    unknown = {"seeds": (), **dict.fromkeys(("busy_s", "checked_batches", "burst", "clocks"))}
    results = []
    for place, (entry, workload, us) in enumerate(_cases(entries, old)):
        plain = replace(entry, ok={"peak_memory_bytes": 52_000_000, **unknown})
        outcome = entry.outcome or _round(plain, workload, us, old, samples=samples)
        finished = old.started + timedelta(seconds=place)
        results.append(result(entry, workload, outcome, finished))
    return write(root, old, results)


def _records(entries: Sequence[Entry], run: Run, samples: int, drift: float) -> Iterator[Record]:
    """Rounds with a canary between the processes of the lines; the first one may examine too."""
    moments = (run.started + timedelta(seconds=number) for number in itertools.count())
    pace = 0.0
    yield canary(next(moments))
    for number in range(1, run.protocol.rounds + 1):
        for entry in entries:
            if entry.outcome and number > max(1, entry.fails_in):
                continue  # a failure ends the case
            for _, workload, us in _cases([entry], run):
                outcome = _round(entry, workload, us, run, number=number, samples=samples)
                yield result(entry, workload, outcome, next(moments), round=number)
            examined = number == 1 and not run.protocol.judged_only
            if examined and not (entry.outcome and entry.fails_in == 1):
                yield from _examinations(entry, run, moments)
            pace = drift - pace
            yield canary(next(moments), pace=1 + pace)


def _examinations(entry: Entry, run: Run, moments: Iterator[datetime]) -> Iterator[Examination]:
    for _, workload, us in _cases([entry], run):
        failed = None if entry.fails_in else entry.outcome
        outcome = failed or passed(us, run.environment, **entry.passed)
        yield Examination(**_case(entry, workload, next(moments)), outcome=outcome)


def _round(
    entry: Entry, workload: Workload, us: float, run: Run, *, number: int = 1, samples: int
) -> Outcome:
    """What round `number` finds for a case of `us` microseconds."""
    if entry.outcome and entry.fails_in == number:
        return entry.outcome
    pace = entry.paces[(number - 1) % len(entry.paces)]
    seed = f"{workload.name}/{number}"
    more = {"clocks": COOL if run.environment.device == "cuda" else None} | entry.ok
    return ok(us * pace, samples=samples, seed=seed, noise=entry.noise, **more)


def _cases(entries: Sequence[Entry], run: Run) -> Iterator[tuple[Entry, Workload, float]]:
    """Each entry on each workload, with its latency there."""
    workloads = run.workloads or SUITES[run.suite if run.suite in SUITES else "flux"].workloads
    for entry in entries:
        for workload in workloads:
            # A case that fails needs no latency, but the time of its examination has to be one.
            us = (entry.us or 1.0) * (workload.size / workloads[0].size) ** 2
            yield entry, workload, us


def _default_run() -> Run:
    return run()
