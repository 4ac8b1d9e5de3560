"""A chart that is not yet drawn: its kind, and the data and parameters of that kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DataRow = dict[str, Any]
"""Values of one mark, by the field names in the specification of the kind."""

ENDING = "A table contains the same numbers."
"""Last sentence of every description."""


@dataclass(frozen=True)
class Chart:
    """A chart; `hooks/report/charts/kinds` specifies how each kind is drawn."""

    kind: str
    description: str
    """Text for readers who cannot see the chart; the part before the first colon is its title."""
    data: Mapping[str, Sequence[DataRow]]
    """Rows of each data set, by its name."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """Values of parameters, by their names."""

    @property
    def title(self) -> str:
        """The title: the description up to its first colon."""
        return self.description.partition(":")[0]
