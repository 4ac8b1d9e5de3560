"""One build of the report: which file holds what, and what goes into which page."""

from pathlib import Path

import msgspec

from bench.project import Project
from hooks.built import Build
from hooks.charts.history import history_scripts
from hooks.charts.payload import payloads, script, words
from hooks.charts.pictures import files as chart_files
from hooks.charts.run_view import run_views
from hooks.charts.specifications import Specifications, specifications
from hooks.charts.views import charts
from hooks.downloads.endpoints import endpoints
from hooks.downloads.files import copies, small_files
from hooks.downloads.samples import samples
from hooks.elements import html
from hooks.pages.changelog import changelog
from hooks.pages.charted import with_charts
from hooks.pages.compare import compare
from hooks.pages.front import front
from hooks.pages.implementation import implementation
from hooks.pages.overview import PAGE, overview
from hooks.pages.parts import Parts
from hooks.pages.status import status_lines
from hooks.pages.workloads import workload_scripts, workloads
from hooks.reading.cache import Cache
from hooks.reading.published import read_published
from hooks.reading.report import Report, read_report
from hooks.reading.store import Store
from hooks.scripts import scripts
from hooks.tables.hardware import hardware
from hooks.tables.matrix import matrices
from hooks.tables.published import published_tables
from hooks.tables.runs import runs_list
from hooks.tables.selftest import selftests
from hooks.tables.statuses import statuses


def make_build(root: Path, cache: Cache, site_url: str = "") -> Build:
    """Read the project in `root` and work out everything; `site_url` is where it will be served.

    Raises:
        BenchError: with every problem of every page and data file, or because there is no data.
    """
    project = Project(root)
    report = read_report(project, Store(project, cache))
    forms = specifications(cache)
    drawn = chart_files(charts(report, report.leaderboards[0]), forms, cache)
    return Build(
        written={"impls/index.md": PAGE, "changelog.md": changelog(project)},
        files=_files(report, forms) | drawn | endpoints(report, site_url),
        copies={to: str(path) for to, path in _copies(report, cache).items()},
        pages=with_charts(report, _pages(report)),
        shared={
            "front": html(front(report, drawn)),
            "compare": html(compare(report)),
            "workloads": html(workloads(report, drawn)),
            "overview": html(overview(report)),
            "runs": html(runs_list(report)),
            "matrix": html(matrices(report)),
            "hardware": html(hardware(report)),
            "published": html(published_tables(report, read_published(project))),
            "selftest": html(selftests(report)),
            "statuses": html(statuses()),
        },
        listed=_listed(report),
        said=tuple(status_lines(report)),
    )


_LONGEST_NAV = 30
"""Each page holds the whole navigation: beyond this it lists the index of implementations alone."""


def _listed(report: Report) -> tuple[str, ...]:
    pages = report.by_title if len(report.implementations) <= _LONGEST_NAV else ()
    return tuple(f"impls/{page.slug}.md" for page in pages)


def _files(report: Report, forms: Specifications) -> dict[str, bytes]:
    return {
        "assets/report.js": scripts(),
        "data/v1/charts.js": script("charts", msgspec.json.encode(forms.vega)),
        "data/v1/words.js": script("words", msgspec.json.encode(words())),
        **payloads(report),
        **workload_scripts(report),
        **history_scripts(report),
        **run_views(report),
        **small_files(),
    }


def _copies(report: Report, cache: Cache) -> dict[str, Path]:
    return {**copies(report, cache), **samples(report, cache)}


def _pages(report: Report) -> dict[str, Parts]:
    return {
        f"impls/{page.slug}.md": implementation(report, page) for page in report.implementations
    }
