"""The objects and settings that all cases of a run share."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.machine.sampler import ClockSampler
from bench.machine.shared_buffer import SharedBuffer
from bench.pages.implementation import Device
from bench.records.record import Environment, Protocol
from bench.runner.referee import RefereeProcess
from bench.workload import Workload

_SEED_BITS = 48
"""Number of bits of a seed, small enough that every reader of JSON keeps the exact integer."""


@dataclass(frozen=True)
class RunContext:
    """The referee, the memory that it shares, the protocol, the limits, and the seeds."""

    referee: RefereeProcess
    buffer: SharedBuffer
    protocol: Protocol
    environment: Environment
    device: Device
    timeout_s: float
    memory_bytes: int
    make_sampler: Callable[[], ClockSampler]
    _seeds: dict[tuple[int, Workload], tuple[int, int, int]] = field(default_factory=dict)

    def seeds(self, round_: int, workload: Workload) -> tuple[int, int, int]:
        """Three seeds that nobody could foresee.

        In a round, all variants get the same three for a workload, so that they share references.
        """
        first, second, third = (secrets.randbits(_SEED_BITS) for _ in range(3))
        return self._seeds.setdefault((round_, workload), (first, second, third))
