"""One build of the report: which file holds what, and what goes into which page."""

from pathlib import Path

import msgspec

from bench.project import Project
from hooks.charts.drawn import drawn
from hooks.charts.payload import payloads, script
from hooks.charts.templates import Specification, templates
from hooks.charts.views import View, views
from hooks.downloads.files import copies, small_files
from hooks.pages.charted import with_charts
from hooks.pages.front import front
from hooks.pages.implementation import implementation
from hooks.pages.overview import PAGE, overview
from hooks.pages.parts import Parts
from hooks.pages.status import status_lines
from hooks.reading.cache import Cache
from hooks.reading.report import Report, read_report
from hooks.reading.store import Store
from hooks.tables.runs import runs_table
from hooks.tables.selftest import selftests
from hooks.tables.words import words


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """All that a site gets of the report: plain text and bytes, for any site generator.

    A link that begins with `~/` leads to the root of the site.
    """

    files: dict[str, bytes]
    """Generated files by their path on the site."""
    copies: dict[str, str]
    """Files to copy by their path on the site: where each lies on disk."""
    pages: dict[str, Parts]
    """What is added to a page, by its path under `docs/`."""
    shared: dict[str, str]
    """HTML for placeholders that any page may hold, by their names."""
    listed: tuple[str, ...]
    """Implementation pages for the navigation, in order."""
    said: tuple[str, ...]
    """What to tell who builds, a line each."""


def make_build(root: Path, cache: Cache) -> Build:
    """Read the project in `root` and work out everything.

    Raises:
        BenchError: with every problem of every page and data file, or because there is no data.
    """
    project = Project(root)
    store = Store(project, cache)
    report = read_report(project, store)
    made = views(report)
    return Build(
        files=_files(report, made, templates(cache)),
        copies={to: str(path) for to, path in copies(report, store, cache).items()},
        pages=with_charts(report, made, _pages(report, made)),
        shared={
            "front": front(report, made),
            "overview": overview(report, made),
            "runs": runs_table(report),
            "selftest": selftests(report),
        },
        listed=tuple(f"impls/{page.slug}.md" for page in report.by_title),
        said=tuple(status_lines(report)),
    )


def _files(
    report: Report, made: tuple[View, ...], forms: dict[str, Specification]
) -> dict[str, bytes]:
    return {
        "impls/index.md": PAGE.encode(),
        "data/v1/templates.js": script("templates", msgspec.json.encode(forms)),
        "data/v1/words.js": script("words", msgspec.json.encode(words())),
        **payloads(report),
        **drawn(made[0].drawings, forms["lines"]),
        **small_files(),
    }


def _pages(report: Report, made: tuple[View, ...]) -> dict[str, Parts]:
    return {
        f"impls/{page.slug}.md": implementation(report, made, page)
        for page in report.implementations
    }
