"""What there is to download, as JSON: the runs, the implementations and the endpoints."""

import msgspec

from bench.analysis.summary import RunSummary
from bench.records.record import SCHEMA_VERSION
from bench.text import one_line
from hooks.report.reading.report import Report
from hooks.report.tables.selftest import selftest_file, selftest_path

VERSION = 1
"""Of the data API; the `v1` in its paths. What it holds keeps its meaning, fields may be added."""

PATH = "data/v1/index.json"

_RECORDS = "application/jsonl"

ENDPOINTS = (
    (PATH, "application/json", "this index"),
    (
        "data/v1/results.jsonl",
        _RECORDS,
        "a line for each case of each run, derived figures included",
    ),
    ("data/v1/results.csv", "text/csv", "the same rows for spreadsheets"),
    ("data/v1/schema.json", "application/schema+json", "the JSON Schema of a line of a run's file"),
    ("data/v1/runs/{path}", _RECORDS, "a run as it was recorded, with every sample"),
    ("data/v1/selftests/{path}", "application/json", "what the harness found about itself"),
    ("badge/{slug}.json", "application/json", "an implementation's place, for shields.io"),
    ("feed.xml", "application/atom+xml", "the runs, the newest first"),
    ("charts/latency.vl.json", "application/json", "the front page's chart, in Vega-Lite"),
    ("charts/latency.svg", "image/svg+xml", "the same as a picture"),
    ("llms.txt", "text/markdown", "this site in short, for language models"),
)
"""Path from the root of the site, media type, and what it holds."""


class RunEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One run, without its results."""

    id: str
    started: str
    device: str
    suite: str
    path: str | None
    """From the root of the site, as are all paths; `null` where only the repository has it."""
    file: str
    """In the repository."""
    size: int
    sha256: str
    schema: int
    commit: str | None
    dirty: bool | None
    cases: int
    ok: int
    rounds: int


class ImplementationEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One page."""

    slug: str
    title: str
    provider: str
    homepage: str
    precision: str
    variants: tuple[str | None, ...]
    page: str
    badge: str


class FileEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One selftest."""

    id: str
    started: str
    device: str
    path: str
    size: int


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One address of the data API; words in braces stand for values."""

    path: str
    type: str
    holds: str


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """All of it; documented on the data page."""

    version: int
    record_schema: int
    """The latest schema of a run's file that this site knows."""
    runs: tuple[RunEntry, ...]
    """The newest first."""
    implementations: tuple[ImplementationEntry, ...]
    selftests: tuple[FileEntry, ...]
    endpoints: tuple[Endpoint, ...]


def index_json(report: Report) -> bytes:
    """The index of the data API."""
    made = Index(
        version=VERSION,
        record_schema=SCHEMA_VERSION,
        runs=tuple(_run(report, run) for run in reversed(report.runs)),
        implementations=_implementations(report),
        selftests=_selftests(report),
        endpoints=tuple(Endpoint(path=p, type=kind, holds=holds) for p, kind, holds in ENDPOINTS),
    )
    return msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n"


def _run(report: Report, summary: RunSummary) -> RunEntry:
    run = summary.run
    return RunEntry(
        id=run.id,
        started=run.started.isoformat(),
        device=run.environment.name,
        suite=run.suite,
        path=report.served(summary),
        file=f"data/{summary.path}",
        size=summary.size,
        sha256=summary.sha256,
        schema=run.schema,
        commit=run.commit,
        dirty=run.dirty,
        cases=len(summary.cases),
        ok=summary.ok,
        rounds=run.protocol.rounds,
    )


def _implementations(report: Report) -> tuple[ImplementationEntry, ...]:
    return tuple(
        ImplementationEntry(
            slug=page.slug,
            title=one_line(page.title),
            provider=one_line(page.about.provider),
            homepage=page.about.homepage,
            precision=page.about.precision,
            variants=tuple(variant.id for variant in page.variants),
            page=f"impls/{page.slug}/",
            badge=f"badge/{page.slug}.json",
        )
        for page in report.implementations
    )


def _selftests(report: Report) -> tuple[FileEntry, ...]:
    return tuple(
        FileEntry(
            id=test.id,
            started=test.started.isoformat(),
            device=test.environment.name,
            path=selftest_path(report, test),
            size=selftest_file(report, test).stat().st_size,
        )
        for test in reversed(report.selftests)
    )
