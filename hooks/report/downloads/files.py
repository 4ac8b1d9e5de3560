"""The results as files: all of them as CSV and JSON lines, each run as recorded, the schema."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.check import schema_text
from hooks.report.reading.cache import Cache, sources, stamp
from hooks.report.reading.report import Report
from hooks.report.reading.store import CSV, JSONL
from hooks.report.tables.selftest import selftest_file, selftest_path

DATA_FOLDER = "data/v1"
"""Folder of the data API on the site; published fields keep their meaning."""


def small_files() -> dict[str, bytes]:
    """Files that are small enough to make for each build, by their paths on the site."""
    return {f"{DATA_FOLDER}/schema.json": schema_text().encode()}


def copies(report: Report, cache: Cache) -> dict[str, Path]:
    """Files on disk by their paths on the site: records, and the rows of all runs in one file."""
    data = report.project.data
    return {
        f"{DATA_FOLDER}/results.csv": _whole(report, cache, CSV),
        f"{DATA_FOLDER}/results.jsonl": _whole(report, cache, JSONL),
        **{path: data / run.path for run in report.runs if (path := report.served(run))},
        **{selftest_path(report, test): selftest_file(report, test) for test in report.selftests},
    }


def _whole(report: Report, cache: Cache, suffix: str) -> Path:
    """Path of a cached file with the rows of all runs."""
    data = report.project.data
    inputs = [stamp(data / run.path) + run.path.encode() for run in report.runs]
    name = f".all{suffix}"
    rows = partial(report.store.rows, report.runs, suffix)
    make = partial(_parts, with_head=suffix == CSV)
    path = cache.path(name, [*inputs, sources()], lambda: {name: make(rows())})
    cache.keep(name, 2)
    return path


def _parts(rows: Iterator[bytes], *, with_head: bool) -> Iterator[bytes]:
    """The rows of all runs, with the header of the first one only."""
    first = True
    for part in rows:
        head, line, rest = part.partition(b"\n") if with_head else (b"", b"", part)
        yield (head + line if first else b"") + rest
        first = first and not part
