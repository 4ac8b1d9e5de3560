"""Times a few kernels with NVBench's clock and with ours, in this process; prints JSON.

NVBench measures its cold GPU time (nvbench/detail/measure_cold.cuh) as follows. For each sample it
writes over L2, waits, blocks the stream, records an event, launches the kernel, records an event
and unblocks the stream, all in C++.
"""

import itertools
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

from bench.analysis.alternate_timings import ClockPair
from bench.devices import Device
from bench.devices.runtime import Call, Clock, Runtime, runtime_of
from bench.operations.attention.workload import attention
from bench.operations.kernels import Tensors
from bench.operations.operation import Workload
from bench.records.run_lines import PROTOCOL
from bench.runner.messages import ClocksCompared
from bench.worker.inputs import make_inputs

BACKENDS = {
    "SDPA, flash": SDPBackend.FLASH_ATTENTION,
    "SDPA, cuDNN": SDPBackend.CUDNN_ATTENTION,
}

_SHAPES = ((512, 64, 64), (2048, 16, 128), (4224, 24, 128))
"""seqlen, heads and head_dim; the flash kernel takes about 23, 110 and 600 µs on an H200.

Each call is one kernel. With fewer heads, the flash kernel splits the keys and a second kernel adds
up the results. Then every second NVBench sample is 1 µs longer, whatever the inputs, but none of
ours is.
"""

_SAMPLES = 60
"""Samples that each clock takes in each turn of a kernel."""

_TURNS = 6
"""Turns of each kernel: an even number, so that each clock goes first equally often."""

_BATCH = 10
_WARM_UP_S = 0.3
"""Length of the warm-up before each clock measures, so that both find the device equally fast."""

_TIMEOUT_S = 8.0
_DEADLOCK_S = 10.0


def workloads() -> tuple[Workload, ...]:
    """The workloads that each backend is timed on, the shortest first."""
    return tuple(
        attention(seqlen, heads, head_dim, "bfloat16") for seqlen, heads, head_dim in _SHAPES
    )


def attend(backend: SDPBackend, inputs: Tensors) -> torch.Tensor:
    """Attention by one kernel of `backend`, [batch, heads, seqlen_q, head_dim].

    Raises:
        RuntimeError: the backend has no kernel for these inputs.
    """
    q, k, v = (tensor.transpose(1, 2) for tensor in (inputs["q"], inputs["k"], inputs["v"]))
    with sdpa_kernel(backend):
        return scaled_dot_product_attention(q, k, v)


