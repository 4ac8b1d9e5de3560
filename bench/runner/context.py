"""The objects and settings that all cases of a run share."""

import secrets
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from bench.devices.discovery import KINDS
from bench.devices.kind import ClockSampler, DeviceKind
from bench.machine.shared_buffer import SharedBuffer
from bench.operations.operation import Workload
from bench.records.run_lines import Environment, Protocol
from bench.runner.referee import RefereeProcess

_SEED_BITS = 48
"""Number of bits of a seed, small enough that every reader of JSON keeps the exact integer."""


@dataclass(frozen=True)
class RunContext:
    """The referee, the memory that it shares, the protocol, the limits, and the seeds."""

    referee: RefereeProcess
    buffer: SharedBuffer
    environment: Environment
    protocol: Protocol
    timeout_s: float
    memory_bytes: int
    sustained: frozenset[Workload] = frozenset()
    """The workloads on which sustained calls are measured."""
    _seeds: dict[tuple[int, Workload], tuple[int, int, int]] = field(default_factory=dict)

    @property
    def kind(self) -> DeviceKind:
        """The kind of the device."""
        return KINDS[self.environment.device]

    def sample_clocks(self) -> AbstractContextManager[ClockSampler]:
        """Read the clocks of the device while the `with` block runs, if its driver reports them."""
        uuid = self.referee.uuid
        return self.kind.sample_clocks(uuid) if uuid else nullcontext(ClockSampler())

    def seeds(self, round_: int, workload: Workload) -> tuple[int, int, int]:
        """Three seeds that nobody could foresee.

        In a round, all variants get the same three for a workload, so that they share references.
        """
        first, second, third = (secrets.randbits(_SEED_BITS) for _ in range(3))
        return self._seeds.setdefault((round_, workload), (first, second, third))
