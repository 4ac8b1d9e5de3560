"""Makes one build of the report: the content of every file, and the additions to every page."""

from pathlib import Path

from bench.check import schema_text
from bench.project import Project
from hooks.report import elements as h
from hooks.report.charts.history import history_data
from hooks.report.charts.payload import payloads, words
from hooks.report.charts.pictures import files as chart_files
from hooks.report.charts.run_facts import run_facts
from hooks.report.charts.specifications import Specifications, specifications
from hooks.report.downloads.badges import badges
from hooks.report.downloads.feed import feed
from hooks.report.downloads.files_on_disk import files_on_disk
from hooks.report.downloads.index import index_json
from hooks.report.downloads.llms import llms_txt
from hooks.report.output import Build
from hooks.report.pages.answers import answers
from hooks.report.pages.build_log import status_lines
from hooks.report.pages.changelog import changelog
from hooks.report.pages.chart_fences import with_charts
from hooks.report.pages.compare import compare
from hooks.report.pages.front import front
from hooks.report.pages.implementation import implementation
from hooks.report.pages.overview import PAGE, overview
from hooks.report.pages.suites import PAGE as SUITES
from hooks.report.pages.suites import suite_page, suites_list
from hooks.report.pages.workloads import workload_data, workloads
from hooks.report.reading.cache import Cache
from hooks.report.reading.published import read_published
from hooks.report.reading.report import Report, read_report
from hooks.report.reading.store import Store
from hooks.report.scripts import data_scripts, scripts
from hooks.report.tables.hardware import hardware
from hooks.report.tables.matrix import matrices, statuses
from hooks.report.tables.published import published_tables
from hooks.report.tables.runs import runs_list
from hooks.report.tables.selftest import selftests

_LONGEST_NAV = 30
"""With more pages than this, the navigation, which every page repeats, lists only their index."""


def make_build(root: Path, cache: Cache, site_url: str = "", *, stills: bool = True) -> Build:
    """Make the report of the project in `root`, which will be served at `site_url`.

    Without `stills`, the build has no still pictures, which take most of the time of a rebuild.

    Raises:
        BenchError: with every problem of every page and data file, or because there is no data.
    """
    project = Project(root)
    report = read_report(project, Store(project, cache))
    specs = specifications(cache)
    pictures = chart_files(report, specs, cache, stills=stills)
    pages = {
        f"impls/{page.slug}.md": implementation(report, page) for page in report.implementations
    }
    pages |= {f"suites/{suite.name}.md": suite_page(report, suite) for suite in report.suites}
    listed = report.by_title if len(report.implementations) <= _LONGEST_NAV else ()
    return Build(
        generated={
            "impls/index.md": PAGE,
            "suites/index.md": SUITES,
            "changelog.md": changelog(project),
        },
        files=_scripts(report, specs) | pictures | _downloads(report, site_url),
        copies={to: str(path) for to, path in files_on_disk(report, cache).items()},
        pages=with_charts(report, pages),
        shared={
            "front": h.html(front(report, pictures)),
            "compare": h.html(compare(report)),
            "workloads": h.html(workloads(report, pictures)),
            "overview": h.html(overview(report)),
            "suites": h.html(suites_list(report)),
            "runs": h.html(runs_list(report)),
            "matrix": h.html(matrices(report)),
            "hardware": h.html(hardware(report)),
            "published": h.html(published_tables(report, read_published(project))),
            "selftest": h.html(selftests(report)),
            "statuses": h.html(statuses()),
            **{name: h.html(answer) for name, answer in answers(report).items()},
        },
        navigation={
            "impls/": ("impls/index.md", *(f"impls/{page.slug}.md" for page in listed)),
            "suites/": ("suites/index.md", *(f"suites/{each.name}.md" for each in report.suites)),
        },
        messages=tuple(status_lines(report)),
    )


def _scripts(report: Report, specs: Specifications) -> dict[str, bytes]:
    data = data_scripts(
        [("words", words())],
        ((f"charts/{kind}", vega) for kind, vega in specs.vega.items()),
        payloads(report),
        workload_data(report),
        history_data(report),
        run_facts(report),
    )
    return {"assets/report.js": scripts(), **data}


def _downloads(report: Report, site_url: str) -> dict[str, bytes]:
    """Files for other programs; equal inputs give equal bytes."""
    address = f"{site_url.rstrip('/')}/" if site_url else ""
    return {
        "data/v1/index.json": index_json(report),
        "data/v1/schema.json": schema_text().encode(),
        "feed.xml": feed(report, address),
        "llms.txt": llms_txt(report, address),
        **badges(report),
    }
