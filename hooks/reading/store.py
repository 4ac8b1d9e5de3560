"""Reads runs: each file once in its life, after that what was made of it, from the cache."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from bench.errors import BenchError
from bench.project import Project
from bench.records.runfile import RunFile, read_each, read_run, refuse_twice
from bench.verdicts.cell import cells
from bench.verdicts.newest import newest
from hooks.reading.cache import Cache, sources, stamp
from hooks.reading.digest import RunDigest, case_name, digest
from hooks.reading.flat import as_csv, as_jsonl, flat_row

DIGEST, CSV, JSONL = ".run", ".csv", ".jsonl"


class Store:
    """What was made of each run file: its digest, and its rows as CSV and as JSON lines."""

    def __init__(self, project: Project, cache: Cache) -> None:
        self._project = project
        self._cache = cache
        self._code = sources()

    def digests(self) -> tuple[RunDigest, ...]:
        """Every run in `data/`, oldest first; runs of one second keep the order of their ids.

        Raises:
            BenchError: with every problem of every file.
        """
        decoder = msgspec.msgpack.Decoder(RunDigest)

        def read(path: Path) -> RunDigest:
            return decoder.decode(self._made(path, DIGEST).read_bytes())

        found, problems = read_each(self._project, read)
        ids = ((one.run.id, self._project.data / one.path) for one in found)
        problems += refuse_twice(ids, self._project)
        if problems:
            raise BenchError(*problems)
        return tuple(sorted(found, key=lambda one: (one.run.started, one.run.id)))

    def rows(self, digests: Sequence[RunDigest], suffix: str) -> Iterator[bytes]:
        """The rows of each run, as CSV with a head or as JSON lines."""
        for one in digests:
            yield self._made(self._project.data / one.path, suffix).read_bytes()

    def counting(self, digests: Sequence[RunDigest]) -> tuple[RunFile, ...]:
        """The runs that hold a case which counts, whole and oldest first; others are history."""
        found = (
            (case_name(one.run, case), case.status, one.path)
            for one in digests
            for case in one.cases
        )
        counting = set(newest(found).values())
        return tuple(
            read_run(self._project.data / one.path) for one in digests if one.path in counting
        )

    def _made(self, path: Path, suffix: str) -> Path:
        name = path.relative_to(self._project.data).as_posix()
        inputs = [name.encode(), stamp(path), self._code]
        return self._cache.path(suffix, inputs, partial(_make, path, name))


def _make(path: Path, name: str) -> dict[str, bytes]:
    file = read_run(path)
    found = cells(file)
    rows = [flat_row(cell) for cell in found]
    return {
        DIGEST: msgspec.msgpack.encode(digest(file, name, found)),
        CSV: as_csv(rows),
        JSONL: as_jsonl(rows),
    }
