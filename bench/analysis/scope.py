"""Scopes: only results of one device, suite, operation, dtype, mask and direction are compared."""

from dataclasses import dataclass

from bench.analysis.summary import CaseSummary
from bench.operations.discovery import FIRST, OPERATIONS, operation_of
from bench.operations.operation import Direction, Workload, dtype_label
from bench.records.run_lines import Case, Run


@dataclass(frozen=True)
class Scope:
    """The identity of a leaderboard: lines are ranked within a scope, never across scopes."""

    device: str
    """The name of the GPU or CPU."""
    suite: str
    operation: str
    dtype: str
    """In words: torch's name, or `float8`."""
    group: str
    """What else the workloads have in common; see `Workload.group`."""
    direction: Direction

    @property
    def mask(self) -> str:
        """The group: `causal` or `no mask`, or nothing for an operation without masks."""
        return self.group

    @property
    def name(self) -> str:
        """Name in headings; `attention`, `no mask` and `forward` are left out."""
        return ", ".join((self.device, *self.parts))

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the name without the device."""
        parts = [self.suite]
        parts += [OPERATIONS[self.operation].title] if self.operation != FIRST else []
        parts += [self.dtype]
        parts += [self.group] if self.group != OPERATIONS[self.operation].ordinary else []
        parts += [self.direction] if self.direction != "forward" else []
        return tuple(parts)


def scope_of(run: Run, case: Case | CaseSummary) -> Scope:
    """The scope of a case of `run`."""
    return scope_in(run.suite, case.workload, run.environment.name)


def scope_in(suite: str, workload: Workload, device: str = "") -> Scope:
    """The scope of the results of `workload`, measured on `device` as a part of `suite`."""
    return Scope(
        device,
        suite,
        operation_of(workload).name,
        dtype_label(workload.dtype),
        workload.group,
        workload.direction,
    )
