"""The examination of a case: measurements that are made once and never ranked."""

import time
from collections.abc import Callable
from typing import TypeVar

import msgspec
import torch

from bench.devices.runtime import Clock, Runtime
from bench.operations.operation import Workload
from bench.records.outcome import AlternateTiming, AlternateTimings
from bench.records.run_lines import Protocol
from bench.runner.messages import Examined, Seed
from bench.worker import uncaught
from bench.worker.alternate_timings import time_by_events, time_by_wall_clock, time_graph_replays
from bench.worker.case_under_test import CaseUnderTest, Worker, WrongError, begin
from bench.worker.failure import text_of
from bench.worker.timing import warm_up
from bench.worker.trace import trace_calls

Value = TypeVar("Value")

_FEWEST_PLANS = 3
"""Number of plans that are timed even if they take longer than `_PLANNING_S`."""
_PLANNING_S = 1.0
"""Wall time after which no further plan is begun."""


def examine(worker: Worker, workload: Workload) -> None:
    """Examine `workload`, report the measurements and hand over outputs for judgement.

    Raises:
        WrongError: an output or the behaviour of the page's code is wrong.
        Stopped: the parent ended the case.
        Exception: whatever the page's code raises.
    """
    case, channel = begin(worker, workload), worker.channel
    case.fill(channel.wait(Seed).seed)
    began = time.monotonic()
    measured = _on_gpu(case) if worker.runtime.ASYNCHRONOUS else _on_cpu(case)
    report = msgspec.structs.replace(measured, busy_s=round(time.monotonic() - began, 4))
    case.fill(channel.ask(report, Seed).seed)
    case.hand_over(case.call(case.input_sets[0]))
    channel.wait(Seed)


def _on_cpu(case: CaseUnderTest) -> Examined:
    timing = time_by_events(case, case.worker.runtime.make_clock(l2_flush_factor=0))
    plan_us, plan_problem = _tried(lambda: _time_plans(case), case.worker.runtime)
    return Examined(
        busy_s=0.0,
        lanes=AlternateTimings(cold=timing, wall=timing),
        plan_us=plan_us or (),
        plan_problem=plan_problem,
    )


def _on_gpu(case: CaseUnderTest) -> Examined:
    protocol, runtime = case.worker.request.protocol, case.worker.runtime
    cold = runtime.make_clock(l2_flush_factor=protocol.l2_flush_factor)
    warm = runtime.make_clock(l2_flush_factor=0)
    _settle(cold, case, protocol)
    cold_timing = time_by_events(case, cold)
    peak = _peak_memory(case)
    trace, problem = _tried(lambda: trace_calls(case, cold), runtime)
    warm_timing, wall = time_by_events(case, warm), time_by_wall_clock(case)
    uncaught.raise_first()
    plan_us, plan_problem = _tried(lambda: _time_plans(case), runtime)
    # This comes last, because a failed capture may leave the page's code in a bad state, and
    # because a new plan may free the memory that a graph of an earlier call reads.
    graph, reason = _tried(lambda: time_graph_replays(case, warm), runtime)
    lanes = AlternateTimings(
        cold=cold_timing, wall=wall, warm=warm_timing, graph=graph or AlternateTiming(reason=reason)
    )
    return Examined(
        busy_s=0.0,
        lanes=lanes,
        peak_memory_bytes=peak,
        trace=trace,
        trace_problem=problem,
        plan_us=plan_us or (),
        plan_problem=plan_problem,
    )


def _settle(clock: Clock, case: CaseUnderTest, protocol: Protocol) -> None:
    short = msgspec.structs.replace(protocol, warmup_s=protocol.warmup_s / 4, warmup_max_s=0.2)
    warm_up(clock, case.fresh_calls, short)


def _peak_memory(case: CaseUnderTest) -> int:
    """Peak memory in bytes that a single call allocates beyond what was allocated before it."""
    (call,) = case.calls(1)
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    call.run()
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated() - before


def _time_plans(case: CaseUnderTest) -> tuple[float, ...]:
    """Times in µs of planning again, by the wall clock; none if the page plans nothing.

    Everything that a plan needs is already compiled and loaded, because a plan was made before the
    first call. The output judged at the end of the examination is made with the last of the plans.

    Raises:
        Exception: see `CaseUnderTest.plan`, or an exception has ended a thread of the page's code.
    """
    if not case.plans:
        return ()
    synchronize, most = case.worker.runtime.synchronize, case.worker.request.protocol.lane_samples
    samples: list[float] = []
    end = time.monotonic() + _PLANNING_S
    while len(samples) < _FEWEST_PLANS or (len(samples) < most and time.monotonic() < end):
        synchronize()
        began = time.perf_counter_ns()
        case.plan()
        synchronize()
        samples.append(round((time.perf_counter_ns() - began) / 1e3, 3))
    uncaught.raise_first()
    return tuple(samples)


def _tried(make: Callable[[], Value], runtime: Runtime) -> tuple[Value | None, str | None]:
    """The result of `make`, or the reason why it failed, which does not fail the case."""
    try:
        return make(), None
    except WrongError:
        raise
    except Exception as error:
        uncaught.forget()  # a thread that failed during the capture does not fail the case either
        runtime.synchronize()  # raises again if the device itself is broken
        return None, f"{type(error).__name__}: {text_of(error)}"
