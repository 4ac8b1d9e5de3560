"""The records of one case of one run, and the figures computed from them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from statistics import fmean

from bench.analysis.stats import Interval, median, quantiles, rounds_interval
from bench.operations.discovery import RetiredWorkload
from bench.records.outcome import (
    Accuracy,
    AlternateTimings,
    Ok,
    Passed,
    Status,
    Sustained,
    Trace,
    largest,
)
from bench.records.run_lines import Canary, Case, CaseKey, Examination, Result, Run
from bench.records.runfile import RunFile

SPREAD = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Round:
    """One round of a case, with the canaries before and after its process."""

    result: Result
    before: Canary | None = None
    after: Canary | None = None

    @property
    def drift(self) -> float:
        """Change of the canary during the round, as a share; 0 if unknown.

        It is the larger of the changes of its matrix product and of its copy.
        """
        if not (self.before and self.after):
            return 0.0
        return max(
            abs(self.after.matmul_us / self.before.matmul_us - 1),
            abs(self.after.copy_us / self.before.copy_us - 1),
        )


@dataclass(frozen=True)
class CaseRecords:
    """The examination of a case and its rounds, with every sample."""

    run: Run
    examination: Examination | None
    rounds: tuple[Round, ...] = field(default=())

    @cached_property
    def newest(self) -> Case:
        """The newest of the case's records, by the time at which each was finished."""
        records = [self.examination, *(round_.result for round_ in self.rounds)]
        return max(filter(None, records), key=lambda record: record.finished)

    @cached_property
    def failure(self) -> Examination | Result | None:
        """The first record that is not ok, which determines the status of the case."""
        if self.examination and not isinstance(self.examination.outcome, Passed):
            return self.examination
        return next((r.result for r in self.rounds if r.result.status != "ok"), None)

    @property
    def status(self) -> Status:
        """`ok` if the examination and all rounds succeeded, else the first failure's status."""
        status: Status = self.failure.status if self.failure else "ok"  # type: ignore[assignment]
        return status

    @property
    def reason(self) -> str:
        """Why the case has no latency; empty if it has one."""
        return str(getattr(self.failure.outcome, "reason", "")) if self.failure else ""

    @cached_property
    def timed(self) -> tuple[Ok, ...]:
        """The outcomes of all rounds; empty unless the case is ok."""
        if self.failure:
            return ()
        return tuple(r.result.outcome for r in self.rounds if isinstance(r.result.outcome, Ok))

    @cached_property
    def rounds_us(self) -> tuple[list[float], ...]:
        """The samples of each round, sorted once because many figures need them sorted."""
        return tuple(sorted(ok.latency_us) for ok in self.timed)

    @cached_property
    def round_medians_us(self) -> tuple[float, ...]:
        """The median of each round, in the order of the rounds."""
        return tuple(median(samples) for samples in self.rounds_us)

    @cached_property
    def latency_us(self) -> float | None:
        """The published latency: the median of the rounds' medians."""
        return median(self.round_medians_us) if self.round_medians_us else None

    @cached_property
    def interval_us(self) -> Interval | None:
        """The 95 % interval of `latency_us`; None for fewer than two rounds."""
        return rounds_interval(self.round_medians_us)

    @cached_property
    def spread_us(self) -> tuple[float, float, float] | None:
        """The 5th, 50th and 95th percentiles of all samples together."""
        samples = self.samples_us
        if not samples:
            return None
        low, middle, high = quantiles(samples, SPREAD)
        return low, middle, high

    @cached_property
    def samples_us(self) -> tuple[float, ...]:
        """The samples of all rounds, sorted within each round."""
        return tuple(us for samples in self.rounds_us for us in samples)

    @property
    def mean_us(self) -> float:
        """The mean of all samples: a check value that depends on every sample, not a latency."""
        return fmean(self.samples_us)

    @cached_property
    def accuracy(self) -> Accuracy | None:
        """The largest errors found in any checked output, each with the bound of that output."""
        records = [self.examination, *(round_.result for round_ in self.rounds)]
        accuracies = [getattr(record.outcome, "accuracy", None) for record in records if record]
        checked: list[Accuracy] = [accuracy for accuracy in accuracies if accuracy]
        return largest(checked) if checked else None

    @cached_property
    def passed(self) -> Passed | None:
        """The outcome of the examination; None if it failed or there is none."""
        outcome = self.examination.outcome if self.examination else None
        return outcome if isinstance(outcome, Passed) else None

    @property
    def sustained(self) -> Sustained | None:
        """Calls back to back on a GPU that was busy already; None if the case has none."""
        return next((ok.sustained for ok in self.timed if ok.sustained), None)

    @property
    def first_call_ms(self) -> float | None:
        """Duration of the first call in the first round, whose compilation caches were empty."""
        return next((ok.first_call_ms for ok in self.timed), None)

    @property
    def peak_memory_bytes(self) -> int | None:
        """Peak memory allocated during a call, beyond the inputs."""
        if self.passed:
            return self.passed.peak_memory_bytes
        return next((ok.peak_memory_bytes for ok in self.timed), None)

    @property
    def plan_us(self) -> float | None:
        """Median time of planning again; None if the page plans nothing or the time is unknown."""
        return median(self.passed.plan_us) if self.passed and self.passed.plan_us else None

    @property
    def lanes(self) -> AlternateTimings | None:
        """The timings of the call by other clocks."""
        return self.passed.lanes if self.passed else None

    @property
    def trace(self) -> Trace | None:
        """CUPTI's trace of the call."""
        return self.passed.trace if self.passed else None


def case_records(file: RunFile) -> tuple[CaseRecords, ...]:
    """The cases of a run that failed or were timed at least once, in the order they began.

    Cases of operations that no longer exist are left out; `RunSummary.retired` names them.
    """
    examined: dict[CaseKey, Examination] = {}
    rounds: dict[CaseKey, list[Round]] = {}
    for record, before, after in _between_canaries(file):
        if isinstance(record.workload, RetiredWorkload):
            continue
        if isinstance(record, Examination):
            examined[record.key] = record
        else:
            rounds.setdefault(record.key, []).append(Round(record, before, after))
    cases = (
        CaseRecords(file.run, examined.get(key), tuple(rounds.get(key, ())))
        for key in dict.fromkeys([*examined, *rounds])
    )
    return tuple(case for case in cases if case.rounds or case.failure)


def _between_canaries(
    file: RunFile,
) -> Iterator[tuple[Examination | Result, Canary | None, Canary | None]]:
    """Each record of a case, with the canaries before and after it."""
    before: Canary | None = None
    waiting: list[Examination | Result] = []
    for record in file.records:
        if isinstance(record, Canary):
            yield from ((waited, before, record) for waited in waiting)
            before, waiting = record, []
        else:
            waiting.append(record)
    yield from ((waited, before, None) for waited in waiting)
