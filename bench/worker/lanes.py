"""Other ways to time a call: shown beside the ranked latency, never ranked."""

import time
from dataclasses import dataclass

import torch

from bench.records.outcome import Lane
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


@dataclass(frozen=True)
class Graph:
    """A CUDA graph of one call on the first input set."""

    graph: torch.cuda.CUDAGraph
    output: object

    def replay(self) -> object:
        """Run it once on what the inputs hold now."""
        self.graph.replay()
        torch.cuda.synchronize()
        return self.output

    def lane(self, clock: Clock, count: int) -> Lane:
        """Samples of replays."""
        call = Call(self.graph.replay)
        clock.time([call] * _WARM_UP_CALLS)
        return Lane(latency_us=_rounded(clock.time([call] * count).latency_us))


def capture(case: Case) -> Graph:
    """Record one call.

    Raises:
        Exception: the call cannot be captured; many cannot, and need not.
    """
    inputs = case.input_sets[0]
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):  # as torch asks for: a first call off the default stream
        for _ in range(_WARM_UP_CALLS):
            case.call(inputs)
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        output = case.call(inputs)
    return Graph(graph, output)


def _rounded(samples: tuple[float, ...] | list[float]) -> tuple[float, ...]:
    return tuple(round(us, 3) for us in samples)
