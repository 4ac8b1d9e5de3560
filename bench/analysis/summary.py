"""Summaries of runs, without samples: the input of all rankings, lists, charts and comparisons.

The site reads a run file once and caches its summary.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from bench.analysis.alternate_timings import per_call_us
from bench.analysis.case_records import CaseRecords
from bench.analysis.marks import Mark, marks
from bench.analysis.stats import Interval, median
from bench.operations.discovery import RetiredWorkload
from bench.operations.operation import Workload, output_bytes
from bench.pages.suites import is_selection
from bench.records.outcome import Clocks, Ok, Passed, Status, Throttle
from bench.records.run_lines import Canary, Case, CaseKey, LineKey, Run
from bench.records.runfile import RunFile
from bench.text import one_line


class SustainedSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The pace and the power of a GPU that runs one call after another for seconds."""

    latency_us: float
    """Time of a call."""
    burst_us: float
    """Time of a call in the short bursts of the rounds, before the GPU has reached its limits."""
    energy_j: float | None
    """Energy of a call; None if the driver does not count it."""
    sm_mhz: int | None
    """Median of the readings of the SM clock."""
    power_w: float | None
    """Median of the power readings."""

    @property
    def change(self) -> float:
        """How much longer a call takes than in a short burst, as a share."""
        return self.latency_us / self.burst_us - 1


