"""What a chart is before anything draws it: a kind, and the data and parameters of that kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DataRow = dict[str, Any]
"""One mark's values, by the names that the specification of the kind has for them."""

ENDING = "A table holds the same numbers."
"""What every description ends with."""


@dataclass(frozen=True)
class Chart:
    """A chart; `hooks/report/charts/kinds` says how each kind is drawn."""

    kind: str
    description: str
    """For readers who cannot see it; its part before the first colon is its title."""
    data: Mapping[str, Sequence[DataRow]]
    """Rows by the name of the data set."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """Values by the name of the parameter."""

    @property
    def title(self) -> str:
        """What it shows, in short."""
        return self.description.partition(":")[0]
