"""One case from inputs to outcome: correct first, then timed, then correct again."""

import itertools
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType

import torch

from bench.messages import Request
from bench.outcome import Ok, Outcome
from bench.worker.clock import Call, Clock, Timed, make_clock
from bench.worker.failure import outcome_of
from bench.worker.inputs import Inputs, make_inputs
from bench.worker.judge import Verdict, judge
from bench.worker.timing import take_samples, warm_up
from bench.workload import Workload


@dataclass
class Case:
    """A workload, its rotating inputs, and the callable under test."""

    request: Request
    workload: Workload
    attention: Callable[..., object]
    input_sets: list[Inputs]
    turn: "itertools.cycle[Inputs]"

    def call(self, inputs: Inputs) -> object:
        """Call the callable under test once."""
        return self.attention(inputs.q, inputs.k, inputs.v, causal=self.workload.causal)

    def calls(self, count: int) -> list[Call]:
        """The next `count` calls, each on the next input set."""
        return [partial(self.call, next(self.turn)) for _ in range(count)]

    def judge(self, out: object, inputs: Inputs) -> Verdict:
        """Compare `out` with the reference for `inputs`."""
        return judge(out, inputs, causal=self.workload.causal, precision=self.request.precision)


def measure_case(module: ModuleType, workload: Workload, request: Request) -> Outcome:
    """The outcome of `workload` with the attention of `module`; nothing is raised."""
    try:
        with torch.inference_mode():
            return _measure(module, workload, request)
    except Exception as error:
        return outcome_of(error, request)
    finally:
        if request.device == "cuda":
            torch.cuda.empty_cache()


def _measure(module: ModuleType, workload: Workload, request: Request) -> Outcome:
    protocol = request.protocol
    sets = [
        make_inputs(workload, request.device, protocol.seed + number)
        for number in range(protocol.input_sets)
    ]
    case = Case(request, workload, module.attention, sets, itertools.cycle(sets))

    first_call_ms, out = _first_call(module, case)
    before = case.judge(out, sets[0])
    del out
    if before.accuracy is None or before.problem:
        return before.incorrect("before timing")

    clock = make_clock(request.device, l2_flush_factor=protocol.l2_flush_factor)
    warm = warm_up(clock, case.calls, protocol)
    timed = take_samples(clock, case.calls, protocol)
    last, inputs, untouched = _last_batch(clock, case)
    after = case.judge(last.output, inputs)
    if after.problem:
        return after.incorrect("after timing, on an output of the timed loop with new inputs")
    if not untouched:
        return Verdict(after.accuracy, "the inputs were changed in place").incorrect("in the loop")
    return Ok(
        latency_us=tuple(round(us, 3) for us in timed.latency_us + last.latency_us),
        late_samples=timed.late + last.late,
        first_call_ms=round(first_call_ms, 3),
        warmup_calls=warm.calls,
        settled=warm.settled,
        accuracy=before.accuracy,
        peak_memory_bytes=_peak_memory(case),
    )


def _first_call(module: ModuleType, case: Case) -> tuple[float, object]:
    """Plan and call once, in ms of wall time; on clones, so that the inputs stay what they are."""
    if "torch._dynamo" in sys.modules:
        torch._dynamo.reset()  # a compilation for each workload: no dynamic shapes
    clones = case.input_sets[0].clone()
    begin = time.perf_counter()
    if prepare := getattr(module, "prepare", None):
        case.attention = prepare(case.workload)
    out = case.call(clones)
    if case.request.device == "cuda":
        torch.cuda.synchronize()
    return (time.perf_counter() - begin) * 1e3, out


def _last_batch(clock: Clock, case: Case) -> tuple[Timed, Inputs, bool]:
    """A last batch of samples on new values in the same memory.

    Returns the samples with the last output, the inputs it was computed from, and whether the
    calls left those inputs as they were.
    """
    for number, inputs in enumerate(case.input_sets):
        inputs.refill(case.request.protocol.seed + len(case.input_sets) + number)
    kept = [inputs.clone() for inputs in case.input_sets]
    timed = clock.time([partial(case.call, inputs) for inputs in case.input_sets * 2])
    pairs = zip(kept, case.input_sets, strict=True)
    return timed, kept[-1], all(before.equal(after) for before, after in pairs)


def _peak_memory(case: Case) -> int | None:
    """Most memory allocated during a call of its own, beyond what was there; GPU only."""
    if case.request.device != "cuda":
        return None
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    there = torch.cuda.memory_allocated()
    case.call(case.input_sets[0])
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated() - there