@dataclass
class Comparison:
    """One kernel on one workload, with our samples in µs and the names of NVBench's benchmarks."""

    runtime: Runtime
    title: str
    workload: Workload
    backend: SDPBackend
    ours_us: list[float] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """Names of NVBench's benchmarks, one for each turn."""
    problem: str | None = None

    def turn(self, state: Any, *, ours_first: bool) -> None:
        """Measure with both clocks; NVBench calls this once for each benchmark, with its state.

        An exception is kept in `problem`, because NVBench would only skip the benchmark and go on.
        """
        try:
            with torch.inference_mode():
                self._turn(state, ours_first=ours_first)
        except Exception as error:
            self.problem = f"{self.title}, {self.workload.name}: {type(error).__name__}: {error}"

    def _turn(self, state: Any, *, ours_first: bool) -> None:
        sets = [make_inputs(self.workload, self.runtime.TORCH_DEVICE, seed) for seed in (1, 2)]
        rotation: list[Call] = [Call(partial(attend, self.backend, inputs)) for inputs in sets]
        calls = itertools.cycle(rotation)
        clock = self.runtime.make_clock(l2_flush_factor=PROTOCOL.l2_flush_factor)
        ours = partial(self._by_ours, clock, calls)
        theirs = partial(self._by_nvbench, state, calls)
        # torch's allocator keeps each stream's memory apart, so both clocks use the same stream.
        stream = torch.cuda.ExternalStream(state.get_stream().addressof())
        torch.cuda.synchronize()  # the inputs were made on another stream
        with torch.cuda.stream(stream):
            for measure in (ours, theirs) if ours_first else (theirs, ours):
                _warm_up(clock, calls)
                measure()

    def _by_ours(self, clock: Clock, calls: "itertools.cycle[Call]") -> None:
        for _ in range(_SAMPLES // _BATCH):
            self.ours_us += clock.time(list(itertools.islice(calls, _BATCH))).latency_us

    def _by_nvbench(self, state: Any, calls: "itertools.cycle[Call]") -> None:
        def launch(_: Any) -> None:
            next(calls).run()

        # While NVBench blocks the stream, nothing may wait for the device, as a first allocation or
        # the loading of a kernel would. These calls do both in advance; torch keeps the memory.
        for _ in range(4):
            launch(None)
        self.runtime.synchronize()
        # A GPU at its power limit runs below NVBench's threshold of 75 %, so every sample would be
        # discarded. NVBench's own example for PyTorch uses 25 %.
        state.set_throttle_threshold(0.25)
        state.set_blocking_kernel_timeout(_DEADLOCK_S)
        state.exec(launch, batched=False)
        self.runtime.synchronize()


def main() -> None:
    """Print `ClocksCompared` for the device that the argument names.

    NVBench's own output goes to standard error.
    """
    answer_to = os.dup(1)
    os.dup2(2, 1)
    try:
        answer = _compare(sys.argv[1])
    except Exception as error:
        answer = ClocksCompared(problem=f"{type(error).__name__}: {error}")
    with os.fdopen(answer_to, "wb") as file:
        file.write(msgspec.json.encode(answer))
    os._exit(0)  # torch's clean-up could fail, because NVBench may have reset the device


def _compare(device: Device) -> ClocksCompared:
    import cuda.bench as nvbench  # type: ignore[import-not-found]

    comparisons = [
        Comparison(runtime_of(device), title, workload, backend)
        for title, backend in BACKENDS.items()
        for workload in workloads()
    ]
    for turn in range(_TURNS):
        ours_first = turn % 2 == 0
        for number, comparison in enumerate(comparisons if ours_first else comparisons[::-1]):
            _register(nvbench, comparison, f"turn-{turn}-{number}", ours_first=ours_first)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "answer.json"
        nvbench.run_all_benchmarks(["nvbench", "--devices", "0", "--jsonbin", str(path)])
        return _answer(comparisons, path)


def _register(nvbench: Any, comparison: Comparison, name: str, *, ours_first: bool) -> None:
    def run(state: Any) -> None:
        comparison.turn(state, ours_first=ours_first)

    comparison.names.append(name)
    benchmark = nvbench.register(run)
    benchmark.set_name(name)
    benchmark.set_stopping_criterion("sample-count")
    benchmark.set_criterion_param_int64("target-samples", _SAMPLES)
    benchmark.set_min_samples(_SAMPLES)
    benchmark.set_timeout(_TIMEOUT_S)


def _answer(comparisons: list[Comparison], path: Path) -> ClocksCompared:
    from cuda.bench.results import BenchmarkResult  # type: ignore[import-not-found]

    result = BenchmarkResult.from_json(path)
    pairs, problems = [], []
    for comparison in comparisons:
        states = [state for name in comparison.names for state in result[name]]
        skipped = [str(state.skip_reason) for state in states if state.is_skipped]
        theirs = [seconds * 1e6 for state in states for seconds in state.samples or ()]
        if comparison.problem or skipped or not (theirs and comparison.ours_us):
            reason = skipped[0] if skipped else "no samples"
            problems.append(comparison.problem or f"{comparison.title}: {reason}")
            continue
        pair = ClockPair(
            title=comparison.title,
            workload=comparison.workload.name,
            ours_us=tuple(round(us, 3) for us in comparison.ours_us),
            theirs_us=tuple(round(us, 3) for us in theirs),
        )
        pairs.append(pair)
    return ClocksCompared(pairs=tuple(pairs), problem="; ".join(problems) or None)


def _warm_up(clock: Clock, calls: "itertools.cycle[Call]") -> None:
    until = time.monotonic() + _WARM_UP_S
    while time.monotonic() < until:
        clock.time(list(itertools.islice(calls, _BATCH)))


if __name__ == "__main__":
    main()
