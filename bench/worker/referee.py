"""The referee process: judges outputs and times the canary; no page's code runs in it."""

import dataclasses
import os
import sys
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import torch

from bench.analysis.stats import median
from bench.devices import Device
from bench.devices.registry import KINDS
from bench.devices.runtime import Call, read_environment, runtime_of
from bench.operations.operation import Workload
from bench.operations.registry import dec_hook
from bench.records.record import Canary
from bench.runner.messages import Hello, Judge, RefereeOrder, RefereeReport, Verdict
from bench.worker.correctness import PATTERN_FACTOR, Expected, compare, expect
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
        self._canary, self._runtime = KINDS[device].canary, runtime_of(device)
        self._device = self._runtime.TORCH_DEVICE
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
    def time_canary(self) -> Canary:
        """Time the canary, a matrix product and a copy, the same on every device of a kind.

        Each runs for about 10 ms. Any longer, and the canary itself would bring an H200 to its
        power limit; its pace would then say nothing about the kernels' pace.
        """
        sizes = self._canary
        n, dtype = sizes.matmul_n, getattr(torch, sizes.matmul_dtype)
        a, b = torch.randn(2, n, n, device=self._device).to(dtype)
        source = torch.zeros(sizes.copy_bytes, dtype=torch.uint8, device=self._device)
        target = torch.empty_like(source)
        matmul_us = self._median_us(lambda: torch.mm(a, b))
        copy_us = self._median_us(lambda: target.copy_(source))
        finished = datetime.now(UTC).replace(microsecond=0)
        return Canary(
            finished=finished, matmul_us=matmul_us, copy_us=copy_us, **dataclasses.asdict(sizes)
        )

    def _median_us(self, call: Callable[[], object]) -> float:
        clock = self._runtime.make_clock(l2_flush_factor=0)
        return round(
            median(clock.time([Call(call)] * _CANARY_CALLS).latency_us[_CANARY_WARM_UP:]), 3
        )


def main() -> None:
    """Answer orders until there are no more; arguments: the pipe, the shared memory, the device."""
    device = sys.argv[3]
    referee = Referee(device, OutputBuffer(int(sys.argv[2])))
    decoder: msgspec.json.Decoder[RefereeOrder] = msgspec.json.Decoder(
        RefereeOrder, dec_hook=dec_hook
    )
    with os.fdopen(int(sys.argv[1]), "wb") as pipe:

        def send(report: RefereeReport) -> None:
            pipe.write(msgspec.json.encode(report) + b"\n")
            pipe.flush()

        send(Hello(environment=read_environment(device), uuid=runtime_of(device).uuid()))
        for line in sys.stdin.buffer:
            order = decoder.decode(line)
            send(referee.judge(order) if isinstance(order, Judge) else referee.time_canary())


if __name__ == "__main__":
    main()
