"""Other ways to time a call: shown beside the ranked latency, never ranked."""

import secrets
import time

import torch

from bench.records.outcome import Lane
from bench.worker import uncaught
from bench.worker.case import Case
from bench.worker.clock import Call, Clock

_WARM_UP_CALLS = 3


def event_lane(case: Case, clock: Clock) -> Lane:
    """Samples by `clock`, on rotating inputs."""
    count = case.request.protocol.lane_samples
    clock.time(case.calls(_WARM_UP_CALLS))
    return Lane(latency_us=_rounded(clock.time(case.calls(count)).latency_us))


def wall_lane(case: Case) -> Lane:
    """What a caller waits who needs each result at once: launch and synchronisation included."""
    samples = []
    for call in case.calls(case.request.protocol.lane_samples):
        torch.cuda.synchronize()
        began = time.perf_counter_ns()
        call.run()
        torch.cuda.synchronize()
        samples.append((time.perf_counter_ns() - began) / 1e3)
    return Lane(latency_us=_rounded(samples))


def graph_lane(case: Case, clock: Clock) -> Lane:
    """Samples of replays of a CUDA graph of one call, if what it computes is right.

    Raises:
        Exception: the call cannot be captured, or not all of it was; many cannot, and need not.
    """
    graph, output = _capture(case)
    uncaught.raise_first()
    # What escaped the capture is not computed again: the old values' output would be seen.
    case.fill(secrets.randbits(62))
    graph.replay()
    torch.cuda.synchronize()
    if problem := case.problem(output, case.input_sets[0]):
        raise RuntimeError(f"a graph of the call does not compute it: {problem}")
    replay = Call(graph.replay)
    clock.time([replay] * _WARM_UP_CALLS)
    samples = clock.time([replay] * case.request.protocol.lane_samples)
    return Lane(latency_us=_rounded(samples.latency_us))


def _capture(case: Case) -> tuple[torch.cuda.CUDAGraph, object]:
    """A graph of one call on the first input set, and the output that it writes."""
    inputs, own = case.input_sets[0], torch.cuda.current_stream()
    side = torch.cuda.Stream()
    side.wait_stream(own)
    with torch.cuda.stream(side):  # as torch asks for: a first call off the default stream
        for _ in range(_WARM_UP_CALLS):
            case.call(inputs)
    own.wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    try:
        with torch.cuda.graph(graph):
            output = case.call(inputs)
    finally:
        # Where a capture ends in an error, torch leaves its own stream: events of the next case
        # would be on it, and what a thread of the page does on the default stream beside them.
        torch.cuda.set_stream(own)
    return graph, output


def _rounded(samples: tuple[float, ...] | list[float]) -> tuple[float, ...]:
    return tuple(round(us, 3) for us in samples)
