"""The input of a build, read once from the pages and the data and never changed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from bench.analysis.leaderboard import Leaderboard, Line, leaderboards, titles_of
from bench.analysis.summary import CaseSummary, RunSummary
from bench.check import read_project
from bench.errors import BenchError
from bench.pages.implementation import Implementation
from bench.pages.suites import Suite
from bench.project import Project
from bench.records.run_lines import CaseKey, LineKey
from bench.selftest.fitness import SelfTest
from hooks.report.reading.evidence import Evidence
from hooks.report.reading.line_styles import LineStyle, line_style
from hooks.report.reading.store import Store

RECENT = 200
"""Number of newest runs that the site serves as files and that a link may be pinned to.

GitHub Pages limits a site to 1 GB, which is about 800 runs of fourteen lines with every sample.
"""


SHOWN = 200
"""Number of runs that the history of a page shows; older runs are still served as files."""

Recorded = tuple[RunSummary, tuple[CaseSummary, ...]]
"""A run and its cases of one page."""

Boards = tuple[tuple[Leaderboard, tuple[Line, ...]], ...]
"""Leaderboards, each with some of its lines."""


@dataclass(frozen=True)
class Report:
    """Pages, runs, leaderboards and selftests; runs and selftests come oldest first."""

    project: Project
    store: Store = field(repr=False)
    implementations: tuple[Implementation, ...]
    suites: tuple[Suite, ...]
    runs: tuple[RunSummary, ...]
    leaderboards: tuple[Leaderboard, ...]
    """Leaderboards, beginning with the one that pages show first."""
    judged: tuple[Leaderboard, ...]
    """Leaderboards on which only outcomes count, not times."""
    selftests: tuple[SelfTest, ...]

    @property
    def every_leaderboard(self) -> tuple[Leaderboard, ...]:
        """All leaderboards: those with times, then those on which only outcomes count."""
        return (*self.leaderboards, *self.judged)

    def evidence(self, case: CaseSummary) -> Evidence:
        """The evidence behind the result of a case."""
        return self._evidence(case.run)[case.key]

    @cached_property
    def _evidence(self) -> Callable[[str], Mapping[CaseKey, Evidence]]:
        return cache(lambda run: self.store.evidence(self.by_run[run]))

    @cached_property
    def recent(self) -> tuple[RunSummary, ...]:
        """The most recent runs, in order of time."""
        return self.runs[-RECENT:]

    def served(self, run: RunSummary) -> str | None:
        """Path of the run's file on the site; None if only the repository has it."""
        return f"data/v1/runs/{run.path}" if run.run.id in self._served else None

    @cached_property
    def _served(self) -> frozenset[str]:
        """Ids of the recent runs and of those with a result on any leaderboard."""
        lines = (line for board in self.leaderboards for line in board.lines)
        shown = {case.run for line in lines for case in line.cases.values()}
        return frozenset({run.run.id for run in self.recent} | shown)

    @cached_property
    def by_run(self) -> dict[str, RunSummary]:
        """The runs by their ids."""
        return {run.run.id: run for run in self.runs}

    @cached_property
    def histories(self) -> dict[str, tuple[Recorded, ...]]:
        """The most recent runs of each page, in order of time, by the page's slug."""
        return histories(self.runs)

    @cached_property
    def by_slug(self) -> dict[str, Implementation]:
        """The implementations by the slug of their page."""
        return {implementation.slug: implementation for implementation in self.implementations}

    @cached_property
    def by_title(self) -> tuple[Implementation, ...]:
        """The implementations in alphabetical order of their titles."""
        return tuple(sorted(self.implementations, key=lambda page: page.title.casefold()))

    @cached_property
    def titles(self) -> dict[LineKey, str]:
        """The title of every line that has a page."""
        return titles_of(self.implementations)

    def is_retired(self, line: LineKey) -> bool:
        """Whether the page or variant of `line` no longer exists."""
        return line not in self.titles

    @cached_property
    def styles(self) -> dict[LineKey, LineStyle]:
        """The style of each line: the same on every page and leaderboard of a build."""
        recorded = {line.key for board in self.leaderboards for line in board.lines}
        keys = dict.fromkeys([*self.titles, *sorted(recorded, key=lambda key: key.order)])
        return {key: line_style(place) for place, key in enumerate(keys)}

    def of_page(self, slug: str) -> Boards:
        """The leaderboards that contain the page, each with the page's lines in order."""
        boards = []
        for board in self.leaderboards:
            lines = [line for line in board.lines if line.key.implementation == slug]
            if lines:
                boards.append((board, tuple(sorted(lines, key=lambda line: line.key.order))))
        return tuple(boards)


def histories(runs: Iterable[RunSummary]) -> dict[str, tuple[Recorded, ...]]:
    """The most recent of `runs` of each page, by its slug; in order of time, as `runs` are."""
    by_page: dict[str, list[tuple[RunSummary, list[CaseSummary]]]] = {}
    for run in runs:
        for case in run.cases:
            recorded = by_page.setdefault(case.implementation, [])
            if not recorded or recorded[-1][0] is not run:
                recorded.append((run, []))
            recorded[-1][1].append(case)
    return {
        slug: tuple((run, tuple(cases)) for run, cases in recorded[-SHOWN:])
        for slug, recorded in by_page.items()
    }


def outdated(page: Implementation, line: Line) -> bool:
    """Whether a latency of `line` comes from other code than the page has now."""
    now = page.code_hashes.get(line.key.variant)
    return any(line.cases[workload].code_sha256 != now for workload in line.measured)


def read_report(project: Project, store: Store) -> Report:
    """Read the report of `project`, with `store` for its runs.

    Raises:
        BenchError: with every problem of every page and data file, or because there is no data.
    """
    content = read_project(project, lambda _: store.summaries())
    boards = leaderboards(content.runs, titles_of(content.implementations))
    timed = tuple(board for board in boards if not board.judged_only)
    if not timed:
        results = "timed results" if boards else "results"
        raise BenchError(f"there are no {results} in data/: run `python -m bench all` first")
    judged = tuple(board for board in boards if board.judged_only)
    pages = content.implementations, content.suites
    return Report(project, store, *pages, content.runs, timed, judged, content.selftests)
