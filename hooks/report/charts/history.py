"""The history of a page for the browser: the result of each case in each run, without samples."""

import msgspec

from bench.analysis.scope import scope_of
from bench.analysis.summary import CaseSummary, RunSummary
from bench.pages.implementation import Implementation
from bench.text import one_line
from hooks.report.charts.payload import script
from hooks.report.reading.report import Report
from hooks.report.tables.audit import case_name


class HistoryPoint(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The result of a case in one run; latencies in µs."""

    run: int
    """Index of the run in the list of runs."""
    us: float | None = None
    low: float | None = None
    high: float | None = None
    samples: int = 0
    status: str = "ok"
    reason: str = ""
    other_code: bool = False
    """Whether the code differs from the code that the page has now."""


class HistoryRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run in the list of runs."""

    id: str
    started: str
    torch: str


class History(msgspec.Struct, frozen=True, kw_only=True):
    """The results of one page in its newest runs."""

    runs: tuple[HistoryRun, ...]
    cases: dict[str, list[HistoryPoint]]
    """Results of each case in order of time, by the name of the case on the page."""


def history_name(slug: str) -> str:
    """Name of the script with a page's history, under `data/v1/`."""
    return f"history/{slug}"


def history_scripts(report: Report) -> dict[str, bytes]:
    """The scripts of all pages with results, by their paths on the site."""
    scripts = {}
    for page in report.implementations:
        if page.slug in report.histories:
            name = history_name(page.slug)
            content = msgspec.json.encode(_history(report, page))
            scripts[f"data/v1/{name}.js"] = script(name, content)
    return scripts


def _history(report: Report, page: Implementation) -> History:
    recorded = report.histories[page.slug]
    now = {variant.id: variant.code_sha256 for variant in page.variants}
    points: dict[str, list[HistoryPoint]] = {}
    for index, (run, cases) in enumerate(recorded):
        for case in cases:
            point = _point(index, case, other_code=now.get(case.variant) != case.code_sha256)
            points.setdefault(case_name(scope_of(run.run, case), case), []).append(point)
    return History(runs=tuple(_run(run) for run, _ in recorded), cases=points)


def _run(summary: RunSummary) -> HistoryRun:
    run = summary.run
    return HistoryRun(
        id=one_line(run.id),
        started=f"{run.started:%Y-%m-%d %H:%M}",
        torch=one_line(run.environment.torch),
    )


def _point(index: int, case: CaseSummary, *, other_code: bool) -> HistoryPoint:
    low, high = case.interval_us or (None, None)
    return HistoryPoint(
        run=index,
        us=case.latency_us,
        low=low,
        high=high,
        samples=case.samples,
        status=case.status,
        reason=case.reason,
        other_code=other_code,
    )
