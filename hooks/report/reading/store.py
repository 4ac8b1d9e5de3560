"""Reads each run file once and caches everything that is computed from it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from bench.analysis.case_records import case_records
from bench.analysis.summary import RunSummary, summarise
from bench.errors import BenchError
from bench.operations.discovery import dec_hook
from bench.project import Project
from bench.records.run_lines import CaseKey
from bench.records.runfile import read_each, read_run, refuse_twice
from hooks.report.reading.cache import Cache, sources, stamp
from hooks.report.reading.csv_rows import as_csv, as_jsonl, flat_row
from hooks.report.reading.evidence import Evidence, Rounds, evidence, rounds

SUMMARY, EVIDENCE, ROUNDS, CSV, JSONL = ".run", ".evidence", ".rounds", ".csv", ".jsonl"
"""Suffixes of the cached files that are made from a run file."""

Value = TypeVar("Value")


class Store:
    """Everything computed from each run file: summary, evidence, samples, rows as CSV and JSON."""

    def __init__(self, project: Project, cache: Cache) -> None:
        self._project = project
        self._cache = cache
        self._code = sources()

    def summaries(self) -> tuple[RunSummary, ...]:
        """The runs in `data/`, oldest first; runs that started in the same second by id.

        Raises:
            BenchError: with every problem of every file.
        """
        decoder = msgspec.msgpack.Decoder(RunSummary, dec_hook=dec_hook)

        def read(path: Path) -> RunSummary:
            return decoder.decode(self._cached(path, SUMMARY).read_bytes())

        runs, problems = read_each(self._project, read)
        ids = ((run.run.id, self._project.data / run.path) for run in runs)
        problems += refuse_twice(ids, self._project)
        if problems:
            raise BenchError(*problems)
        return tuple(sorted(runs, key=lambda run: (run.run.started, run.run.id)))

    def rows(self, runs: Sequence[RunSummary], suffix: str) -> Iterator[bytes]:
        """The rows of each run, as CSV with a header or as JSON lines."""
        for run in runs:
            yield self._cached(self._project.data / run.path, suffix).read_bytes()

    def evidence(self, run: RunSummary) -> Mapping[CaseKey, Evidence]:
        """The evidence of each case of a run."""
        return self._cases(run, EVIDENCE, list[Evidence])

    def rounds(self, run: RunSummary) -> Mapping[CaseKey, Rounds]:
        """The samples of each case of a run."""
        return self._cases(run, ROUNDS, list[Rounds])

    def _cases(
        self, run: RunSummary, suffix: str, kind: type[list[Value]]
    ) -> Mapping[CaseKey, Value]:
        content = self._cached(self._project.data / run.path, suffix).read_bytes()
        values = msgspec.msgpack.decode(content, type=kind)
        return {case.key: value for case, value in zip(run.cases, values, strict=True)}

    def _cached(self, path: Path, suffix: str) -> Path:
        name = path.relative_to(self._project.data).as_posix()
        inputs = [name.encode(), stamp(path), self._code]
        return self._cache.path(suffix, inputs, partial(_make, path, name))


def _make(path: Path, name: str) -> dict[str, bytes]:
    file = read_run(path)
    cases = case_records(file)
    rows = [flat_row(case) for case in cases]
    encode = msgspec.msgpack.encode
    return {
        SUMMARY: encode(summarise(file, name, cases)),
        EVIDENCE: encode(list(map(evidence, cases))),
        ROUNDS: encode(list(map(rounds, cases))),
        CSV: as_csv(rows),
        JSONL: as_jsonl(rows),
    }
