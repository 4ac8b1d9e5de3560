"""One turn: a variant is timed or examined in fresh processes; each failure becomes an outcome."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bench.machine.child import Child
from bench.machine.memory import OUT_OF_MEMORY
from bench.machine.variables import child_environment
from bench.records.outcome import Crashed, Failure, Incorrect, Ok, OutOfMemory, Passed, TimedOut
from bench.runs.conduct import Conduct, ForgedError, GoneError
from bench.runs.desk import Desk
from bench.runs.messages import Loaded, Refused, Report, Request
from bench.runs.schedule import Step, Turn
from bench.workload import Workload

Found = Passed | Ok | Failure
Watch = Callable[[Step], None]


def _nothing() -> None:
    """Measure no canary."""


@dataclass(frozen=True)
class Measured:
    """One outcome, with the packages and kernels that the worker says it used."""

    step: Step
    outcome: Found
    packages: dict[str, str] = field(default_factory=dict)
    local_kernels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A turn, the interpreter that it needs, and the folder of its compilation caches."""

    turn: Turn
    python: Path
    scratch: Path
    desk: Desk

    def start(self) -> Child:
        """Start a worker, which loads the page's code and waits."""
        desk = self.desk
        child = Child(
            self.python,
            "bench.worker",
            Report,
            environment=child_environment(desk.device, self.python, scratch=self.scratch),
            shared=[desk.share.descriptor],
            arguments=[str(desk.share.descriptor), str(desk.memory_bytes)],
        )
        child.tell(self._request())
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
            device=self.desk.device,
            l2_set_aside_bytes=self.desk.environment.l2_set_aside_bytes,
            protocol=self.desk.protocol,
            scratch=str(self.scratch),
        )


def measure(
    plan: Plan,
    steps: tuple[Step, ...],
    watch: Watch,
    child: Child | None = None,
    *,
    take_pace: Callable[[], None] = _nothing,
) -> Iterator[Measured]:
    """Yield the outcome of each step, in order and as soon as it is known.

    If a worker dies or hangs, only its current case is lost: a new worker takes the rest. A case
    that has failed is not examined. `child` is a worker of this plan that was started earlier.
    `take_pace` is called before each worker gets its first case.
    """
    while steps:
        take_pace()
        lost: set[Workload] = set()
        with child or plan.start() as worker:
            child = None
            for measured in _one_worker(plan, worker, steps, watch):
                steps = steps[steps.index(measured.step) + 1 :]
                if not isinstance(measured.outcome, Ok | Passed):
                    lost.add(measured.step.workload)
                yield measured
        steps = tuple(step for step in steps if step.workload not in lost)


def _one_worker(
    plan: Plan, worker: Child, steps: tuple[Step, ...], watch: Watch
) -> Iterator[Measured]:
    """Yield the outcomes of one worker, at least one; a case that fails gets no further step."""
    loaded = _load(plan, worker)
    lost: set[Workload] = set()
    for step in steps:
        if step.workload in lost:
            continue
        if isinstance(loaded, Loaded):
            watch(step)
            outcome, kernels = _lead(plan, worker, step)
            yield Measured(step, outcome, loaded.packages, kernels or ())
            if kernels is None:
                return
        else:
            outcome = loaded
            yield Measured(step, outcome)
        if not isinstance(outcome, Ok | Passed):
            lost.add(step.workload)


def _load(plan: Plan, worker: Child) -> Loaded | Failure:
    """The worker's answer once it has loaded the page's code, or why there is none."""
    timeout_s = plan.desk.timeout_s
    try:
        report = worker.hear(timeout_s)
    except TimeoutError:
        return TimedOut(reason=f"did not load within {timeout_s:g} s")
    except msgspec.MsgspecError:
        return _FORGED
    if report is None:
        return _death(plan, worker)
    if isinstance(report, Loaded):
        return report
    return report.outcome if isinstance(report, Refused) else _FORGED


def _lead(plan: Plan, worker: Child, step: Step) -> tuple[Found, tuple[str, ...] | None]:
    """The outcome of one case, and its kernels; None for these if the worker cannot continue."""
    turn, desk = plan.turn, plan.desk
    precision = turn.implementation.about.precision
    conduct = Conduct(desk, worker, step.workload, step.kind, precision, turn.round)
    try:
        return conduct.lead()
    except TimeoutError:
        return TimedOut(reason=f"did not end within {desk.timeout_s:g} s"), None
    except GoneError:
        return _death(plan, worker), None
    except ForgedError:
        return _FORGED, None


def _death(plan: Plan, worker: Child) -> Failure:
    if worker.code() == OUT_OF_MEMORY:
        gib = plan.desk.memory_bytes / 2**30
        return OutOfMemory(reason=f"the process took more than {gib:.1f} GiB of the host's memory")
    return Crashed(reason=worker.death())


_FORGED = Incorrect(reason="something in the process answered in the harness's place")
