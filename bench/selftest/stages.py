"""The parts of the selftest: which pages, on which workloads, with which limits."""

from dataclasses import dataclass, field

import msgspec

from bench.machine.host_memory import memory_limit
from bench.operations.attention.workload import attention
from bench.operations.operation import Workload
from bench.pages.implementation import Device
from bench.pages.suites import Suite
from bench.records.record import CPU_PROTOCOL, PROTOCOL, Protocol

BREAKDOWN_TIMEOUT_S = 20.0
"""Limit in seconds for blocks that hang on purpose; it also applies to loading."""

_BREAKDOWN_MEMORY = 6 << 30
"""Limit in bytes for blocks that fill memory on purpose; filling a machine would take minutes."""

QUICK = msgspec.structs.replace(
    PROTOCOL,
    rounds=1,
    warmup_s=0.1,
    warmup_max_s=0.5,
    min_samples=20,
    min_time_s=0.1,
    interval_within=None,
    max_time_s=None,
    lane_samples=6,
)
"""Protocol for blocks of which only the status counts."""


@dataclass(frozen=True)
class Stage:
    """A part of the selftest: a page of docs/selftest, and how it is run."""

    page: str
    """Name of the page's file, without `.md`."""
    suite: Suite
    protocol: Protocol
    timeout_s: float
    wanted: str
    """The status that its blocks must end with, unless the id of a block begins with another."""
    memory_bytes: int = field(default_factory=memory_limit)
    alone: bool = True
    """Whether it runs alone, because other work on the machine could change its results."""


def stages(device: Device, timeout_s: float) -> tuple[Stage, ...]:
    """The parts of the selftest on `device`; `timeout_s` limits blocks that should not hang."""
    whole = PROTOCOL if device == "cuda" else CPU_PROTOCOL
    trials = _suite("Trials", _trial_workloads(device))
    honest = _suite("Honest kernels", (*_trial_workloads(device), *_other_dtypes(device)))
    keys = _suite("Few and many keys", _key_workloads(device))
    single = _suite("One trial", _trial_workloads(device)[:1])
    alone = device == "cuda"
    little = min(_BREAKDOWN_MEMORY, memory_limit())
    parts = (
        Stage("same", _suite("One kernel", _same_workloads(device)), whole, timeout_s, "ok"),
        Stage("honest", honest, QUICK, timeout_s, "ok", alone=alone),
        Stage("honest_int8", trials, QUICK, timeout_s, "ok", alone=alone),
        Stage("honest_gpu", trials, QUICK, timeout_s, "ok"),
        Stage("cheats", trials, QUICK, timeout_s, "incorrect", alone=False),
        Stage("cheats_keys", keys, QUICK, timeout_s, "incorrect", alone=False),
        Stage("cheats_gpu", trials, QUICK, timeout_s, "incorrect", alone=False),
        Stage("crashes", single, QUICK, BREAKDOWN_TIMEOUT_S, "crashed", little, alone=False),
        Stage("crashes_gpu", single, QUICK, BREAKDOWN_TIMEOUT_S, "crashed", little),
    )
    return tuple(stage for stage in parts if device == "cuda" or not stage.page.endswith("_gpu"))


def _suite(description: str, workloads: tuple[Workload, ...]) -> Suite:
    return Suite("selftest", description, "", workloads)


def _same_workloads(device: Device) -> tuple[Workload, ...]:
    """Workloads for which SDPA's flash kernel takes about 70 to 600 µs on an H200."""
    if device == "cpu":
        return (
            attention(128, 8, 64, "float32"),
            attention(192, 8, 64, "float32"),
            attention(256, 8, 64, "float32"),
            attention((128, 256), 8, 64, "float32"),
            attention(384, 8, 64, "float32"),
            attention(256, 8, 64, "float32", causal=True),
        )
    return (
        attention(2048, 16, 128, "bfloat16"),
        attention(2048, 24, 128, "bfloat16"),
        attention((2048, 4096), 16, 128, "bfloat16"),
        attention(4096, 8, 128, "bfloat16"),
        attention(4224, 24, 128, "bfloat16"),
        attention((2048, 4096), 24, 128, "bfloat16", causal=True),
    )


def _trial_workloads(device: Device) -> tuple[Workload, ...]:
    """One workload without a mask, long enough for any clock, and one causal with fewer queries."""
    if device == "cpu":
        return (
            attention(512, 8, 64, "float32"),
            attention((256, 512), 8, 64, "float32", causal=True),
        )
    return (
        attention(4096, 24, 128, "bfloat16"),
        attention((2048, 4096), 24, 128, "bfloat16", causal=True),
    )


def _key_workloads(device: Device) -> tuple[Workload, ...]:
    """Few keys, for which one counts, and so many that one hides in rounding; no whole tiles."""
    if device == "cpu":
        return (
            attention((256, 513), 8, 64, "bfloat16", causal=True),
            attention((16, 131_073), 8, 64, "bfloat16", causal=True),
        )
    return (
        attention((256, 513), 24, 128, "bfloat16"),
        attention((256, 131_073), 24, 128, "bfloat16"),
        attention((256, 131_073), 24, 128, "bfloat16", causal=True),
    )


def _other_dtypes(device: Device) -> tuple[Workload, ...]:
    """Workloads for honest kernels in dtypes that the trials do not use."""
    if device == "cpu":
        return (attention(128, 4, 64, "bfloat16"),)
    return (attention(4096, 24, 128, "float16"),)
