"""Leads a worker through one case: gives it seeds, has its outputs judged, and times it."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bench.analysis.stats import median
from bench.devices.kind import ClockSampler
from bench.machine.worker_process import WorkerProcess, thread_waiting_us
from bench.operations.operation import Workload, output_bytes
from bench.pages.implementation import Precision
from bench.records.outcome import (
    Accuracy,
    Burst,
    Failure,
    Incorrect,
    Ok,
    OutOfMemory,
    Passed,
    Sustained,
    largest,
)
from bench.runner.context import RunContext
from bench.runner.messages import (
    Done,
    Ended,
    Examine,
    Examined,
    Go,
    Handed,
    Prepared,
    Ready,
    RunBurst,
    Seed,
    Stop,
    Time,
    Timed,
)
from bench.runner.plausibility import (
    burst_calls,
    calls_after,
    contradiction,
    interrupted,
    refusal,
    sustained_calls,
)
from bench.runner.schedule import Kind

Answer = TypeVar("Answer")

_THIS_THREAD = Path("/proc/thread-self")


class EndedError(Exception):
    """The worker has ended the case itself."""

    def __init__(self, ended: Ended) -> None:
        super().__init__()
        self.ended = ended


class GoneError(Exception):
    """The worker process has ended."""


class ForgedError(Exception):
    """Something answered out of turn: the worker cannot be trusted with another case."""


class _FailedError(Exception):
    """The parent has decided that the case ends with this failure."""

    def __init__(self, outcome: Failure) -> None:
        super().__init__()
        self.outcome = outcome


@dataclass
class CaseExchange:
    """The parent's dialogue with one worker about one case."""

    context: RunContext
    worker: WorkerProcess
    workload: Workload
    kind: Kind
    precision: Precision
    round: int

    def run(self) -> tuple[Passed | Ok | Failure, tuple[str, ...] | None]:
        """Lead the worker through the case; return the outcome, and the kernels built locally.

        The kernels are those from the Hub that a local build replaced; None if the worker was asked
        to stop after a failure and did not.

        Raises:
            TimeoutError: the case did not end in time.
            GoneError: the worker has died.
            ForgedError: the worker answered out of turn.
        """
        self.context.buffer.hold(output_bytes(self.workload))
        self.worker.begin_case()
        self._deadline = time.monotonic() + self.context.timeout_s
        self._judged: list[Accuracy] = []
        outcome: Passed | Ok | Failure
        try:
            outcome = self._examine() if self.kind == "examine" else self._time()
        except EndedError as error:
            if error.ended.outcome is None:
                raise ForgedError from None  # only the parent may say that a case went well
            return error.ended.outcome, error.ended.local_kernels
        except _FailedError as error:
            outcome = error.outcome
        try:
            ended = self._stop()
        except (TimeoutError, GoneError, ForgedError):
            if isinstance(outcome, Passed | Ok):
                raise
            return outcome, None  # a wrong output stays wrong, whatever the worker does now
        if ended.outcome and isinstance(outcome, Passed | Ok):
            outcome = ended.outcome  # a worker may turn a success into a failure, and nothing else
        return outcome, ended.local_kernels

    def _stop(self) -> Ended:
        try:
            self._ask(Stop(), Ended)
        except EndedError as error:
            return error.ended
        raise ForgedError

    def _examine(self) -> Passed:
        first, second, third = self.context.seeds(self.round, self.workload)
        self._begin(Examine(workload=self.workload), first)
        examined = self._ask(Seed(seed=second), Examined)
        self._ask(Seed(seed=third), Handed)
        self._judge(third, "on new inputs, after its examination")
        return Passed(accuracy=largest(self._judged), **msgspec.structs.asdict(examined))

    def _time(self) -> Ok:
        seeds = first, second, third = self.context.seeds(self.round, self.workload)
        first_call_ms = self._begin(Time(workload=self.workload), first)
        patterns = self._judge_patterns(first) if self.round == 1 else {}
        with self.context.sample_clocks() as sampler:
            began = time.monotonic()
            timed = self._ask(Go(), Timed)
            wall_s = time.monotonic() - began
        self._ask(Seed(seed=second), Handed)
        self._judge(second, "after timing, on an output of the timed loop with new inputs")
        if outcome := refusal(
            self.context.environment, self.workload, self.precision, timed, wall_s
        ):
            raise _FailedError(outcome)
        burst = self._confirmed(timed, third)
        sustained = self._sustained(timed, burst, third)
        return Ok(
            **msgspec.structs.asdict(timed),
            first_call_ms=first_call_ms,
            accuracy=largest(self._judged),
            patterns=patterns,
            seeds=seeds,
            burst=burst,
            clocks=sampler.clocks,
            sustained=sustained,
        )

    def _begin(self, order: Examine | Time, seed: int) -> float:
        """Judge the first output; return how long the first call took, in ms."""
        self._ask(order, Prepared)
        handed = self._ask(Seed(seed=seed), Handed)
        self._judge(seed, "before timing" if isinstance(order, Time) else "before its examination")
        return round(handed.first_call_ms or 0.0, 3)

    def _judge_patterns(self, seed: int) -> dict[str, Accuracy]:
        """The errors of one output for each pattern of the operation; untimed, once in a run."""
        judged = {}
        for pattern in self.workload.patterns:
            self._ask(Seed(seed=seed, pattern=pattern), Handed)
            judged[pattern] = self._verdict(seed, f"on {pattern}, before timing", pattern)
        return judged

    def _judge(self, seed: int, when: str) -> None:
        self._judged.append(self._verdict(seed, when))

    def _verdict(self, seed: int, when: str, pattern: str | None = None) -> Accuracy:
        verdict = self.context.referee.judge(self.workload, seed, self.precision, pattern)
        if verdict.out_of_memory:
            raise _FailedError(OutOfMemory(reason=f"{verdict.problem} beside the kernel"))
        if verdict.problem or verdict.accuracy is None:
            reason = f"{verdict.problem} ({when})"
            raise _FailedError(Incorrect(reason=reason, accuracy=verdict.accuracy))
        return verdict.accuracy

    def _confirmed(self, timed: Timed, seed: int) -> Burst:
        """A burst, timed by the parent's own clock, that does not contradict the samples."""
        check = self.context.kind.burst
        input_sets = self.context.protocol.input_sets
        calls = burst_calls(check, timed.latency_us, input_sets)
        for _ in range(check.tries):
            burst, _ = self._burst(calls, seed)
            problem = contradiction(check, timed, burst, self.workload.direction)
            if not problem and not interrupted(burst):
                break
            calls = calls_after(check, burst, input_sets)
        if problem:
            raise _FailedError(Incorrect(reason=problem))
        return burst

    def _burst(self, calls: int, seed: int) -> tuple[Burst, ClockSampler]:
        """A burst whose last output is right, and the device's readings during its calls."""
        self._ask(RunBurst(calls=calls, seed=seed), Ready)
        with self.context.sample_clocks() as sampler:
            waited, began = self._waiting_us(), time.perf_counter()
            self._ask(Go(), Done)
            wall_us = (time.perf_counter() - began) * 1e6
            waiting_us = self._waiting_us() - waited
        self._receive(Handed)
        self._judge(seed, "in a burst of calls, on new inputs")
        waiting_us = min(max(0.0, waiting_us), wall_us)
        return Burst(
            calls=calls, wall_us=round(wall_us, 1), waiting_us=round(waiting_us, 1)
        ), sampler

    def _waiting_us(self) -> float:
        """Time in µs for which the worker or this thread was ready to run and had no CPU."""
        return self.worker.waiting_us() + thread_waiting_us(_THIS_THREAD)

    def _sustained(self, timed: Timed, burst: Burst, seed: int) -> Sustained | None:
        """Calls back to back on a GPU that is busy already; None if this case needs none.

        There are none if the host takes longer to enqueue a call than the device takes to run it,
        because the device would wait for the host between calls.
        """
        protocol = self.context.protocol
        asked = self.round == 1 and self.workload in self.context.sustained
        waits = (timed.enqueue_us or 0.0) > median(timed.latency_us)
        if protocol.sustained_s is None or not asked or waits:
            return None
        sets = protocol.input_sets
        warm_up = sustained_calls(protocol.sustained_after_s or 0.0, burst, sets)
        before, _ = self._burst(warm_up, seed)
        after, sampler = self._burst(sustained_calls(protocol.sustained_s, before, sets), seed)
        return Sustained(
            calls=after.calls,
            wall_us=after.wall_us,
            energy_j=sampler.energy_j,
            clocks=sampler.clocks,
        )

    def _ask(self, order: Any, wanted: type[Answer]) -> Answer:
        self.worker.send(order)
        return self._receive(wanted)

    def _receive(self, wanted: type[Answer]) -> Answer:
        try:
            report = self.worker.receive(max(0.0, self._deadline - time.monotonic()))
        except msgspec.MsgspecError:
            raise ForgedError from None
        if report is None:
            raise GoneError
        if isinstance(report, Ended):
            raise EndedError(report)
        if not isinstance(report, wanted):
            raise ForgedError
        return report
