"""The examination of a case: is it right, and what is measured once and never ranked."""

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
    """Examine `workload`; the parent hears all of it.

    Raises:
        WrongError: an output or the conduct of the page's code is wrong.
        Stopped: the parent ended the case.
        Exception: whatever the page's code raises.
    """
    case = begin(module, workload, request, talk, share, guard)
    case.fill(talk.wait(Seed).seed)
    began = time.monotonic()
    found = _on_gpu(case) if request.device == "cuda" else _on_cpu(case)
    report = Examined(
        busy_s=round(time.monotonic() - began, 4),
        lanes=found.lanes,
        peak_memory_bytes=found.peak_memory_bytes,
        trace=found.trace,
        trace_problem=found.trace_problem,
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
    # Last: a capture that fails may leave the page's code in a bad way.
    graph, reason = _tried(lambda: graph_lane(case, warm))
    lanes = Lanes(cold=cold_lane, wall=wall, warm=warm_lane, graph=graph or Lane(reason=reason))
    return _Found(lanes, peak, trace, problem)


def _settle(clock: Clock, case: Case, protocol: Protocol) -> None:
    short = msgspec.structs.replace(protocol, warmup_s=protocol.warmup_s / 4, warmup_max_s=0.2)
    warm_up(clock, case.fresh_calls, short)


def _peak_memory(case: Case) -> int:
    """Most memory allocated during a call of its own, beyond what was there."""
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    there = torch.cuda.memory_allocated()
    case.call(case.input_sets[0])
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated() - there


def _tried(make: Callable[[], Value]) -> tuple[Value | None, str | None]:
    """What `make` gives, or why it gave nothing: a lane that is missing fails no case."""
    try:
        return make(), None
    except WrongError:
        raise
    except Exception as error:
        uncaught.forget()  # what a thread of the call may not do in a capture fails no case either
        torch.cuda.synchronize()  # raises again where the device itself is broken
        return None, f"{type(error).__name__}: {text_of(error)}"
