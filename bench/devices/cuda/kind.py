"""NVIDIA's GPUs as a kind of device: the half that needs no torch."""

from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from bench.devices.kind import (
    BurstCheck,
    CanarySizes,
    ClockSampler,
    DeviceKind,
    SelfTestWorkloads,
)
from bench.operations.attention.workload import attention
from bench.records.run_lines import PROTOCOL


class _Cuda(DeviceKind):
    """NVML is imported only where it is used, so that no worker pays for the import."""

    def is_present(self) -> bool:
        from bench.devices.cuda import nvml

        return nvml.has_gpu()

    def variables(self, home: Path | None) -> dict[str, str]:
        # The driver may ask the system for the home folder.
        return {"CUDA_CACHE_PATH": str(home / "cuda")} if home else {}

    def is_lost(self, reason: str) -> bool:
        return "CUDA error" in reason or "CUDA driver error" in reason

    def other_processes(self, uuid: str) -> int:
        from bench.devices.cuda import nvml

        return nvml.other_processes(uuid)

    def sample_clocks(self, uuid: str) -> AbstractContextManager[ClockSampler]:
        from bench.devices.cuda import nvml

        return nvml.sample_clocks(uuid)


KIND = _Cuda(
    word="GPU",
    suite="flux",
    # A GPU that is busy for seconds reaches its power limit, and its clocks fall.
    protocol=msgspec.structs.replace(PROTOCOL, sustained_after_s=1.5, sustained_s=2.0),
    # Launches and kernels overlap, so the slower of the two sets the time, not their sum. A GPU at
    # full load lowers its clock: in 504 bursts on an H200, a call took 0.985 to 1.037 times as long
    # as its samples (runs 20261122T233016Z and 20261124T161051Z). If data are already in L2, a call
    # takes at least half as long as with a cold L2.
    burst=BurstCheck(burst_us=30_000, tries=3, slower=1.25, faster=0.3),
    canary=CanarySizes(4096, "bfloat16", 1 << 30),
    selftest=SelfTestWorkloads(
        # Forward, SDPA takes about 70 to 600 µs on an H200.
        same=(
            attention(2048, 16, 128, "bfloat16"),
            attention(4224, 24, 128, "bfloat16"),
            attention((2048, 4096), 24, 128, "bfloat16", causal=True),
            attention(2048, 16, 128, "bfloat16", direction="backward"),
            attention((2048, 4096), 16, 128, "bfloat16", direction="backward"),
            attention((2048, 4096), 24, 128, "bfloat16", causal=True, direction="backward"),
        ),
        trials=(
            attention(4096, 24, 128, "bfloat16"),
            attention((2048, 4096), 24, 128, "bfloat16", causal=True),
        ),
        keys=(
            attention((256, 513), 24, 128, "bfloat16"),
            attention((256, 131_073), 24, 128, "bfloat16"),
            attention((256, 131_073), 24, 128, "bfloat16", causal=True),
        ),
        other_dtypes=(attention(4096, 24, 128, "float16"),),
    ),
    honest_alone=True,
    other_clocks=True,
    shared_variables={},
    prefetched=3,  # importing torch takes longer than timing a case, and does not use the GPU
)
