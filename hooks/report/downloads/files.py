"""The numbers themselves: all results as CSV and JSON lines, every run as recorded, the schema."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.check import schema_text
from hooks.report.reading.cache import Cache, sources, stamp
from hooks.report.reading.report import Report
from hooks.report.reading.store import CSV, JSONL
from hooks.report.tables.selftest import selftest_file, selftest_path

ROOM = "data/v1"
"""Where other programs find data; what is there keeps its meaning."""


def small_files() -> dict[str, bytes]:
    """What is made anew for each report, by its path on the site."""
    return {f"{ROOM}/schema.json": schema_text().encode()}


def copies(report: Report, cache: Cache) -> dict[str, Path]:
    """What lies on disk already, by its path on the site: records, and all their rows in one."""
    data = report.project.data
    return {
        f"{ROOM}/results.csv": _whole(report, cache, CSV),
        f"{ROOM}/results.jsonl": _whole(report, cache, JSONL),
        **{path: data / run.path for run in report.runs if (path := report.served(run))},
        **{selftest_path(report, test): selftest_file(report, test) for test in report.selftests},
    }


def _whole(report: Report, cache: Cache, suffix: str) -> Path:
    """The rows of all runs in one file of the cache."""
    data = report.project.data
    inputs = [stamp(data / run.path) + run.path.encode() for run in report.runs]
    name = f".all{suffix}"
    rows = partial(report.store.rows, report.runs, suffix)
    make = partial(_parts, with_head=suffix == CSV)
    path = cache.path(name, [*inputs, sources()], lambda: {name: make(rows())})
    cache.keep(name, 2)
    return path


def _parts(rows: Iterator[bytes], *, with_head: bool) -> Iterator[bytes]:
    """The rows of each run; a head only once."""
    first = True
    for part in rows:
        head, line, rest = part.partition(b"\n") if with_head else (b"", b"", part)
        yield (head + line if first else b"") + rest
        first = first and not part
