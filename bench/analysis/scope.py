"""Which results may be compared: those of one device, suite, dtype, mask and direction."""

from dataclasses import dataclass

from bench.analysis.summary import CaseSummary
from bench.records.record import Case, Direction, Run
from bench.workload import Dtype


@dataclass(frozen=True)
class Scope:
    """The identity of a leaderboard: within a scope lines are ranked, across scopes never."""

    device: str
    """The name of the GPU or CPU."""
    suite: str
    dtype: Dtype
    causal: bool
    direction: Direction

    @property
    def mask(self) -> str:
        """`causal` or `no mask`."""
        return "causal" if self.causal else "no mask"

    @property
    def name(self) -> str:
        """The name in headings; what holds for nearly all scopes is left out."""
        parts = [self.device, self.suite, self.dtype]
        parts += ["causal"] if self.causal else []
        parts += [self.direction] if self.direction != "forward" else []
        return ", ".join(parts)


def scope_of(run: Run, case: Case | CaseSummary) -> Scope:
    """The scope that a case of `run` is compared in."""
    return Scope(
        run.environment.name,
        run.suite,
        case.workload.dtype,
        case.workload.causal,
        case.direction,
    )
