"""A run file is read once in its life, and what was made of it never outlives a change."""

from pathlib import Path

import pytest
from records import Entry, run, write_run

import hooks.reading.store
from bench.errors import BenchError
from bench.project import Project
from bench.records.runfile import read_run
from hooks.reading.cache import Cache
from hooks.reading.report import read_report
from hooks.reading.store import Store


def _store(root: Path) -> Store:
    return Store(Project(root), Cache(root / ".cache" / "site"))


def test_a_run_that_did_not_change_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(tmp_path, [Entry("a", "A", 100)], samples=5)
    first = _store(tmp_path).digests()
    monkeypatch.setattr(hooks.reading.store, "read_run", None)
    assert _store(tmp_path).digests() == first


def test_only_runs_that_hold_a_case_that_counts_are_read_whole(tmp_path: Path) -> None:
    a, b = Entry("a", "A", 100), Entry("b", "B", 200)
    for day, entries in enumerate([[a, b], [a], [a]]):
        write_run(tmp_path, entries, run=run(day=day), samples=5)
    store = _store(tmp_path)
    digests = store.digests()
    assert [file.run.id for file in store.counting(digests)] == [
        digests[0].run.id,
        digests[2].run.id,
    ]


def test_a_digest_says_what_the_run_says(tmp_path: Path) -> None:
    path = write_run(tmp_path, [Entry("a", "A", 100)], samples=5)
    (one,) = _store(tmp_path).digests()
    assert one.run == read_run(path).run
    assert one.size == path.stat().st_size
    report = read_report(Project(tmp_path), _store(tmp_path))
    cells = report.boards[0].lines[0].cells
    for case in one.cases:
        assert case.latency_us == cells[case.workload].latency_us
        assert case.interval_us == cells[case.workload].interval_us


@pytest.mark.parametrize("how", ["changed", "spoilt", "gone", "twice"])
def test_what_happens_to_a_file_is_seen(tmp_path: Path, how: str) -> None:
    path = write_run(tmp_path, [Entry("a", "A", 100)], samples=5)
    before = _store(tmp_path).digests()
    content = path.read_bytes()
    if how == "changed":
        path.write_bytes(content[: content[:-1].rfind(b"\n") + 1])
        assert _store(tmp_path).digests() != before
    elif how == "spoilt":
        path.write_bytes(content[:-9])
        with pytest.raises(BenchError, match="the last line is cut off"):
            _store(tmp_path).digests()
    elif how == "gone":
        path.unlink()
        path.symlink_to("nowhere")
        with pytest.raises(BenchError, match="the operating system reports"):
            _store(tmp_path).digests()
    else:
        path.parent.joinpath("again").mkdir()
        path.parent.joinpath("again", path.name).write_bytes(content)
        with pytest.raises(BenchError, match="holds the same run as"):
            _store(tmp_path).digests()
