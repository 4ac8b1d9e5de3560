"""CPUs as a kind of device: the half that needs no torch."""

import os
from pathlib import Path

import msgspec

from bench.devices.kind import (
    SLOWER_HOST,
    BurstCheck,
    CanarySizes,
    DeviceKind,
    SelfTestWorkloads,
)
from bench.operations.attention.workload import attention
from bench.operations.operation import ITEMSIZE, Workload
from bench.pages.implementation import Precision
from bench.records.run_lines import PROTOCOL, Environment


class _Cpu(DeviceKind):
    def is_present(self) -> bool:
        return True

    def folder(self, name: str) -> str:  # noqa: ARG002 all CPUs share one
        return "cpu"

    def floor_us(
        self,
        environment: Environment,  # noqa: ARG002
        workload: Workload,
        precision: Precision,  # noqa: ARG002
    ) -> float:
        return cpu_floor_us(os.cpu_count() or 1, workload)

    def variables(self, home: Path | None) -> dict[str, str]:  # noqa: ARG002
        # Threads that spin while they wait for each other are 30 times slower if another process
        # uses a core.
        return {"CUDA_VISIBLE_DEVICES": "", "OMP_WAIT_POLICY": "PASSIVE"}


def cpu_floor_us(cores: int, workload: Workload) -> float:
    """The shortest time in µs that `workload` can take on `cores` cores of any CPU, by arithmetic.

    The bound is generous on purpose: two AVX-512 units in float32 (64 operations per cycle), AMX
    tiles in the 16-bit types (1,024) and in 8-bit ones (twice that), 6 GHz (Intel, 64 and IA-32
    Architectures Optimization Reference Manual). It only catches impossible results.
    """
    itemsize = ITEMSIZE[workload.narrowest_dtype]
    cycle = 64 if itemsize == 4 else 2048 // itemsize
    return workload.flops / (cores * cycle * 6e9) * 1e6


KIND = _Cpu(
    word="CPU",
    suite="cpu",
    # Other processes disturb every sample, so sampling does not wait long for ±0.5 %.
    protocol=msgspec.structs.replace(
        PROTOCOL,
        warmup_s=0.1,
        warmup_max_s=0.3,
        min_time_s=0.1,
        max_time_s=0.3,
    ),
    # Other processes disturb the wall clock, both in the samples and in the burst.
    burst=BurstCheck(burst_us=40_000, tries=20, slower=SLOWER_HOST, faster=0.1),
    canary=CanarySizes(512, "float32", 1 << 24),
    selftest=SelfTestWorkloads(
        same=(
            attention(128, 8, 64, "float32"),
            attention((128, 256), 8, 64, "float32"),
            attention(256, 8, 64, "float32", causal=True),
            attention(128, 8, 64, "float32", direction="backward"),
            attention((128, 256), 8, 64, "float32", direction="backward"),
            attention(256, 8, 64, "float32", causal=True, direction="backward"),
        ),
        trials=(
            attention(512, 8, 64, "float32"),
            attention((256, 512), 8, 64, "float32", causal=True),
        ),
        keys=(
            attention((256, 513), 8, 64, "bfloat16", causal=True),
            attention((16, 131_073), 8, 64, "bfloat16", causal=True),
        ),
        other_dtypes=(attention(128, 4, 64, "bfloat16"),),
    ),
    honest_alone=False,
    other_clocks=False,
    shared_variables={"OMP_NUM_THREADS": "1"},  # no run waits for the threads of another
    prefetched=0,  # loading would disturb the measurement
)
