"""What a build knows: read once, from the pages and the data, and never changed afterwards."""

from dataclasses import dataclass
from functools import cached_property

from bench.check import read_project
from bench.errors import BenchError
from bench.pages.implementation import Implementation
from bench.project import Project
from bench.selftest.fitness import SelfTest
from bench.verdicts.cell import Cell
from bench.verdicts.marks import Mark, marks
from bench.verdicts.summary import Board, Line, boards
from hooks.reading.digest import RunDigest
from hooks.reading.history import Recorded, histories
from hooks.reading.looks import Look, look
from hooks.reading.store import Store

Key = tuple[str, str | None]
"""What names a line: a page's slug and the id of its variant."""

RECENT = 200
"""The newest runs, which the site holds as files and which a link may be pinned to.

GitHub Pages takes sites of 1 GB: not more than 800 runs of fourteen lines with every sample.
"""


@dataclass(frozen=True)
class Report:
    """Pages, runs, the boards that follow from them, and selftests, the oldest first."""

    project: Project
    implementations: tuple[Implementation, ...]
    runs: tuple[RunDigest, ...]
    boards: tuple[Board, ...]
    selftests: tuple[SelfTest, ...] = ()

    @cached_property
    def _marks(self) -> dict[int, tuple[Mark, ...]]:
        lines = [line for board in self.boards for line in board.lines]
        return {id(cell): marks(cell) for line in lines for cell in line.cells.values()}

    def marks(self, cell: Cell) -> tuple[Mark, ...]:
        """The marks of a cell of one of the boards, worked out once: several tables show them."""
        return self._marks[id(cell)]

    @cached_property
    def recent(self) -> tuple[RunDigest, ...]:
        """The newest runs, the oldest first."""
        return self.runs[-RECENT:]

    def served(self, one: RunDigest) -> str | None:
        """Where the site serves the file of a run, from its root; others are in the repository."""
        return one.served if one.run.id in self._held else None

    @cached_property
    def _held(self) -> frozenset[str]:
        """The recent runs, and those that any board shows a result of."""
        lines = (line for board in self.boards for line in board.lines)
        shown = {cell.run.id for line in lines for cell in line.cells.values()}
        return frozenset({one.run.id for one in self.recent} | shown)

    @cached_property
    def by_run(self) -> dict[str, RunDigest]:
        """The runs by their ids."""
        return {one.run.id: one for one in self.runs}

    @cached_property
    def histories(self) -> dict[str, tuple[Recorded, ...]]:
        """The newest runs of every page, by its slug, the oldest first."""
        return histories(self.runs)

    @cached_property
    def by_slug(self) -> dict[str, Implementation]:
        """The implementations by the name of their page."""
        return {implementation.slug: implementation for implementation in self.implementations}

    @cached_property
    def by_title(self) -> tuple[Implementation, ...]:
        """The implementations as an index lists them."""
        return tuple(sorted(self.implementations, key=lambda page: page.title.casefold()))

    @cached_property
    def looks(self) -> dict[Key, Look]:
        """How each line is drawn: the same on every page and board of a build."""
        pages = [
            (page.slug, variant.id) for page in self.implementations for variant in page.variants
        ]
        recorded = sorted(
            ((line.implementation, line.variant) for board in self.boards for line in board.lines),
            key=lambda key: (key[0], key[1] or ""),
        )
        keys = dict.fromkeys([*pages, *recorded])
        return {key: look(place) for place, key in enumerate(keys)}

    def look(self, line: Line) -> Look:
        """How `line` is drawn."""
        return self.looks[line.implementation, line.variant]

    def boards_of(self, slug: str) -> tuple[tuple[Board, tuple[Line, ...]], ...]:
        """The boards that know the page, each with the page's lines on it."""
        return tuple(
            (board, lines[slug])
            for board, lines in zip(self.boards, self._lines, strict=True)
            if slug in lines
        )

    @cached_property
    def _lines(self) -> tuple[dict[str, tuple[Line, ...]], ...]:
        """The lines of each page, board by board."""
        made: list[dict[str, tuple[Line, ...]]] = []
        for board in self.boards:
            by_slug: dict[str, list[Line]] = {}
            for line in board.lines:
                by_slug.setdefault(line.implementation, []).append(line)
            made.append({slug: tuple(lines) for slug, lines in by_slug.items()})
        return tuple(made)


def outdated(page: Implementation, line: Line) -> bool:
    """Whether a latency of `line` comes from other code than the page holds now."""
    now = {variant.id: variant.code_sha256 for variant in page.variants}.get(line.variant)
    return any(line.cells[workload].newest.code_sha256 != now for workload in line.measured)


def read_report(project: Project, store: Store) -> Report:
    """The report of `project`, whose runs `store` reads.

    Raises:
        BenchError: with every problem of every page and data file, or because there is no data.
    """
    content = read_project(project, lambda _: store.digests())
    made = boards(store.counting(content.runs))
    if not made:
        raise BenchError("there are no results in data/: run `python -m bench all` first")
    return Report(project, content.implementations, content.runs, made, content.selftests)
