"""The configuration that a person asks for, and the listener that follows its progress."""

import typing
from dataclasses import dataclass, field
from pathlib import Path

from bench.devices import Device
from bench.machine.host_memory import memory_limit
from bench.pages.implementation import Implementation
from bench.pages.suites import Suite
from bench.project import Project
from bench.records.run_lines import Examination, Protocol, Result
from bench.records.runfile import RunFile
from bench.runner.schedule import Step, Turn


@dataclass(frozen=True)
class RunConfig:
    """Everything that a person asks of a run."""

    project: Project
    implementations: tuple[Implementation, ...]
    suite: Suite
    device: Device
    out: Path
    timeout_s: float
    build: bool
    protocol: Protocol
    share_gpu: bool = False
    """Whether to measure even if another process uses the GPU."""
    memory_bytes: int = field(default_factory=memory_limit)
    """Bytes of the host's memory that the processes of one case may use together."""
    resume: RunFile | None = None
    """The run to continue; the configuration has the protocol and the suite of that run."""

    @property
    def steps(self) -> int:
        """Number of steps in the whole run: those of the protocol for each case."""
        cases = sum(
            variant.implements(workload)
            for implementation in self.implementations
            for variant in implementation.variants
            for workload in self.suite.workloads
        )
        return cases * self.protocol.steps


class ProgressListener(typing.Protocol):
    """A listener that follows the progress of a run."""

    def installing(self, implementation: Implementation) -> None:
        """Note that the environment of a page is being made."""

    def starting(self, turn: Turn, step: Step) -> None:
        """Note that a case is about to be timed or examined."""

    def found(self, record: Examination | Result, steps: int) -> None:
        """Note that a record is on disk, and that `steps` steps of the run are done."""
