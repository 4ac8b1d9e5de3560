"""Other ways to time a call, shown next to the ranked latency but never ranked."""

import secrets
import time

import torch

from bench.devices.runtime import Call, Clock
from bench.records.outcome import AlternateTiming
from bench.worker import uncaught
from bench.worker.case_under_test import CaseUnderTest

_WARM_UP_CALLS = 3


def time_by_events(case: CaseUnderTest, clock: Clock) -> AlternateTiming:
    """Samples taken with `clock` on rotating inputs."""
    count = case.worker.request.protocol.lane_samples
    clock.time(case.calls(_WARM_UP_CALLS))
    return AlternateTiming(latency_us=_rounded(clock.time(case.calls(count)).latency_us))


def time_by_wall_clock(case: CaseUnderTest) -> AlternateTiming:
    """Times that a caller waits for each result, from launch to synchronisation."""
    samples = []
    for call in case.calls(case.worker.request.protocol.lane_samples):
        torch.cuda.synchronize()
        began = time.perf_counter_ns()
        call.run()
        torch.cuda.synchronize()
        samples.append((time.perf_counter_ns() - began) / 1e3)
    return AlternateTiming(latency_us=_rounded(samples))


def time_graph_replays(case: CaseUnderTest, clock: Clock) -> AlternateTiming:
    """Samples of replays of a CUDA graph of one call, if the graph computes the right output.

    Raises:
        Exception: not all of the call could be captured; this is common and does not fail the case.
    """
    if case.workload.direction == "backward":
        raise NotImplementedError("a graph would hold the forward pass too")
    graph, output = _capture(case)
    uncaught.raise_first()
    # Work that escaped the capture is not replayed: with new inputs, its output is outdated.
    case.fill(secrets.randbits(62))
    graph.replay()
    torch.cuda.synchronize()
    if problem := case.problem(output, case.input_sets[0]):
        raise RuntimeError(f"a graph of the call does not compute it: {problem}")
    replay = Call(graph.replay)
    clock.time([replay] * _WARM_UP_CALLS)
    samples = clock.time([replay] * case.worker.request.protocol.lane_samples)
    return AlternateTiming(latency_us=_rounded(samples.latency_us))


def _capture(case: CaseUnderTest) -> tuple[torch.cuda.CUDAGraph, object]:
    """A graph of one call on the first input set, and the output that it writes."""
    inputs, original = case.input_sets[0], torch.cuda.current_stream()
    side = torch.cuda.Stream()
    side.wait_stream(original)
    with torch.cuda.stream(side):  # torch wants the first calls off the default stream
        for _ in range(_WARM_UP_CALLS):
            case.call(inputs)
    original.wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    try:
        with torch.cuda.graph(graph):
            output = case.call(inputs)
    finally:
        # After a failed capture torch's own stream stays current. Events of the next case would be
        # on it, and would miss what a thread of the page's code does on the default stream.
        torch.cuda.set_stream(original)
    return graph, output


def _rounded(samples: tuple[float, ...] | list[float]) -> tuple[float, ...]:
    return tuple(round(us, 3) for us in samples)
