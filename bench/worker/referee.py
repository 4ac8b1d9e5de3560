"""The referee process: judges outputs and times the canary; no page's code runs in it."""

import os
import sys
from collections import OrderedDict
from collections.abc import Callable

import msgspec
import torch

from bench.analysis.stats import median
from bench.operations.operation import Workload
from bench.operations.registry import dec_hook
from bench.pages.implementation import Device
from bench.runner.messages import CanaryTimes, Hello, Judge, RefereeOrder, RefereeReport, Verdict
from bench.worker.clock import Call, make_clock
from bench.worker.correctness import PATTERN_FACTOR, Expected, compare, expect
from bench.worker.environment import gpu_uuid, read_environment
from bench.worker.inputs import make_inputs
from bench.worker.output_buffer import OutputBuffer

_KEPT = 40
"""Number of references kept: three for each workload of a round, its patterns, and some more."""

_Inputs = tuple[Workload, int, str | None]
"""What inputs are made from: a workload, a seed, and perhaps a pattern."""

_CANARY_CALLS, _CANARY_WARM_UP = 40, 20


class Referee:
    """Judges the outputs in the shared memory, and times the canary."""

    def __init__(self, device: Device, output_buffer: OutputBuffer) -> None:
        self._device: Device = device
        self._output_buffer = output_buffer
        self._expected: OrderedDict[_Inputs, dict[str, Expected]] = OrderedDict()

    @torch.no_grad()
    def judge(self, order: Judge) -> Verdict:
        """Compare the outputs with the references."""
        try:
            expected = self._expect(order.workload, order.seed, order.pattern)
            outputs = self._output_buffer.take(order.workload, torch.device(self._device))
            return compare(outputs, expected, order.precision)
        except torch.OutOfMemoryError:
            self._expected.clear()
            return Verdict(problem="the reference does not fit into memory", out_of_memory=True)

    def _expect(self, workload: Workload, seed: int, pattern: str | None) -> dict[str, Expected]:
        key = (workload, seed, pattern)
        if key not in self._expected:
            inputs = make_inputs(workload, self._device, seed, pattern)
            self._expected[key] = expect(workload, inputs, PATTERN_FACTOR if pattern else 1.0)
            if len(self._expected) > _KEPT:
                self._expected.popitem(last=False)
        return self._expected[key]

    @torch.inference_mode()
    def time_canary(self) -> CanaryTimes:
        """Time the canary, a matrix product and a copy, the same on every device of a kind.

        Each runs for about 10 ms. Any longer, and the canary itself would bring an H200 to its
        power limit; its pace would then say nothing about the kernels' pace.
        """
        cuda = self._device == "cuda"
        n, dtype, size = (4096, "bfloat16", 1 << 30) if cuda else (512, "float32", 1 << 24)
        a, b = torch.randn(2, n, n, device=self._device).to(getattr(torch, dtype))
        source = torch.zeros(size, dtype=torch.uint8, device=self._device)
        target = torch.empty_like(source)
        return CanaryTimes(
            matmul_n=n,
            matmul_dtype=dtype,
            matmul_us=self._median_us(lambda: torch.mm(a, b)),
            copy_bytes=size,
            copy_us=self._median_us(lambda: target.copy_(source)),
        )

    def _median_us(self, call: Callable[[], object]) -> float:
        clock = make_clock(self._device, l2_flush_factor=0)
        return round(
            median(clock.time([Call(call)] * _CANARY_CALLS).latency_us[_CANARY_WARM_UP:]), 3
        )


def main() -> None:
    """Answer orders until there are no more; arguments: the pipe, the shared memory, the device."""
    device: Device = "cuda" if sys.argv[3] == "cuda" else "cpu"
    referee = Referee(device, OutputBuffer(int(sys.argv[2])))
    decoder: msgspec.json.Decoder[RefereeOrder] = msgspec.json.Decoder(
        RefereeOrder, dec_hook=dec_hook
    )
    with os.fdopen(int(sys.argv[1]), "wb") as pipe:

        def send(report: RefereeReport) -> None:
            pipe.write(msgspec.json.encode(report) + b"\n")
            pipe.flush()

        send(
            Hello(
                environment=read_environment(device), uuid=gpu_uuid() if device == "cuda" else None
            )
        )
        for line in sys.stdin.buffer:
            order = decoder.decode(line)
            send(referee.judge(order) if isinstance(order, Judge) else referee.time_canary())


if __name__ == "__main__":
    main()
