"""One workload run by a page's code: prepared, given its inputs, called and checked."""

import dataclasses
import itertools
import random
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import cast

import torch

from bench.devices.runtime import Call, Clock, Runtime, TimedCalls
from bench.operations.discovery import operation_of
from bench.operations.kernels import Kernels, Tensors, kernels_of
from bench.operations.operation import Workload
from bench.records.outcome import Incorrect
from bench.runner.messages import Handed, Prepared, Request, Seed
from bench.worker import uncaught
from bench.worker.backward import LATE, BackwardPass
from bench.worker.channel import Channel
from bench.worker.correctness import form_problem, outputs_of
from bench.worker.guard import Guard, traced
from bench.worker.inputs import Stock, clones, equal, fill, make_inputs, refill
from bench.worker.output_buffer import OutputBuffer
from bench.worker.spot_check import spot_problem


class WrongError(Exception):
    """Raised if the output or the behaviour of a page's code is wrong; the text says how."""

    @property
    def outcome(self) -> Incorrect:
        """The outcome of the case."""
        return Incorrect(reason=str(self))


@dataclass(frozen=True)
class Worker:
    """What all cases of a worker share."""

    module: ModuleType
    """The page's code."""
    request: Request
    runtime: Runtime
    channel: Channel
    output_buffer: OutputBuffer
    guard: Guard


def _keep(_: Tensors) -> None:
    """Leave the inputs as they are."""


@dataclass
class CaseUnderTest:
    """A workload, its rotating inputs, and the callable under test."""

    worker: Worker
    workload: Workload
    function: Callable[..., object]
    input_sets: list[Tensors]
    stock: Stock
    plans: bool
    """Whether the page has made a plan for this workload."""
    turn: "itertools.cycle[Tensors]" = field(init=False)
    _kernels: Kernels = field(init=False)

    def __post_init__(self) -> None:
        self.turn = itertools.cycle(self.input_sets)
        self._kernels = kernels_of(self.workload)

    def plan(self) -> None:
        """Plan once more, as a program does for its next step; later calls use the new plan.

        Raises:
            RuntimeError: the page made a plan before and makes none now.
            Exception: whatever the page's code raises.
        """
        function = _planned(self.worker.module, self.workload)
        if function is None:
            raise RuntimeError("plan returned a function at first and then None")
        self.function = function

    def call(self, inputs: Tensors) -> object:
        """Make one call; in a backward pass, after the forward pass that it needs."""
        call = self._call(inputs, _keep)
        call.before()
        return call.run()

    def calls(self, count: int) -> list[Call]:
        """The next `count` calls, each on the next input set with its present values.

        The forward passes that backward passes need have already been made.
        """
        calls = [self._call(next(self.turn), _keep) for _ in range(count)]
        for call in calls:
            call.before()
        return [Call(call.run) for call in calls]

    def fresh_calls(self, count: int) -> list[Call]:
        """The next `count` calls, each on the next input set with new values."""
        return [self._call(next(self.turn), self._renew) for _ in range(count)]

    def _call(self, inputs: Tensors, renew: Callable[[Tensors], None]) -> Call:
        """A call on `inputs`; before it, `renew` puts values into the inputs that it is given."""
        if self.workload.direction == "forward":
            run = partial(self._kernels.call, self.function, self.workload, inputs)
            return Call(run, partial(renew, inputs))
        backward = BackwardPass(self._kernels, self.function, self.workload, inputs)

        def before() -> None:
            renew({name: tensor for name, tensor in inputs.items() if name != LATE})
            backward.forward()
            renew({LATE: inputs[LATE]})

        return Call(backward.run, before)

    def _renew(self, inputs: Tensors) -> None:
        """Put new values into `inputs`, too late for any use of them before the clock starts."""
        if problem := traced():
            raise WrongError(problem)
        self.stock.renew(inputs)

    def _unforeseen_calls(self, length: float) -> Iterator[Call]:
        """Fresh calls, `length` of them on average.

        A draw after each call decides whether another follows. So no call can know that it is the
        last of a batch, whatever it reads in its caller's variables.
        """
        yield from self.fresh_calls(1)
        while random.SystemRandom().random() * length >= 1:
            yield from self.fresh_calls(1)

    def fill(self, seed: int) -> None:
        """Put new values into every input set, and start again with the first set."""
        fill(self.input_sets, seed)
        self.turn = itertools.cycle(self.input_sets)

    def hand_over(self, out: object, first_call_ms: float | None = None) -> None:
        """Let the referee judge an output for the first input set.

        Raises:
            WrongError: `out` does not have the form of an output, or the harness was tampered with.
            Exception: an exception has ended a thread of the page's code; it is raised again.
        """
        uncaught.raise_first()
        if problem := self.worker.guard.problem() or self._form_problem(out):
            raise WrongError(problem)
        self.worker.output_buffer.put(outputs_of(out, self.workload), self.workload)
        self.worker.channel.send(Handed(first_call_ms=first_call_ms))

    def hand_over_pattern(self, order: Seed) -> None:
        """Let the referee judge an output for inputs of a pattern.

        Raises:
            WrongError: see `hand_over`.
            Exception: whatever the page's code raises.
        """
        device = self.worker.runtime.TORCH_DEVICE
        inputs = make_inputs(self.workload, device, order.seed, order.pattern)
        self.hand_over(self.call(inputs))

    def problem(self, out: object, inputs: Tensors) -> str | None:
        """What is wrong with an output for `inputs`, judged by its form and some of its rows."""
        if problem := self._form_problem(out):
            return problem
        outputs = outputs_of(out, self.workload)
        return spot_problem(self.workload, inputs, outputs, self.worker.request.precision)

    def _form_problem(self, out: object) -> str | None:
        device = next(iter(self.input_sets[0].values())).device
        return form_problem(out, self.workload, device)

    def checked_batch(self, clock: Clock, length: float) -> TimedCalls:
        """Time fresh calls, `length` on average, and check some rows of the last output.

        Raises:
            WrongError: these rows are wrong, the last call changed its inputs, or the page's code
                left a trace function active.
            Exception: an exception has ended a thread of the page's code; it is raised again.
        """
        self.stock.refill(secrets.randbits(62))
        self.turn = itertools.cycle(self.input_sets)
        timed = clock.time(self._unforeseen_calls(length))
        uncaught.raise_first()
        began = time.perf_counter()
        inputs = self.input_sets[(len(timed.latency_us) - 1) % len(self.input_sets)]
        changed = None if self.stock.holds(inputs) else "the inputs were changed in place"
        if problem := changed or self.problem(timed.output, inputs):
            raise WrongError(f"{problem} (in the timed loop)")
        return dataclasses.replace(timed, check_us=1e6 * (time.perf_counter() - began))

    def last_batch(self, clock: Clock, seed: int) -> None:
        """Time one more batch and hand over its last output, for inputs made from `seed`.

        Raises:
            WrongError: the last call changed its inputs; see also `hand_over`.
            Exception: see `hand_over`.
        """
        self.turn = itertools.cycle(self.input_sets)
        first = self.input_sets[0]

        def reseed(inputs: Tensors) -> None:
            if inputs.keys() != {LATE}:
                refill(first.values(), seed)

        others = self.fresh_calls(2 * len(self.input_sets))
        timed = clock.time([*others, self._call(first, reseed)])  # on the first set again
        self.hand_over(timed.output)
        if not equal(first, make_inputs(self.workload, self.worker.runtime.TORCH_DEVICE, seed)):
            raise WrongError("the inputs were changed in place (in the timed loop)")


