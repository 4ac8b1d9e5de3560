"""A run file is read once in its life, and what was made of it never outlives a change."""

import os
from collections import Counter
from pathlib import Path

import pytest
from records import Entry, run, write_run
from reports import Made, made

from bench.analysis.case_records import case_records
from bench.errors import BenchError
from bench.project import Project
from bench.records.runfile import read_run
from hooks.report.reading.cache import Cache
from hooks.report.reading.csv_rows import as_csv, as_jsonl, flat_row
from hooks.report.reading.evidence import evidence, rounds
from hooks.report.reading.store import CSV, JSONL, Store


def _store(root: Path) -> Store:
    return Store(Project(root), Cache(root / ".cache" / "site"))


def test_a_build_reads_each_run_file_once_and_the_next_build_reads_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old runs and new ones, some that count for a case and some that do not."""
    a, b = Entry("a", "A", 100), Entry("b", "B", 200)
    for day, entries in enumerate(([a, b], [a], [b])):
        write_run(tmp_path, entries, run=run(day=day), samples=5)
    first = made(tmp_path, [a], run=run(day=3))
    opened = Counter[Path]()
    plain = Path.open

    def counting(path: Path, *words: object, **more: object) -> object:
        opened[path] += path.suffix == ".jsonl" and path.is_relative_to(tmp_path / "data")
        return plain(path, *words, **more)

    monkeypatch.setattr(Path, "open", counting)
    build = first.build
    assert +opened == dict.fromkeys((tmp_path / "data").rglob("*.jsonl"), 1)
    assert len(+opened) == 4
    opened.clear()
    assert Made(tmp_path).build == build
    assert not +opened


def test_a_run_whose_size_and_time_stay_is_not_read_again(tmp_path: Path) -> None:
    """Whatever the file holds now: nobody opens it."""
    path = write_run(tmp_path, [Entry("a", "A", 100)], samples=5)
    first = _store(tmp_path).summaries()
    before = path.stat()
    path.write_bytes(b"x" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    store = _store(tmp_path)
    assert store.summaries() == first
    assert len(store.evidence(first[0])) == len(store.rounds(first[0])) == 6


def test_what_is_kept_of_a_run_says_what_the_run_says(tmp_path: Path) -> None:
    path = write_run(tmp_path, [Entry("a", "A", 100), Entry("b", "B", 200)], samples=5)
    store = _store(tmp_path)
    (one,) = store.summaries()
    file = read_run(path)
    cases = case_records(file)
    assert one.run == file.run
    assert (one.size, one.sha256) == (path.stat().st_size, file.sha256)
    assert [case.key for case in one.cases] == [case.newest.key for case in cases]
    for summary, case in zip(one.cases, cases, strict=True):
        assert summary.latency_us == case.latency_us
        assert summary.interval_us == case.interval_us
        assert store.evidence(one)[summary.key] == evidence(case)
        assert store.rounds(one)[summary.key] == rounds(case)
    rows = [flat_row(case) for case in cases]
    assert [*store.rows([one], CSV), *store.rows([one], JSONL)] == [as_csv(rows), as_jsonl(rows)]


@pytest.mark.parametrize("how", ["changed", "spoilt", "gone", "twice"])
def test_what_happens_to_a_file_is_seen(tmp_path: Path, how: str) -> None:
    path = write_run(tmp_path, [Entry("a", "A", 100)], samples=5)
    before = _store(tmp_path).summaries()
    content = path.read_bytes()
    if how == "changed":
        path.write_bytes(content[: content[:-1].rfind(b"\n") + 1])
        assert _store(tmp_path).summaries() != before
    elif how == "spoilt":
        path.write_bytes(content[:-9])
        with pytest.raises(BenchError, match="the last line is cut off"):
            _store(tmp_path).summaries()
    elif how == "gone":
        path.unlink()
        path.symlink_to("nowhere")
        with pytest.raises(BenchError, match="the operating system reports"):
            _store(tmp_path).summaries()
    else:
        path.parent.joinpath("again").mkdir()
        path.parent.joinpath("again", path.name).write_bytes(content)
        with pytest.raises(BenchError, match="holds the same run as"):
            _store(tmp_path).summaries()
