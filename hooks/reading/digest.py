"""A run in few words: what lists, histories and comparisons need, without its samples."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import msgspec

from bench.records.outcome import Status
from bench.records.record import Canary, Case, Run
from bench.records.runfile import RunFile
from bench.selftest.fitness_runs import RunFacts, facts_of
from bench.text import one_line
from bench.verdicts.cell import Cell
from bench.verdicts.marks import Mark, marks
from bench.verdicts.scope import Scope
from bench.verdicts.stats import Interval
from bench.workload import Workload


class CaseDigest(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One case of one run; latencies in µs."""

    implementation: str
    variant: str | None
    title: str
    precision: str
    code_sha256: str
    workload: Workload
    direction: str
    finished: datetime
    local: bool
    """Whether a local build took the place of a kernel from the Hub."""
    status: Status
    reason: str
    latency_us: float | None
    interval_us: Interval | None
    rounds_us: tuple[float, ...]
    """The median of each round."""
    samples: int
    relative_error: float | None
    relative_bound: float | None
    peak_memory_bytes: int | None
    first_call_ms: float | None
    marks: tuple[Mark, ...]


class RunDigest(msgspec.Struct, frozen=True, kw_only=True):
    """One run; its file lies at `path` under `data/`."""

    path: str
    size: int
    sha256: str
    run: Run
    cases: tuple[CaseDigest, ...]
    canaries: tuple[Canary, ...]
    clocks: "ClockRange | None"
    complete: bool
    """As `RunFacts` has it."""
    wall_s: float
    busy_s: float
    packages: dict[str, dict[str, str]]
    """Versions of each line's own dependencies, as installed, by the name of the line."""

    @property
    def served(self) -> str:
        """Where the site serves the file, from its root, if it does (`Report.served`)."""
        return f"data/v1/runs/{self.path}"


class ClockRange(msgspec.Struct, frozen=True, kw_only=True):
    """The lowest and the highest that NVML read while a run timed its cases."""

    sm_mhz: tuple[int, int]
    power_w: tuple[float, float]
    temperature_c: tuple[int, int]
    throttle: dict[str, int]
    """Rounds in which each reason for a lower clock was given."""
    rounds: int
    """Rounds that were watched."""


@dataclass(frozen=True)
class CaseName:
    """What names a case across runs."""

    scope: Scope
    implementation: str
    variant: str | None
    workload: Workload

    @property
    def key(self) -> str:
        """What names it within its page, in what the browser loads."""
        return f"{one_line(self.scope.name)}/{self.variant or ''}/{self.workload.name}"


def case_name(run: Run, case: CaseDigest | Case) -> CaseName:
    """The name of a case of `run`."""
    workload = case.workload
    scope = Scope(
        run.environment.name,
        run.suite,
        workload.dtype,
        workload.causal,
        case.direction,  # type: ignore[arg-type]
    )
    return CaseName(scope, case.implementation, case.variant, workload)


def line_name(slug: str, variant: str | None) -> str:
    """What names a line in links; as `report.key` in browser/metrics.js."""
    return f"{slug}.{variant}" if variant else slug


def digest(file: RunFile, path: str, found: tuple[Cell, ...]) -> RunDigest:
    """What is kept of a run and its cases; its file is called `path` under `data/`."""
    content, told = file.path.read_bytes(), facts_of(file, found)
    return RunDigest(
        path=path,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        run=file.run,
        cases=tuple(map(_case, found)),
        canaries=tuple(record for record in file.records if isinstance(record, Canary)),
        clocks=_clocks(found),
        complete=told.complete,
        wall_s=told.wall_s,
        busy_s=told.busy_s,
        packages={
            line_name(cell.newest.implementation, cell.newest.variant): cell.newest.packages
            for cell in found
            if cell.newest.packages
        },
    )


def run_facts(one: RunDigest) -> RunFacts:
    """What a run says of the harness."""
    published = {
        (c.implementation, c.variant, c.title, c.workload, c.code_sha256): c.latency_us
        for c in one.cases
        if c.latency_us is not None
    }
    return RunFacts(one.run, one.complete, one.wall_s, one.busy_s, published)


def _case(cell: Cell) -> CaseDigest:
    case, accuracy = cell.newest, cell.accuracy
    return CaseDigest(
        implementation=case.implementation,
        variant=case.variant,
        title=case.title,
        precision=case.precision,
        code_sha256=case.code_sha256,
        workload=case.workload,
        direction=case.direction,
        finished=case.finished,
        local=bool(case.local_kernels),
        status=cell.status,
        reason=one_line(cell.reason),
        latency_us=cell.latency_us,
        interval_us=cell.interval_us,
        rounds_us=cell.round_medians_us,
        samples=len(cell.samples_us),
        relative_error=accuracy.relative_error if accuracy else None,
        relative_bound=accuracy.relative_bound if accuracy else None,
        peak_memory_bytes=cell.peak_memory_bytes,
        first_call_ms=cell.first_call_ms,
        marks=marks(cell),
    )


def _clocks(found: tuple[Cell, ...]) -> ClockRange | None:
    read = [ok.clocks for cell in found for ok in cell.timed if ok.clocks]
    if not read:
        return None
    throttle: dict[str, int] = {}
    for clocks in read:
        for why in clocks.throttle:
            throttle[why] = throttle.get(why, 0) + 1
    mhz = [value for clocks in read for value in clocks.sm_mhz]
    watts = [value for clocks in read for value in clocks.power_w]
    celsius = [value for clocks in read for value in clocks.temperature_c]
    if not (mhz and watts and celsius):
        return None
    return ClockRange(
        sm_mhz=(min(mhz), max(mhz)),
        power_w=(min(watts), max(watts)),
        temperature_c=(min(celsius), max(celsius)),
        throttle=throttle,
        rounds=len(read),
    )
