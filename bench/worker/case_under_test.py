"""One workload run by a page's code: prepared, given its inputs, called and checked."""

import itertools
import random
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from types import ModuleType

import torch

from bench.records.outcome import Incorrect
from bench.runner.messages import Handed, Prepared, Request, Seed
from bench.worker import uncaught
from bench.worker.channel import Channel
from bench.worker.clock import Call, Clock, TimedCalls
from bench.worker.correctness import form_problem
from bench.worker.guard import Guard, traced
from bench.worker.inputs import Inputs, Stock, fill, make_inputs
from bench.worker.output_buffer import OutputBuffer
from bench.worker.spot_check import spot_problem
from bench.workload import Workload


class WrongError(Exception):
    """Raised if the output or the behaviour of a page's code is wrong; the text says how."""

    @property
    def outcome(self) -> Incorrect:
        """The outcome of the case."""
        return Incorrect(reason=str(self))


@dataclass
class CaseUnderTest:
    """A workload, its rotating inputs, and the callable under test."""

    request: Request
    workload: Workload
    attention: Callable[..., object]
    input_sets: list[Inputs]
    stock: Stock
    channel: Channel
    output_buffer: OutputBuffer
    guard: Guard
    turn: "itertools.cycle[Inputs]" = field(init=False)

    def __post_init__(self) -> None:
        self.turn = itertools.cycle(self.input_sets)

    def call(self, inputs: Inputs) -> object:
        """Call the callable under test once."""
        return self.attention(inputs.q, inputs.k, inputs.v, causal=self.workload.causal)

    def calls(self, count: int) -> list[Call]:
        """The next `count` calls, each on the next input set with its present values."""
        return [Call(partial(self.call, next(self.turn))) for _ in range(count)]

    def fresh_calls(self, count: int) -> list[Call]:
        """The next `count` calls, each on the next input set with new values."""
        sets = [next(self.turn) for _ in range(count)]
        return [Call(partial(self.call, item), partial(self._renew, item)) for item in sets]

    def _renew(self, inputs: Inputs) -> None:
        """Put new values into `inputs`, too late to compute with them before the clock starts."""
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
        problem = self.guard.problem() or form_problem(out, self.input_sets[0])
        if problem:
            raise WrongError(problem)
        assert isinstance(out, torch.Tensor)  # noqa: S101 for mypy
        self.output_buffer.put(out)
        self.channel.send(Handed(first_call_ms=first_call_ms))

    def problem(self, out: object, inputs: Inputs) -> str | None:
        """What is wrong with an output for `inputs`, judged by its form and some of its rows."""
        if problem := form_problem(out, inputs):
            return problem
        assert isinstance(out, torch.Tensor)  # noqa: S101 for mypy
        causal, precision = self.workload.causal, self.request.precision
        return spot_problem(out, inputs, causal=causal, precision=precision)

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
        inputs = self.input_sets[(len(timed.latency_us) - 1) % len(self.input_sets)]
        changed = None if self.stock.holds(inputs) else "the inputs were changed in place"
        if problem := changed or self.problem(timed.output, inputs):
            raise WrongError(f"{problem} (in the timed loop)")
        return timed

    def last_batch(self, clock: Clock, seed: int) -> None:
        """Time one more batch and hand over its last output, for inputs made from `seed`.

        Raises:
            WrongError: this call changed its inputs; see also `hand_over`.
            Exception: see `hand_over`.
        """
        self.turn = itertools.cycle(self.input_sets)
        *others, last = self.fresh_calls(2 * len(self.input_sets) + 1)  # ends with the first set
        first = self.input_sets[0]
        last = replace(last, before=partial(first.refill, seed))
        timed = clock.time([*others, last])
        self.hand_over(timed.output)
        if not first.equal(make_inputs(self.workload, self.request.device, seed)):
            raise WrongError("the inputs were changed in place (in the timed loop)")


def begin(
    module: ModuleType,
    workload: Workload,
    request: Request,
    channel: Channel,
    output_buffer: OutputBuffer,
    guard: Guard,
) -> CaseUnderTest:
    """Run `prepare`, receive the seed, call once and hand over the output for judgement.

    The seed comes after `prepare`, so that the page cannot compute anything in advance. The first
    call gets clones, so that the inputs keep their values.

    Raises:
        WrongError: see `CaseUnderTest.hand_over`.
        Stopped: the parent ended the case.
        Exception: whatever the page's code raises.
    """
    if _has_compiled():
        torch._dynamo.reset()  # torch compiles again for each workload: no dynamic shapes
    began = time.perf_counter()
    prepare = getattr(module, "prepare", None)
    attention = _prepared(prepare, workload) if prepare else module.attention
    planned_s = time.perf_counter() - began

    seed = channel.ask(Prepared(), Seed).seed
    count = request.protocol.input_sets
    sets = [make_inputs(workload, request.device, seed + number) for number in range(count)]
    stock = Stock(sets[0])
    stock.refill(secrets.randbits(62))
    case = CaseUnderTest(request, workload, attention, sets, stock, channel, output_buffer, guard)
    clones = sets[0].clone()
    _finish(request)
    began = time.perf_counter()
    out = case.call(clones)
    _finish(request)
    case.hand_over(out, (planned_s + time.perf_counter() - began) * 1e3)
    return case


def _prepared(prepare: Callable[[Workload], object], workload: Workload) -> Callable[..., object]:
    """The callable that `prepare` returns, which takes the place of `attention`.

    Raises:
        TypeError: `prepare` returned something that cannot be called.
    """
    attention = prepare(workload)
    if not callable(attention):
        returned = "nothing" if attention is None else type(attention).__name__
        raise TypeError(f"prepare returned {returned}: end it with `return attention`")
    return attention


def _has_compiled() -> bool:
    """Whether torch has compiled anything; resetting an unused compiler takes seconds."""
    utils = sys.modules.get("torch._dynamo.utils")
    return utils is not None and bool(utils.counters["frames"])


def _finish(request: Request) -> None:
    if request.device == "cuda":
        torch.cuda.synchronize()
