"""The index of the data API as JSON: runs, implementations, selftests and endpoints."""

import msgspec

from bench.analysis.summary import RunSummary
from bench.records.record import SCHEMA_VERSION
from bench.text import one_line
from hooks.report.reading.report import Report
from hooks.report.tables.selftest import selftest_file, selftest_path

VERSION = 1
"""Version of the data API (`v1` in its paths): fields may be added but keep their meaning."""

PATH = "data/v1/index.json"

_RECORDS = "application/jsonl"

ENDPOINTS = (
    (PATH, "application/json", "this index"),
    (
        "data/v1/results.jsonl",
        _RECORDS,
        "one line for each case of each run, derived figures included",
    ),
    ("data/v1/results.csv", "text/csv", "the same rows for spreadsheets"),
    ("data/v1/schema.json", "application/schema+json", "the JSON Schema of one line of a run file"),
    ("data/v1/runs/{path}", _RECORDS, "a run as recorded, with every sample"),
    ("data/v1/selftests/{path}", "application/json", "a selftest: how well the harness measures"),
    ("badge/{slug}.json", "application/json", "an implementation's rank, for shields.io"),
    ("feed.xml", "application/atom+xml", "the runs, the newest first"),
    ("charts/latency.vl.json", "application/json", "the front page's chart, in Vega-Lite"),
    ("charts/latency.svg", "image/svg+xml", "the same as a picture"),
    ("llms.txt", "text/markdown", "a summary of this site for language models"),
)
"""Each endpoint: path from the root of the site, media type, and content."""


class RunEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One run, without its results."""

    id: str
    started: str
    device: str
    suite: str
    path: str | None
    """Path from the root of the site, as are all paths; `null` if only the repository has it."""
    file: str
    """Path in the repository."""
    size: int
    sha256: str
    schema: int
    commit: str | None
    dirty: bool | None
    cases: int
    ok: int
    rounds: int


class ImplementationEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One implementation page."""

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
    """One path of the data API; names in braces stand for values."""

    path: str
    type: str
    holds: str


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """The whole index, which the data page documents."""

    version: int
    record_schema: int
    """The latest schema of run files that this site knows."""
    runs: tuple[RunEntry, ...]
    """Runs, the newest first."""
    implementations: tuple[ImplementationEntry, ...]
    selftests: tuple[FileEntry, ...]
    endpoints: tuple[Endpoint, ...]


def index_json(report: Report) -> bytes:
    """The index of the data API."""
    index = Index(
        version=VERSION,
        record_schema=SCHEMA_VERSION,
        runs=tuple(_run(report, run) for run in reversed(report.runs)),
        implementations=_implementations(report),
        selftests=_selftests(report),
        endpoints=tuple(Endpoint(path=p, type=kind, holds=holds) for p, kind, holds in ENDPOINTS),
    )
    return msgspec.json.format(msgspec.json.encode(index), indent=1) + b"\n"


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
