"""The index of the data API as JSON: runs, implementations, selftests and endpoints."""

import msgspec

from bench.analysis.summary import RunSummary
from bench.pages.implementation import Implementation
from bench.records.run_lines import SCHEMA_VERSION
from bench.selftest.fitness import SelfTest
from bench.text import one_line
from hooks.report.reading.report import Report
from hooks.report.tables.selftest import selftest_file, selftest_path

VERSION = 1
"""Version of the data API (`v1` in its paths): fields may be added but keep their meaning."""

_RECORDS = "application/jsonl"

ENDPOINTS = (
    ("data/v1/index.json", "application/json", "this index"),
    ("data/v1/results.jsonl", _RECORDS, "a line for each case of each run, with derived figures"),
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


Entry = dict[str, object]
"""One object of the index; the data page documents its fields."""


def index_json(report: Report) -> bytes:
    """The index of the data API: runs and selftests come newest first."""
    index = {
        "version": VERSION,
        "record_schema": SCHEMA_VERSION,
        "runs": [_run(report, run) for run in reversed(report.runs)],
        "implementations": list(map(_implementation, report.implementations)),
        "selftests": [_selftest(report, test) for test in reversed(report.selftests)],
        "endpoints": [{"path": p, "type": kind, "holds": holds} for p, kind, holds in ENDPOINTS],
    }
    return msgspec.json.format(msgspec.json.encode(index), indent=1) + b"\n"


def _run(report: Report, summary: RunSummary) -> Entry:
    """A run without its results; `path` is from the site's root, `file` from the repository's."""
    run = summary.run
    return {
        "id": run.id,
        "started": run.started.isoformat(),
        "device": run.environment.name,
        "suite": run.suite,
        "path": report.served(summary),
        "file": f"data/{summary.path}",
        "size": summary.size,
        "sha256": summary.sha256,
        "schema": run.schema,
        "commit": run.commit,
        "dirty": run.dirty,
        "cases": len(summary.cases),
        "ok": summary.ok,
        "rounds": run.protocol.rounds,
    }


def _implementation(page: Implementation) -> Entry:
    return {
        "slug": page.slug,
        "title": one_line(page.title),
        "provider": one_line(page.about.provider),
        "homepage": page.about.homepage,
        "precision": page.about.precision,
        "variants": [variant.id for variant in page.variants],
        "page": f"impls/{page.slug}/",
        "badge": f"badge/{page.slug}.json",
    }


def _selftest(report: Report, test: SelfTest) -> Entry:
    return {
        "id": test.id,
        "started": test.started.isoformat(),
        "device": test.environment.name,
        "path": selftest_path(report, test),
        "size": selftest_file(report, test).stat().st_size,
    }
