"""What may be compared with what: one device, suite, dtype, mask and direction."""

from dataclasses import dataclass

from bench.records.record import Direction
from bench.verdicts.cell import Cell
from bench.workload import Dtype


@dataclass(frozen=True)
class Scope:
    """Within a scope lines are ranked; across scopes nothing is."""

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
        """What headings call it; what is so for nearly all scopes is left unsaid."""
        parts = [self.device, self.suite, self.dtype]
        parts += ["causal"] if self.causal else []
        parts += [self.direction] if self.direction != "forward" else []
        return ", ".join(parts)


def scope_of(cell: Cell) -> Scope:
    """The scope that a case is compared in."""
    case = cell.newest
    return Scope(
        cell.run.environment.name,
        cell.run.suite,
        case.workload.dtype,
        case.workload.causal,
        case.direction,
    )
