"""Measures one variant of a page in child processes; whatever happens becomes an outcome."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.child import Child
from bench.implementation import Device, Implementation, Variant
from bench.messages import Finished, Loaded, Refused, Request, Started
from bench.outcome import Crashed, Outcome, TimedOut
from bench.record import Protocol
from bench.workload import Workload


@dataclass(frozen=True)
class Measured:
    """One outcome, with what the child said of the packages and kernels that it used."""

    workload: Workload
    outcome: Outcome
    packages: dict[str, str] = field(default_factory=dict)
    local_kernels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """One variant, what to measure it on and how."""

    implementation: Implementation
    variant: Variant
    python: Path
    device: Device
    protocol: Protocol
    workloads: tuple[Workload, ...]
    timeout_s: float


def measure(plan: Plan, on_start: Callable[[Workload], None]) -> Iterator[Measured]:
    """The outcome of each workload, in order, each as soon as it is known.

    A child that dies or hangs takes its own workload with it; the rest go to a new child.
    """
    while plan.workloads:
        done = 0
        for measured in _one_child(plan, on_start):
            done += 1
            yield measured
        plan = replace(plan, workloads=plan.workloads[done:])


def _one_child(plan: Plan, on_start: Callable[[Workload], None]) -> Iterator[Measured]:
    """The outcomes that one child process gives; at least one."""
    loaded, packages = False, dict[str, str]()
    waiting = list(plan.workloads)
    running = False
    with Child(plan.python, _request(plan)) as child:
        try:
            for message in child.messages(plan.timeout_s):
                match message:
                    case Loaded(packages=packages):
                        loaded = True
                    case Refused(outcome=outcome):
                        yield from (Measured(workload, outcome) for workload in waiting)
                        return
                    case Started():
                        running = True
                        on_start(waiting[0])
                    case Finished(outcome=outcome, local_kernels=kernels):
                        running = False
                        yield Measured(waiting.pop(0), outcome, packages, kernels)
                        if not waiting:
                            return
            outcome = Crashed(reason=child.death())
        except TimeoutError:
            outcome = TimedOut(reason=f"did not end within {plan.timeout_s:g} s")
    if running:
        yield Measured(waiting[0], outcome, packages)
    elif not loaded:
        yield from (Measured(workload, outcome) for workload in waiting)
    elif len(waiting) == len(plan.workloads):
        yield Measured(waiting[0], outcome, packages)  # it loaded, began nothing and is gone


def _request(plan: Plan) -> Request:
    return Request(
        page=str(plan.implementation.path),
        code=plan.variant.code,
        line=plan.variant.line,
        precision=plan.implementation.about.precision,
        dependencies=plan.implementation.about.dependencies,
        layer=plan.python != Path(sys.executable),
        device=plan.device,
        protocol=plan.protocol,
        workloads=plan.workloads,
    )
