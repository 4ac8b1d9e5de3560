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
from bench.devices.discovery import KINDS
from bench.devices.runtime import Call, read_environment, runtime_of
from bench.operations.discovery import dec_hook
from bench.operations.operation import Workload
from bench.records.run_lines import Canary
from bench.runner.messages import Hello, Judge, RefereeOrder, RefereeReport, Verdict
from bench.worker.correctness import PATTERN_FACTOR, Expected, compare, expect
from bench.worker.inputs import make_inputs
from bench.worker.output_buffer import OutputBuffer

_KEPT_SHARE = 0.25
"""Share of the device's memory for references, which all lines of a round are judged by.

A suite of 36 problems with 33 million values in each output needs 29 GB in its first round, with
the patterns.
"""

_CPU_KEPT = 1 << 30
"""Bytes for references on a CPU."""

_Inputs = tuple[Workload, int, str | None]
"""What inputs are made from: a workload, a seed, and perhaps a pattern."""

_CANARY_CALLS, _CANARY_WARM_UP = 40, 20


class Referee:
    """Judges the outputs in the shared memory, and times the canary."""

    def __init__(self, device: Device, output_buffer: OutputBuffer, kept_bytes: float) -> None:
        self._canary, self._runtime = KINDS[device].canary, runtime_of(device)
        self._device = self._runtime.TORCH_DEVICE
        self._output_buffer = output_buffer
        self._expected: OrderedDict[_Inputs, dict[str, Expected]] = OrderedDict()
        self._kept_bytes = kept_bytes

    @torch.no_grad()
    def judge(self, order: Judge) -> Verdict:
        """Compare the outputs with the references."""
        try:
            return self._judge(order)
        except torch.OutOfMemoryError:
            self._expected.clear()
        try:
            return self._judge(order)
        except torch.OutOfMemoryError:
            return Verdict(problem="the reference does not fit into memory", out_of_memory=True)

    def _judge(self, order: Judge) -> Verdict:
        expected = self._expect(order.workload, order.seed, order.pattern)
        outputs = self._output_buffer.take(order.workload, torch.device(self._device))
        return compare(outputs, expected, order.precision)

    def _expect(self, workload: Workload, seed: int, pattern: str | None) -> dict[str, Expected]:
        key = (workload, seed, pattern)
        if key not in self._expected:
            inputs = make_inputs(workload, self._device, seed, pattern)
            self._expected[key] = expect(workload, inputs, PATTERN_FACTOR if pattern else 1.0)
            while len(self._expected) > 1 and self._bytes() > self._kept_bytes:
                self._expected.popitem(last=False)
        return self._expected[key]

    def _bytes(self) -> int:
        references = (each.reference for all_ in self._expected.values() for each in all_.values())
        return sum(reference.nbytes for reference in references)

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
    environment = read_environment(device)
    memory = environment.memory_bytes
    kept_bytes = _KEPT_SHARE * memory if memory else _CPU_KEPT
    referee = Referee(device, OutputBuffer(int(sys.argv[2])), kept_bytes)
    decoder: msgspec.json.Decoder[RefereeOrder] = msgspec.json.Decoder(
        RefereeOrder, dec_hook=dec_hook
    )
    with os.fdopen(int(sys.argv[1]), "wb") as pipe:

        def send(report: RefereeReport) -> None:
            pipe.write(msgspec.json.encode(report) + b"\n")
            pipe.flush()

        send(Hello(environment=environment, uuid=runtime_of(device).uuid()))
        for line in sys.stdin.buffer:
            order = decoder.decode(line)
            send(referee.judge(order) if isinstance(order, Judge) else referee.time_canary())


if __name__ == "__main__":
    main()