class CaseSummary(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The result of one case in one run; latencies in µs."""

    run: str
    """Id of the run."""
    implementation: str
    variant: str | None
    workload: Workload
    title: str
    """Title of the variant when it was measured."""
    precision: str
    code_sha256: str
    finished: datetime
    local_kernels: tuple[str, ...]
    """Kernels from the Hub that a local build replaced."""
    status: Status
    reason: str
    """Why the case has no latency; empty if it has one."""
    latency_us: float | None
    """The published latency: the median of the rounds' medians."""
    interval_us: Interval | None
    """95 % interval of the latency; None for a single round."""
    round_medians_us: tuple[float, ...]
    samples: int
    relative_error: float | None
    """The largest relative error of all checked outputs."""
    relative_bound: float | None
    """Bound of the output that has this relative error."""
    peak_memory_bytes: int | None
    """Peak memory allocated during a call, beyond the inputs; None if unknown."""
    first_call_ms: float | None
    plan_us: float | None
    """Time of planning again, which a program does once a step; None if nothing is planned."""
    sustained: SustainedSummary | None
    marks: tuple[Mark, ...]

    @property
    def line(self) -> LineKey:
        """Identity of the implementation and variant."""
        return LineKey(self.implementation, self.variant)

    @property
    def key(self) -> CaseKey:
        """Identity of the case."""
        return CaseKey(self.line, self.workload)

    @property
    def rounds(self) -> int:
        """Number of rounds that timed the case; 0 unless it is ok."""
        return len(self.round_medians_us)


class ClockRange(msgspec.Struct, frozen=True, kw_only=True):
    """The ranges of NVML's readings while cases were timed."""

    sm_mhz: tuple[int, int]
    power_w: tuple[float, float]
    temperature_c: tuple[int, int]
    throttle: dict[Throttle, int]
    """Number of rounds with each reason for a lower clock."""
    rounds: int
    """Number of monitored rounds."""


class RunSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One run, whose file is at `path` under `data/`."""

    path: str
    size: int
    sha256: str
    run: Run
    cases: tuple[CaseSummary, ...]
    retired: tuple[tuple[str, str], ...]
    """Operations that no longer exist, each with the title of a line that was measured on it."""
    canaries: tuple[Canary, ...]
    clocks: ClockRange | None
    packages: dict[str, dict[str, str]]
    """Installed versions of each line's own dependencies, by the name of the line."""
    complete: bool
    """Whether the run has several rounds and a result of each line for every workload of the suite.

    Each case was either timed in every round or failed. False for a run of a single round, of
    chosen workloads or of schema 1.
    """
    wall_s: float
    """Time from the start of the run to its last record."""
    busy_s: float
    """Time that the workers spent warming up, sampling and examining."""

    @property
    def ok(self) -> int:
        """Number of cases with a latency."""
        return sum(case.status == "ok" for case in self.cases)


def summarise(file: RunFile, path: str, cases: Sequence[CaseRecords]) -> RunSummary:
    """The summary of a run, whose file is at `path` under `data/` and contains `cases`."""
    return RunSummary(
        path=path,
        size=file.size,
        sha256=file.sha256,
        run=file.run,
        cases=tuple(map(summarise_case, cases)),
        retired=_retired(file),
        canaries=tuple(record for record in file.records if isinstance(record, Canary)),
        clocks=clock_range([ok.clocks for case in cases for ok in case.timed if ok.clocks]),
        packages={
            case.newest.line.name: case.newest.packages for case in cases if case.newest.packages
        },
        complete=_is_complete(file.run, cases),
        wall_s=_wall_s(file),
        busy_s=_busy_s(file),
    )


def retired(runs: Iterable[RunSummary]) -> dict[tuple[str, str], list[str]]:
    """For each pair in `RunSummary.retired`, the ids of the runs that have it, in their order."""
    found: dict[tuple[str, str], list[str]] = {}
    for run in runs:
        for pair in run.retired:
            found.setdefault(pair, []).append(run.run.id)
    return found


def _retired(file: RunFile) -> tuple[tuple[str, str], ...]:
    cases = (record for record in file.records if isinstance(record, Case))
    found = (
        (one_line(case.workload.operation), one_line(case.title))
        for case in cases
        if isinstance(case.workload, RetiredWorkload)
    )
    return tuple(dict.fromkeys(found))


def summarise_case(case: CaseRecords) -> CaseSummary:
    """The summary of a case."""
    newest, accuracy = case.newest, case.accuracy
    return CaseSummary(
        run=case.run.id,
        implementation=newest.implementation,
        variant=newest.variant,
        workload=newest.workload,
        title=one_line(newest.title),
        precision=newest.precision,
        code_sha256=newest.code_sha256,
        finished=newest.finished,
        local_kernels=newest.local_kernels,
        status=case.status,
        reason=one_line(case.reason),
        latency_us=case.latency_us,
        interval_us=case.interval_us,
        round_medians_us=case.round_medians_us,
        samples=len(case.samples_us),
        relative_error=accuracy.relative_error if accuracy else None,
        relative_bound=accuracy.relative_bound if accuracy else None,
        peak_memory_bytes=_peak_memory(case),
        first_call_ms=case.first_call_ms,
        plan_us=case.plan_us,
        sustained=_sustained(case),
        marks=marks(case),
    )


def _sustained(case: CaseRecords) -> SustainedSummary | None:
    found, burst_us = case.sustained, per_call_us(case.timed)
    if found is None or burst_us is None:
        return None
    clocks = found.clocks
    return SustainedSummary(
        latency_us=found.call_us,
        burst_us=burst_us,
        energy_j=found.call_energy_j,
        sm_mhz=round(median(clocks.sm_mhz)) if clocks else None,
        power_w=median(clocks.power_w) if clocks else None,
    )


def _peak_memory(case: CaseRecords) -> int | None:
    """The recorded peak; None if it is less than the size of the output.

    A call with such a peak writes into memory that it keeps between calls, such as the pool of a
    CUDA graph, whose size is not recorded.
    """
    peak = case.peak_memory_bytes
    return peak if peak is not None and peak >= output_bytes(case.newest.workload) else None


def clock_range(readings: Sequence[Clocks]) -> ClockRange | None:
    """The ranges of NVML's readings in the monitored rounds; None without readings."""
    mhz = [value for clocks in readings for value in clocks.sm_mhz]
    watts = [value for clocks in readings for value in clocks.power_w]
    celsius = [value for clocks in readings for value in clocks.temperature_c]
    if not (mhz and watts and celsius):
        return None
    return ClockRange(
        sm_mhz=(min(mhz), max(mhz)),
        power_w=(min(watts), max(watts)),
        temperature_c=(min(celsius), max(celsius)),
        throttle=dict(Counter(reason for clocks in readings for reason in clocks.throttle)),
        rounds=len(readings),
    )


def _is_complete(run: Run, cases: Sequence[CaseRecords]) -> bool:
    counts = Counter(case.newest.line for case in cases)
    # Before schema 3 a run did not record the workloads of its suite.
    wanted = len(run.workloads) or max(counts.values(), default=0)
    whole = all(count == wanted for count in counts.values())
    rounds = run.protocol.rounds
    timed = all(case.failure or len(case.timed) == rounds for case in cases)
    return whole and timed and rounds > 1 and run.schema > 1 and not is_selection(run.suite)


def _wall_s(file: RunFile) -> float:
    last = max((record.finished for record in file.records), default=file.run.started)
    return (last - file.run.started).total_seconds()


def _busy_s(file: RunFile) -> float:
    outcomes = (record.outcome for record in file.records if not isinstance(record, Canary))
    return sum(outcome.busy_s or 0 for outcome in outcomes if isinstance(outcome, Ok | Passed))
