"""Reports made in the test's own process, and the parts of their pages."""

import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from builds import ROOT, drawn_once
from records import Entry, page, write_run

from bench.analysis.leaderboard import Leaderboard
from bench.project import Project
from hooks.report.output import Build
from hooks.report.reading.cache import Cache
from hooks.report.reading.report import Report, read_report
from hooks.report.reading.store import Store
from hooks.report.site_contents import make_build


@dataclass(frozen=True)
class Made:
    """A project, the report of it, and what a site gets of that."""

    root: Path

    @property
    def _cache(self) -> Cache:
        return Cache(drawn_once())

    @cached_property
    def report(self) -> Report:
        project = Project(self.root)
        return read_report(project, Store(project, self._cache))

    @property
    def board(self) -> Leaderboard:
        """The leaderboard to show first."""
        return self.report.leaderboards[0]

    @cached_property
    def build(self) -> Build:
        return make_build(self.root, self._cache)

    def file(self, path: str) -> str:
        """A generated or copied file, by its path on the site."""
        if path in self.build.generated:
            return self.build.generated[path]
        if path in self.build.files:
            return self.build.files[path].decode()
        return Path(self.build.copies[path]).read_text(encoding="utf-8")

    @property
    def paths(self) -> set[str]:
        """Every generated or copied file."""
        return {*self.build.generated, *self.build.files, *self.build.copies}


def made(
    root: Path,
    lines: Sequence[Entry],
    *,
    write: Callable[..., Path] = write_run,
    noise: float = 0.006,
    samples: int = 5,
    **more: object,
) -> Made:
    """The report of a project in `root` with `lines` measured and a page for the first of each."""
    (root / "docs" / "impls").mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "mkdocs.yml", root)
    for slug, title in {entry.slug: entry.title for entry in reversed(lines)}.items():
        page(root, slug, json.dumps(title))
    write(root, [replace(entry, noise=noise) for entry in lines], samples=samples, **more)
    return Made(root)


def front(made: Made) -> str:
    return made.build.shared["front"]


def rows(made: Made) -> list[str]:
    """The rows of the first leaderboard's table."""
    return re.findall(r'<tr data-line="[^"]*">(<td class="rank">.*?)</tr>', front(made))


def results(made: Made, slug: str) -> str:
    return made.build.pages[f"impls/{slug}.md"].placed["results-0"]


def selftests(made: Made) -> str:
    return made.build.shared["selftest"]
