"""The objects and settings that all cases of a run share."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.machine.gauge import Gauge
from bench.machine.share import SharedMemory
from bench.pages.implementation import Device
from bench.records.record import Environment, Protocol
from bench.runs.referee import Referee
from bench.workload import Workload

_SEED_BITS = 48
"""Number of bits of a seed: few enough for every reader of JSON to keep the exact integer."""


@dataclass(frozen=True)
class Desk:
    """The referee, the memory that it shares, the protocol, the limits, and the seeds."""

    referee: Referee
    share: SharedMemory
    protocol: Protocol
    environment: Environment
    device: Device
    timeout_s: float
    memory_bytes: int
    gauge: Callable[[], Gauge]
    _seeds: dict[tuple[int, Workload], tuple[int, int, int]] = field(default_factory=dict)

    def seeds(self, round_: int, workload: Workload) -> tuple[int, int, int]:
        """Three seeds that nobody could foresee.

        All variants get the same three for a workload in a round, so that one reference serves all.
        """
        first, second, third = (secrets.randbits(_SEED_BITS) for _ in range(3))
        return self._seeds.setdefault((round_, workload), (first, second, third))
