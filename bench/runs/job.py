"""What a person asked for, and who is told how it goes on."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol as Interface

from bench.machine.memory import memory_limit
from bench.pages.implementation import Device, Implementation
from bench.project import Project
from bench.records.record import Examination, Protocol, Result
from bench.records.runfile import RunFile
from bench.runs.schedule import Step, Turn
from bench.workload import Suite


@dataclass(frozen=True)
class Job:
    """What a person asked for."""

    project: Project
    implementations: tuple[Implementation, ...]
    suite: Suite
    device: Device
    out: Path
    timeout_s: float
    build: bool
    protocol: Protocol
    share_gpu: bool = False
    """Whether to measure although another process uses the GPU."""
    memory_bytes: int = field(default_factory=memory_limit)
    """How much of the host's memory the processes of one case may take together."""
    resume: RunFile | None = None
    """The run to go on with; its protocol and suite are this job's."""

    @property
    def steps(self) -> int:
        """How many findings a whole run has: the rounds and the examination of each case."""
        lines = sum(len(implementation.variants) for implementation in self.implementations)
        return lines * len(self.suite.workloads) * (1 + self.protocol.rounds)


class Watcher(Interface):
    """Who is told how a run goes on."""

    def installing(self, implementation: Implementation) -> None:
        """The environment of a page is being made."""

    def starting(self, turn: Turn, step: Step) -> None:
        """A case is about to be timed, or examined."""

    def found(self, record: Examination | Result, steps: int) -> None:
        """A finding is on disk; so many steps of the run are behind us."""