def begin(worker: Worker, workload: Workload) -> CaseUnderTest:
    """Run `prepare` and `plan`, receive the seed, call once and hand over the output.

    The seed comes after both, so that the page cannot compute anything in advance. The first
    call gets clones, so that the inputs keep their values.

    Raises:
        WrongError: see `CaseUnderTest.hand_over`.
        Stopped: the parent ended the case.
        Exception: whatever the page's code raises.
    """
    if _has_compiled():
        torch._dynamo.reset()  # torch compiles again for each workload: no dynamic shapes
    began = time.perf_counter()
    prepared, planned = _prepared(worker.module, workload), _planned(worker.module, workload)
    prepared_s = time.perf_counter() - began

    seed = worker.channel.ask(Prepared(), Seed).seed
    count, device = worker.request.protocol.input_sets, worker.runtime.TORCH_DEVICE
    sets = [make_inputs(workload, device, seed + number) for number in range(count)]
    stock = Stock(sets[0])
    stock.refill(secrets.randbits(62))
    case = CaseUnderTest(worker, workload, planned or prepared, sets, stock, planned is not None)
    copies = clones(sets[0])
    worker.runtime.synchronize()
    began = time.perf_counter()
    out = case.call(copies)
    worker.runtime.synchronize()
    case.hand_over(out, (prepared_s + time.perf_counter() - began) * 1e3)
    return case


def _prepared(module: ModuleType, workload: Workload) -> Callable[..., object]:
    """The page's function or, if the page has `prepare`, the callable that it returns instead.

    Raises:
        TypeError: `prepare` returned something that cannot be called.
        Exception: whatever the page's code raises.
    """
    name, prepare = operation_of(workload).name, getattr(module, "prepare", None)
    function = prepare(workload) if prepare else getattr(module, name)
    if not callable(function):
        returned = "nothing" if function is None else type(function).__name__
        raise TypeError(f"prepare returned {returned}: end it with `return {name}`")
    return cast("Callable[..., object]", function)


def _planned(module: ModuleType, workload: Workload) -> Callable[..., object] | None:
    """The callable that the page's `plan` returns; None if the workload needs no plan.

    Raises:
        TypeError: `plan` returned something else.
        Exception: whatever the page's code raises.
    """
    plan = getattr(module, "plan", None)
    function = plan(workload) if plan else None
    if function is not None and not callable(function):
        raise TypeError(f"plan returned {type(function).__name__}: return a function or None")
    return function


def _has_compiled() -> bool:
    """Whether torch has compiled anything; resetting an unused compiler takes seconds."""
    utils = sys.modules.get("torch._dynamo.utils")
    return utils is not None and bool(utils.counters["stats"])
