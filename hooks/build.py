"""One build of the report: which file holds what, and what goes into which page."""

from pathlib import Path

import msgspec

from bench.project import Project
from hooks.built import Build
from hooks.charts.chart import Chart
from hooks.charts.history import history_scripts
from hooks.charts.payload import payloads, script
from hooks.charts.pictures import files as chart_files
from hooks.charts.run_view import run_views
from hooks.charts.specifications import Specifications, specifications
from hooks.charts.spots import longest
from hooks.charts.views import View, views
from hooks.charts.workload_charts import FILES, workload_charts
from hooks.downloads.endpoints import endpoints
from hooks.downloads.files import copies, small_files
from hooks.downloads.samples import samples
from hooks.pages.changelog import changelog
from hooks.pages.charted import with_charts
from hooks.pages.compare import compare
from hooks.pages.front import front
from hooks.pages.implementation import implementation
from hooks.pages.matrix import matrices
from hooks.pages.overview import PAGE, overview
from hooks.pages.parts import Parts
from hooks.pages.status import status_lines
from hooks.pages.workloads import workloads
from hooks.reading.cache import Cache
from hooks.reading.published import read_published
from hooks.reading.report import Report, read_report
from hooks.reading.store import Store
from hooks.scripts import scripts
from hooks.tables.hardware import hardware
from hooks.tables.published import published_tables
from hooks.tables.runs import runs_list
from hooks.tables.selftest import selftests
from hooks.tables.words import words


def make_build(root: Path, cache: Cache, site_url: str = "") -> Build:
    """Read the project in `root` and work out everything; `site_url` is where it will be served.

    Raises:
        BenchError: with every problem of every page and data file, or because there is no data.
    """
    project = Project(root)
    store = Store(project, cache)
    report = read_report(project, store)
    made = views(report)
    forms = specifications(cache)
    charts = chart_files(_drawn(report, made[0]), forms, cache)
    return Build(
        written={"impls/index.md": PAGE, "changelog.md": changelog(project)},
        files=_files(report, forms) | charts | endpoints(report, made, site_url),
        copies={to: str(path) for to, path in _copies(report, store, cache).items()},
        pages=with_charts(report, made, _pages(report, made)),
        shared={
            "front": front(report, made, charts),
            "compare": compare(report, made),
            "workloads": workloads(report, made, charts),
            "overview": overview(report, made),
            "runs": runs_list(report),
            "matrix": matrices(report, made),
            "hardware": hardware(report),
            "published": published_tables(report, read_published(project)),
            "selftest": selftests(report),
        },
        listed=_listed(report),
        said=tuple(status_lines(report)),
    )


_LONGEST_NAV = 30
"""Each page holds the whole navigation: beyond this it lists the index of implementations alone."""


def _listed(report: Report) -> tuple[str, ...]:
    pages = report.by_title if len(report.implementations) <= _LONGEST_NAV else ()
    return tuple(f"impls/{page.slug}.md" for page in pages)


def _drawn(report: Report, view: View) -> dict[str, Chart]:
    """The charts that are files too, by their names: of the first board, and of one workload."""
    of_one = workload_charts(report, view, longest(view))
    return {**view.charts, **{FILES[kind]: chart for kind, chart in of_one.items()}}


def _files(report: Report, forms: Specifications) -> dict[str, bytes]:
    return {
        "assets/report.js": scripts(),
        "data/v1/charts.js": script("charts", msgspec.json.encode(forms.vega)),
        "data/v1/words.js": script("words", msgspec.json.encode(words())),
        **payloads(report),
        **history_scripts(report),
        **run_views(report),
        **small_files(),
    }


def _copies(report: Report, store: Store, cache: Cache) -> dict[str, Path]:
    return {**copies(report, store, cache), **samples(report, cache)}


def _pages(report: Report, made: tuple[View, ...]) -> dict[str, Parts]:
    return {
        f"impls/{page.slug}.md": implementation(report, made, page)
        for page in report.implementations
    }
