"""One turn: a variant is timed or examined in fresh processes; each failure becomes an outcome."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bench.machine.child_environment import child_environment
from bench.machine.host_memory import OUT_OF_MEMORY
from bench.machine.worker_process import WorkerProcess
from bench.records.outcome import (
    Crashed,
    Failed,
    Failure,
    Incorrect,
    Ok,
    OutOfMemory,
    Passed,
    TimedOut,
)
from bench.runner.context import RunContext
from bench.runner.measure_case import CaseExchange, ForgedError, GoneError
from bench.runner.messages import Loaded, Refused, Report, Request
from bench.runner.schedule import Step, Turn

StepOutcome = Passed | Ok | Failure
OnStep = Callable[[Step], None]


def _nothing() -> None:
    """Measure no canary."""


@dataclass(frozen=True)
class MeasuredStep:
    """One outcome, with the packages and kernels that the worker says it used."""

    step: Step
    outcome: StepOutcome
    packages: dict[str, str] = field(default_factory=dict)
    local_kernels: tuple[str, ...] = ()


@dataclass(frozen=True)
class TurnPlan:
    """A turn, the interpreter that it needs, and the folder of its compilation caches."""

    turn: Turn
    python: Path
    scratch: Path
    context: RunContext

    def start(self) -> WorkerProcess:
        """Start a worker, which loads the page's code and waits."""
        context, device = self.context, self.context.environment.device
        child = WorkerProcess(
            self.python,
            "bench.worker",
            Report,
            environment=child_environment(device, self.python, scratch=self.scratch),
            shared=[context.buffer.descriptor],
            arguments=[str(context.buffer.descriptor), str(context.memory_bytes)],
        )
        child.send(self._request())
        return child

    def _request(self) -> Request:
        page, variant = self.turn.implementation, self.turn.variant
        return Request(
            page=str(page.path),
            code=variant.code,
            line=variant.line,
            precision=page.about.precision,
            dependencies=page.about.dependencies,
            layer=self.python != Path(sys.executable),
            device=self.context.environment.device,
            l2_set_aside_bytes=self.context.environment.l2_set_aside_bytes,
            protocol=self.context.protocol,
            scratch=str(self.scratch),
        )


def measure_turn(
    plan: TurnPlan,
    steps: tuple[Step, ...],
    on_step: OnStep,
    child: WorkerProcess | None = None,
    *,
    time_canary: Callable[[], None] = _nothing,
) -> Iterator[MeasuredStep]:
    """Yield the outcome of each step, in order and as soon as it is known.

    If a worker dies, hangs or breaks the device, only its current case is lost: a new worker takes
    the rest. A case that has failed is not examined. `child` is a worker of this plan that was
    started earlier. `time_canary` is called before each worker gets its first case.
    """
    left = list(steps)
    while left:
        time_canary()
        with child or plan.start() as worker:
            child, usable = None, True
            loaded = _load(plan, worker)
            while left and usable:
                step = left.pop(0)
                if isinstance(loaded, Loaded):
                    on_step(step)
                    outcome, kernels = _run_case(plan, worker, step)
                    usable = kernels is not None and not _lost_the_device(plan, outcome)
                    measured = MeasuredStep(step, outcome, loaded.packages, kernels or ())
                else:
                    measured = MeasuredStep(step, loaded)
                if not isinstance(measured.outcome, Ok | Passed):
                    left = [each for each in left if each.workload != step.workload]
                yield measured


def _lost_the_device(plan: TurnPlan, outcome: StepOutcome) -> bool:
    return isinstance(outcome, Failed) and plan.context.kind.is_lost(outcome.reason)


def _load(plan: TurnPlan, worker: WorkerProcess) -> Loaded | Failure:
    """The worker's answer once it has loaded the page's code, or why there is none."""
    timeout_s = plan.context.timeout_s
    try:
        report = worker.receive(timeout_s)
    except TimeoutError:
        return TimedOut(reason=f"did not load within {timeout_s:g} s")
    except msgspec.MsgspecError:
        return _FORGED
    if report is None:
        return _death(plan, worker)
    if isinstance(report, Loaded):
        return report
    return report.outcome if isinstance(report, Refused) else _FORGED


def _run_case(
    plan: TurnPlan, worker: WorkerProcess, step: Step
) -> tuple[StepOutcome, tuple[str, ...] | None]:
    """The outcome of one case, and its local kernels; the latter are None if the worker is lost."""
    turn, context = plan.turn, plan.context
    precision = turn.implementation.about.precision
    exchange = CaseExchange(context, worker, step.workload, step.kind, precision, turn.round)
    try:
        return exchange.run()
    except TimeoutError:
        return TimedOut(reason=f"did not end within {context.timeout_s:g} s"), None
    except GoneError:
        return _death(plan, worker), None
    except ForgedError:
        return _FORGED, None


def _death(plan: TurnPlan, worker: WorkerProcess) -> Failure:
    if worker.exit_code() == OUT_OF_MEMORY:
        gib = plan.context.memory_bytes / 2**30
        return OutOfMemory(reason=f"the process took more than {gib:.1f} GiB of the host's memory")
    return Crashed(reason=worker.death())


_FORGED = Incorrect(reason="something in the process answered in the harness's place")
