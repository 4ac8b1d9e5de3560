"""The parts of the selftest: which pages, on which workloads, with which limits."""

from dataclasses import dataclass, field

import msgspec

from bench.devices import Device
from bench.devices.discovery import KINDS
from bench.machine.host_memory import memory_limit
from bench.operations.operation import Workload
from bench.pages.suites import Suite
from bench.records.run_lines import PROTOCOL, Protocol, without_sustained

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
    kind = KINDS[device]
    workloads = kind.selftest
    trials = _suite("Trials", workloads.trials)
    honest = _suite("Honest kernels", (*workloads.trials, *workloads.other_dtypes))
    keys = _suite("Few and many keys", workloads.keys)
    single = _suite("One trial", workloads.trials[:1])
    alone = kind.honest_alone
    little = min(_BREAKDOWN_MEMORY, memory_limit())
    # Sustained calls would take more time than all the rest, and nothing here asks for them.
    alike = without_sustained(kind.protocol)
    parts = (
        Stage("same", _suite("One kernel", workloads.same), alike, timeout_s, "ok"),
        Stage("honest", honest, QUICK, timeout_s, "ok", alone=alone),
        Stage("honest_int8", trials, QUICK, timeout_s, "ok", alone=alone),
        Stage("honest_gpu", trials, QUICK, timeout_s, "ok"),
        Stage("cheats", trials, QUICK, timeout_s, "incorrect", alone=False),
        Stage("cheats_keys", keys, QUICK, timeout_s, "incorrect", alone=False),
        Stage("cheats_gpu", trials, QUICK, timeout_s, "incorrect", alone=False),
        Stage("crashes", single, QUICK, BREAKDOWN_TIMEOUT_S, "crashed", little, alone=False),
        Stage("crashes_gpu", single, QUICK, BREAKDOWN_TIMEOUT_S, "crashed", little),
    )
    others = "_gpu" if kind.word == "CPU" else "_cpu"
    return tuple(stage for stage in parts if not stage.page.endswith(others))


def _suite(description: str, workloads: tuple[Workload, ...]) -> Suite:
    return Suite("selftest", description, "", workloads)
