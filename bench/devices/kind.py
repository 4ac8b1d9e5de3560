"""What every kind of device has to offer."""

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.analysis.roofline import floor_us
from bench.operations.operation import Dtype, Workload
from bench.pages.implementation import Precision
from bench.records.outcome import Clocks
from bench.records.run_lines import Environment, Protocol

SLOWER_HOST = 3.0
"""Value of `BurstCheck.slower` if the device waited for the host in most samples.

The host may need more time for calls that follow each other directly than for calls that it waits
for. On an H200, a page that starts two threads in each call took 1.1 to 1.6 times as long in a
burst as in its samples (12 cases).
"""


@dataclass(frozen=True)
class BurstCheck:
    """Limits of the check in which the parent's clock times calls again, in a burst."""

    burst_us: float
    """Approximate length of a burst."""
    tries: int
    """Largest number of bursts: something else on the machine may have caused a contradiction."""
    slower: float
    """Longest time of a call in a burst, as a multiple of the median sample."""
    faster: float
    """Shortest time of a call in a burst, as a share of the median sample."""
    host_slower: float = 2.0
    """Longest time of a call in a burst, as a multiple of the host's time to enqueue one.

    A call of many short kernels takes the host longer than the device. On an H200's slow host,
    calls of 412 µs on two streams took 586 µs back to back.
    """
    host_us: float = 250.0
    """Time that a call in a burst may always take, because the host may need it for the launch."""
    backward_host_us: float = 600.0
    """The same for a backward pass: autograd runs it in a thread of its own.

    On an H200, backward passes of RMSNorm, of 38 to 191 µs each, took 265 to 337 µs back to back.
    """


@dataclass(frozen=True)
class CanarySizes:
    """The sizes of the canary, a matrix product and a copy that each run for about 10 ms."""

    matmul_n: int
    matmul_dtype: Dtype
    copy_bytes: int


@dataclass(frozen=True)
class SelfTestWorkloads:
    """The workloads of the selftest's pages, which define attention."""

    same: tuple[Workload, ...]
    """Those on which one kernel is compared with itself."""
    trials: tuple[Workload, ...]
    """One without a mask, long enough for any clock, and a causal one with fewer queries."""
    keys: tuple[Workload, ...]
    """So few keys that each counts, or so many that one hides in rounding; never whole tiles."""
    other_dtypes: tuple[Workload, ...]
    """Those for honest kernels in dtypes that the trials do not use."""


class ClockSampler:
    """The readings of a device while a case is timed; this one has none."""

    @property
    def clocks(self) -> Clocks | None:
        """Clock rates, power and temperature during the case; None if they were not read."""
        return None

    @property
    def energy_j(self) -> float | None:
        """The energy in J that the device used meanwhile; None if unknown."""
        return None


@dataclass(frozen=True, kw_only=True)
class DeviceKind:
    """One kind of device, without the half that needs torch (see `bench.devices.runtime`)."""

    word: Literal["GPU", "CPU"]
    suite: str
    """The suite that is measured unless another one is named."""
    protocol: Protocol
    """The protocol of every new run."""
    burst: BurstCheck
    canary: CanarySizes
    selftest: SelfTestWorkloads
    honest_alone: bool
    """Whether other work on the device could change how an honest kernel of the selftest ends."""
    other_clocks: bool
    """Whether NVBench and CUPTI can confirm our clock."""
    shared_variables: Mapping[str, str]
    """Environment variables of the children of runs that share the device with each other."""
    prefetched: int
    """Number of workers that load while another one measures."""

    def is_present(self) -> bool:
        """Whether this machine has such a device and the environment does not hide it."""
        raise NotImplementedError

    def folder(self, name: str) -> str:
        """The folder of the runs on the device that its driver calls `name`."""
        return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or self.word.lower()

    def floor_us(
        self, environment: Environment, workload: Workload, precision: Precision
    ) -> float | None:
        """The shortest time in µs that `workload` can take; None if unknown."""
        return floor_us(environment, workload, precision)

    def variables(self, home: Path | None) -> dict[str, str]:  # noqa: ARG002
        """Environment variables of a child process; `home` is its own home folder, if any."""
        return {}

    def is_lost(self, reason: str) -> bool:  # noqa: ARG002 for kinds that override it
        """Whether a process cannot use the device again after an error with this reason."""
        return False

    def other_processes(self, uuid: str) -> int:  # noqa: ARG002
        """Number of processes besides our referee that use the device; 0 if unknown."""
        return 0

    def sample_clocks(self, uuid: str) -> AbstractContextManager[ClockSampler]:  # noqa: ARG002
        """Read the clocks of the device, named by `uuid`, while the `with` block runs."""
        return nullcontext(ClockSampler())
