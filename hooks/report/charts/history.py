"""The history of a page as the browser knows it: each case in each run, without samples."""

import msgspec

from bench.analysis.scope import scope_of
from bench.analysis.summary import CaseSummary, RunSummary
from bench.pages.implementation import Implementation
from bench.text import one_line
from hooks.report.charts.payload import script
from hooks.report.reading.report import Report
from hooks.report.tables.audit import case_name


class Moment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One case in one run; latencies in µs."""

    run: int
    """Place of the run in the list of runs."""
    us: float | None = None
    low: float | None = None
    high: float | None = None
    samples: int = 0
    status: str = "ok"
    reason: str = ""
    other_code: bool = False
    """Whether it is not the code that the page holds now."""


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """A run in the list of runs."""

    id: str
    started: str
    torch: str


class HistoryView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the newest runs found of one page."""

    runs: tuple[RunView, ...]
    cases: dict[str, list[Moment]]
    """By the case's name on the page, the oldest first."""


def history_name(slug: str) -> str:
    """What the history of a page is called among the scripts under `data/v1/`."""
    return f"history/{slug}"


def history_scripts(report: Report) -> dict[str, bytes]:
    """The script of every page with results, by its path on the site."""
    made = {}
    for page in report.implementations:
        if page.slug in report.histories:
            name = history_name(page.slug)
            content = msgspec.json.encode(_view(report, page))
            made[f"data/v1/{name}.js"] = script(name, content)
    return made


def _view(report: Report, page: Implementation) -> HistoryView:
    recorded = report.histories[page.slug]
    now = {variant.id: variant.code_sha256 for variant in page.variants}
    cases: dict[str, list[Moment]] = {}
    for place, (one, found) in enumerate(recorded):
        for case in found:
            moment = _moment(place, case, other_code=now.get(case.variant) != case.code_sha256)
            cases.setdefault(case_name(scope_of(one.run, case), case), []).append(moment)
    return HistoryView(runs=tuple(_run(one) for one, _ in recorded), cases=cases)


def _run(one: RunSummary) -> RunView:
    return RunView(
        id=one_line(one.run.id),
        started=f"{one.run.started:%Y-%m-%d %H:%M}",
        torch=one_line(one.run.environment.torch),
    )


def _moment(place: int, case: CaseSummary, *, other_code: bool) -> Moment:
    low, high = case.interval_us or (None, None)
    return Moment(
        run=place,
        us=case.latency_us,
        low=low,
        high=high,
        samples=case.samples,
        status=case.status,
        reason=case.reason,
        other_code=other_code,
    )
