"""Lines whose page or variant is gone: what they measured stays, and says that it is old."""

from collections.abc import Iterable
from typing import Protocol

from bench.verdicts.cell import Cell
from hooks.reading.report import Report


class Named(Protocol):
    """A line of a board, or a case of a run."""

    @property
    def implementation(self) -> str:
        """The page's slug."""

    @property
    def variant(self) -> str | None:
        """The id of its variant."""


def is_retired(report: Report, line: Named) -> bool:
    """Whether no page holds the code of `line` any more."""
    page = report.by_slug.get(line.implementation)
    return page is None or all(variant.id != line.variant for variant in page.variants)


def where_from(cells: Iterable[Cell]) -> tuple[str, ...]:
    """The ids of the runs that `cells` come from, the newest first."""
    runs = {cell.run.id: cell.run for cell in cells}
    newest = sorted(runs.values(), key=lambda run: (run.started, run.id), reverse=True)
    return tuple(run.id for run in newest)
