"""The examination of a case: measurements that are made once and never ranked."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

import msgspec
import torch

from bench.records.outcome import Lane, Lanes, Trace
from bench.records.record import Protocol
from bench.runs.messages import Examined, Request, Seed
from bench.worker import uncaught
from bench.worker.case import Case, WrongError, begin
from bench.worker.clock import Clock, make_clock
from bench.worker.failure import text_of
from bench.worker.guard import Guard
from bench.worker.lanes import event_lane, graph_lane, wall_lane
from bench.worker.share import Share
from bench.worker.talk import Talk
from bench.worker.timing import warm_up
from bench.worker.trace import trace_calls
from bench.workload import Workload

Value = TypeVar("Value")


@dataclass(frozen=True)
class _Found:
    lanes: Lanes
    peak_memory_bytes: int | None = None
    trace: Trace | None = None
    trace_problem: str | None = None


def examine(
    module: ModuleType,
    workload: Workload,
    request: Request,
    talk: Talk,
    share: Share,
    guard: Guard,
) -> None:
    """Examine `workload`, report the measurements and hand over outputs for judgement.

    Raises:
        WrongError: an output or the behaviour of the page's code is wrong.
        Stopped: the parent ended the case.
        Exception: whatever the page's code raises.
    """
    case = begin(module, workload, request, talk, share, guard)
    case.fill(talk.wait(Seed).seed)
    began = time.monotonic()
    measured = _on_gpu(case) if request.device == "cuda" else _on_cpu(case)
    report = Examined(
        busy_s=round(time.monotonic() - began, 4),
        lanes=measured.lanes,
        peak_memory_bytes=measured.peak_memory_bytes,
        trace=measured.trace,
        trace_problem=measured.trace_problem,
    )
    case.fill(talk.ask(report, Seed).seed)
    case.hand_over(case.call(case.input_sets[0]))
    talk.wait(Seed)


def _on_cpu(case: Case) -> _Found:
    clock = make_clock("cpu", l2_flush_factor=0)
    lane = event_lane(case, clock)
    return _Found(Lanes(cold=lane, wall=lane))


def _on_gpu(case: Case) -> _Found:
    protocol = case.request.protocol
    cold = make_clock("cuda", l2_flush_factor=protocol.l2_flush_factor)
    warm = make_clock("cuda", l2_flush_factor=0)
    _settle(cold, case, protocol)
    cold_lane = event_lane(case, cold)
    peak = _peak_memory(case)
    trace, problem = _tried(lambda: trace_calls(case, cold))
    warm_lane, wall = event_lane(case, warm), wall_lane(case)
    uncaught.raise_first()
    # This comes last, because a failed capture may leave the page's code in a bad state.
    graph, reason = _tried(lambda: graph_lane(case, warm))
    lanes = Lanes(cold=cold_lane, wall=wall, warm=warm_lane, graph=graph or Lane(reason=reason))
    return _Found(lanes, peak, trace, problem)


def _settle(clock: Clock, case: Case, protocol: Protocol) -> None:
    short = msgspec.structs.replace(protocol, warmup_s=protocol.warmup_s / 4, warmup_max_s=0.2)
    warm_up(clock, case.fresh_calls, short)


def _peak_memory(case: Case) -> int:
    """Peak memory in bytes that a single call allocates beyond what was allocated before it."""
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    case.call(case.input_sets[0])
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated() - before


def _tried(make: Callable[[], Value]) -> tuple[Value | None, str | None]:
    """The result of `make`, or the reason why it failed: a missing lane does not fail the case."""
    try:
        return make(), None
    except WrongError:
        raise
    except Exception as error:
        uncaught.forget()  # a thread that failed during the capture does not fail the case either
        torch.cuda.synchronize()  # raises again if the device itself is broken
        return None, f"{type(error).__name__}: {text_of(error)}"
