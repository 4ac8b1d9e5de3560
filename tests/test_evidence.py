"""An implementation's page holds what its figures rest on: samples, errors, history, versions."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from records import Entry, page, run, write_run
from reports import Made, made, results

from bench.analysis.stats import median, rounds_interval
from bench.project import Project
from bench.records.outcome import Crashed, Ok
from bench.records.run_lines import Result
from bench.records.runfile import read_data
from hooks.report.build_cache import cached_build
from hooks.report.reading.report import SHOWN, histories

HOSTILE = "<script>window.hacked = 1</script>"
LINE = Entry("mine", "Mine", 300)


def _script(made: Made, name: str) -> Any:
    """What a script leaves for the page's own scripts."""
    head, _, body = made.file(f"data/v1/{name}.js").partition(" = ")
    assert head == f'((window.report ??= {{}}).data ??= {{}})["{name}"]'
    return json.loads(body.removesuffix(";\n"))


def _evidence(made: Made, slug: str = "mine") -> str:
    return made.build.pages[f"impls/{slug}.md"].placed["evidence"]


@pytest.fixture
def twice(tmp_path: Path) -> Made:
    """A page that crashed in its first run and went well in the second."""
    report = made(tmp_path, [LINE], run=run(day=1), samples=40)
    write_run(tmp_path, [replace(LINE, outcome=Crashed(reason=HOSTILE))], run=run(day=0))
    return report


def test_the_samples_of_a_page_are_those_of_its_run(twice: Made) -> None:
    samples = _script(twice, "samples/mine")
    file = read_data(Project(twice.root))[-1]
    recorded = [
        list(record.outcome.latency_us)
        for record in file.records
        if isinstance(record, Result) and isinstance(record.outcome, Ok)
    ]
    assert sorted(us for rounds in samples.values() for us in rounds) == sorted(recorded)


def test_what_is_published_follows_from_the_samples(twice: Made) -> None:
    samples = _script(twice, "samples/mine")
    rows = re.findall(r"<tr( data-case=[^>]*)>", results(twice, "mine"))
    assert len(rows) == len(samples) == 6
    for row in rows:
        said = dict(re.findall(r' data-(\w+)="([^"]*)"', row))
        rounds = samples[said["case"]]
        medians = [median(one) for one in rounds]
        count, samples_of_case, us, *interval, _ = json.loads(said["published"])
        assert us == median(medians)
        assert tuple(interval) == rounds_interval(medians)
        assert samples_of_case == sum(map(len, rounds))
        assert count == len(rounds)


def test_a_chooser_offers_the_cases_that_have_samples(twice: Made) -> None:
    offered = re.findall(r'<option value="([^"]*)"', _evidence(twice))
    assert set(offered) == set(_script(twice, "samples/mine"))
    assert set(offered) <= set(_script(twice, "history/mine")["cases"])


def test_a_page_without_a_latency_has_its_history_and_no_charts(tmp_path: Path) -> None:
    report = made(tmp_path, [replace(LINE, outcome=Crashed(reason="gone")), Entry("b", "B", 1)])
    assert "<figure" not in _evidence(report)
    assert "crashed" in _evidence(report)
    assert "data/v1/samples/mine.js" not in report.paths
    assert "data-case" not in results(report, "mine")


def test_the_history_knows_failures_with_their_reasons(twice: Made) -> None:
    history = _script(twice, "history/mine")
    days = [run["when"].removesuffix(f" {run['run']}") for run in history["runs"]]
    assert days == ["2026-03-14 09:26", "2026-03-15 09:26"]
    for failed, ran in history["cases"].values():
        assert (failed["run"], failed["status"], failed["reason"]) == (0, "crashed", HOSTILE)
        assert (ran["run"], "status" in ran) == (1, False)
        assert ran["low"] <= ran["us"] <= ran["high"]


def test_the_table_of_the_history_says_the_same_newest_first(twice: Made) -> None:
    table = _evidence(twice).partition("Every run")[2]
    days = re.findall(r">(2026-03-1\d) 09:26<", table)
    assert days == ["2026-03-15", "2026-03-14"]
    assert HOSTILE not in table
    assert table.count('title="&lt;script&gt;window.hacked = 1&lt;/script&gt;">crashed<') == 6
    assert table.count("±") == 6


def test_a_history_holds_the_newest_runs(twice: Made) -> None:
    (_, newest) = twice.report.runs
    many = [msgspec.structs.replace(newest, path=f"{n}.jsonl") for n in range(SHOWN + 50)]
    kept = [one.path for one, _ in histories(many)["mine"]]
    assert kept == [f"{n}.jsonl" for n in range(50, SHOWN + 50)]


def test_percentiles_are_those_of_each_round(twice: Made) -> None:
    table = _evidence(twice).partition("Percentiles of each round")[2].partition("Every run")[0]
    (line,) = twice.board.lines
    of_case = twice.report.store.rounds(twice.report.by_run[line.newest.run])
    rounds = [samples for case in line.cases.values() for samples in of_case[case.key]]
    assert table.count("<tr>") == 1 + len(rounds)
    for samples in rounds:
        assert f'<td class="number">{median(samples):,.1f}</td>' in table


def test_an_error_is_shown_beside_its_bound(twice: Made) -> None:
    table = results(twice, "mine").partition("Error against tolerance")[2].partition("</table>")[0]
    accuracy = twice.report.evidence(twice.board.lines[0].newest).accuracy
    assert accuracy
    share = accuracy.relative_error / accuracy.relative_bound
    assert f"{accuracy.relative_error:.2e}" in table
    assert f"{share * 100:.0f}\u00a0%" in table


@pytest.mark.parametrize(
    ("dependencies", "command"),
    [
        ("[]", "pip install torch<"),
        ("[my-kernel==1.2]", "pip install my-kernel==1.2<"),
        ("['a>=1,<2', \"b; python_version > '3'\"]", "pip install 'a&gt;=1,&lt;2' 'b; python"),
    ],
)
def test_a_page_says_how_to_install_what_it_needs(
    tmp_path: Path, dependencies: str, command: str
) -> None:
    report = made(tmp_path, [LINE])
    page(tmp_path, "mine", "Mine", dependencies=dependencies)
    about = report.build.pages["impls/mine.md"].about
    assert command in about.replace("&#39;", "'")


def test_a_page_says_with_what_it_was_measured(twice: Made) -> None:
    about = twice.build.pages["impls/mine.md"].about
    assert "2026-03-15, PyTorch 2.13.0, CUDA 13.0" in about


def test_a_kept_build_whose_copies_were_cleared_away_is_made_anew(twice: Made) -> None:
    first = cached_build(twice.root)
    for path in first.copies.values():
        if ".cache" in path:
            Path(path).unlink()
    again = cached_build(twice.root)
    assert again == first
    assert all(Path(path).is_file() for path in again.copies.values())
