"""The results as files on disk: records, the rows of all runs, and the samples of each page."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from bench.analysis.summary import CaseSummary
from hooks.report.reading.cache import Cache, sources, stamp
from hooks.report.reading.report import Report
from hooks.report.reading.store import CSV, JSONL
from hooks.report.scripts import data_path, data_script
from hooks.report.tables.audit import case_name, samples_name
from hooks.report.tables.selftest import selftest_file, selftest_path

_SAMPLES = ".samples.js"


def files_on_disk(report: Report, cache: Cache) -> dict[str, Path]:
    """Files to copy, by their paths on the site."""
    data = report.project.data
    return {
        "data/v1/results.csv": _results(report, cache, CSV),
        "data/v1/results.jsonl": _results(report, cache, JSONL),
        **{path: data / run.path for run in report.runs if (path := report.served(run))},
        **{selftest_path(report, test): selftest_file(report, test) for test in report.selftests},
        **_samples(report, cache),
    }


def _results(report: Report, cache: Cache, suffix: str) -> Path:
    """A cached file with the rows of all runs."""
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


def _samples(report: Report, cache: Cache) -> dict[str, Path]:
    """Cached scripts with the samples of each page's newest cases, which browsers audit."""
    paths = {}
    for page in report.implementations:
        name = samples_name(page.slug)
        cases = {
            case_name(board.scope, case): case
            for board, lines in report.of_page(page.slug)
            for line in lines
            for case in line.cases.values()
            if case.latency_us is not None
        }
        if cases:
            runs = sorted({report.by_run[case.run].path for case in cases.values()})
            stamps = [path.encode() + stamp(report.project.data / path) for path in runs]
            make = partial(_script, report, name, cases)
            paths[data_path(name)] = cache.path(_SAMPLES, [name.encode(), sources(), *stamps], make)
    cache.keep(_SAMPLES, 4 * len(report.implementations))
    return paths


def _script(report: Report, name: str, cases: Mapping[str, CaseSummary]) -> dict[str, bytes]:
    """A script with the samples of each round in µs, in the order recorded."""
    runs = {case.run for case in cases.values()}
    rounds = {run: report.store.rounds(report.by_run[run]) for run in runs}
    samples = {key: rounds[case.run][case.key] for key, case in cases.items()}
    return {_SAMPLES: data_script(name, samples)}
