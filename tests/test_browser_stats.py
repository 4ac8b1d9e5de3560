"""A reader's browser computes and writes what Python does: statistics, verdicts and numbers."""

import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from records import Entry, run, summaries, write_run

from bench.analysis import stats, verdict
from bench.analysis.leaderboard import Leaderboard, leaderboards
from bench.analysis.summary import CaseSummary
from bench.operations.operation import Workload
from bench.project import Project
from hooks.report import formats
from hooks.report.scripts import source

pytestmark = pytest.mark.browser

Call = Callable[[str, list[Any]], list[Any]]
"""Evaluates a JavaScript function over many lists of arguments at once."""


@pytest.fixture(scope="module")
def call(bare: Browser) -> Iterator[Call]:
    """The scripts in a page of nothing else: no site is built for them."""
    page = bare.new_page()
    for name in ("stats", "format"):
        page.add_script_tag(content=source(name))
    yield lambda function, inputs: _many(page, function, inputs)
    page.close()


def _many(page: Page, function: str, inputs: list[Any]) -> list[Any]:
    found: list[Any] = page.evaluate(
        f"inputs => inputs.map((input) => ({function})(...input))", inputs
    )
    return found


def _samples(rng: random.Random, count: int) -> list[float]:
    return [rng.lognormvariate(5, 0.02) for _ in range(count)]


def test_medians_and_means_are_pythons(call: Call) -> None:
    rng = random.Random(1)
    alone = [(_samples(rng, count),) for count in (*range(1, 300), 10_000)]
    for name, own in (
        ("median", stats.median),
        ("mean", statistics.fmean),
        ("geometricMean", stats.geometric_mean),
    ):
        expected = [own(samples) for (samples,) in alone]
        assert call(f"report.stats.{name}", alone) == pytest.approx(expected, rel=1e-12), name


def test_intervals_over_rounds_are_pythons(call: Call) -> None:
    """Rounds as runs have them, few and many, some of them equal."""
    rng = random.Random(4)
    made = [_samples(rng, rng.randint(2, 12)) for _ in range(300)]
    made += [[round(us, 0) for us in medians] for medians in made[:40]]
    found = call("report.stats.roundsInterval", [(one,) for one in made])
    for own, its in zip(map(stats.rounds_interval, made), found, strict=True):
        assert its == pytest.approx(own, rel=1e-12)
    assert call("report.stats.roundsInterval", [([7],), ([],)]) == [None, None]


@dataclass(frozen=True)
class Timed:
    latency_us: float
    interval_us: stats.Interval | None


def _js(case: Timed | CaseSummary) -> dict[str, Any]:
    low, high = case.interval_us or (None, None)
    return {"us": case.latency_us, "low": low, "high": high}


def _timed(rng: random.Random) -> Timed:
    us = rng.uniform(100, 110)
    alone = rng.random() < 0.2
    return Timed(us, None if alone else (us - rng.uniform(0, 4), us + rng.uniform(0, 4)))


def test_ratios_are_pythons(call: Call) -> None:
    rng = random.Random(5)
    pairs = [(_timed(rng), _timed(rng)) for _ in range(400)]
    found = call("report.verdict.ratio", [tuple(map(_js, pair)) for pair in pairs])
    for pair, its in zip(pairs, found, strict=True):
        own = verdict.ratio(*pair)
        assert own
        low, high = own.interval or (None, None)
        assert its == {
            "value": own.value,
            "low": low,
            "high": high,
            "indistinguishable": own.indistinguishable,
        }
    assert call("report.verdict.ratio", [(None, _js(pairs[0][0]))]) == [None]


@pytest.fixture
def board(tmp_path: Any) -> Leaderboard:
    """A leaderboard of two runs, of lines that differ in pace from round to round."""
    rng = random.Random(6)
    entries = [
        Entry(f"line{n}", f"Line {n}", 300 + 20 * n, paces=tuple(rng.gauss(1, 0.01) for _ in "123"))
        for n in range(5)
    ]
    write_run(tmp_path, entries)
    write_run(tmp_path, entries[3:], run=run(day=1))
    (made,) = leaderboards(summaries(Project(tmp_path)))
    return made


def test_slow_downs_are_pythons(call: Call, board: Leaderboard) -> None:
    """Within a run round by round, and by the farthest ends between two runs."""

    def cases(found: dict[Workload, CaseSummary]) -> dict[str, Any]:
        return {
            workload.name: _js(case) | {"rounds": list(case.round_medians_us), "run": case.run}
            for workload, case in found.items()
        }

    best = {workload: line.cases[workload] for workload, line in board.fastest.items()}
    found = call(
        "report.verdict.slowdown", [(cases(line.cases), cases(best)) for line in board.lines]
    )
    assert len({line.newest.run for line in board.lines}) == 2
    for line, its in zip(board.lines, found, strict=True):
        own = line.slowdown
        assert own
        assert its["covered"] == own.covered
        assert its["value"] == pytest.approx(own.value, rel=1e-12)
        assert (its["low"], its["high"]) == pytest.approx(own.interval, rel=1e-9)
    assert call("report.verdict.slowdown", [({}, cases(best))]) == [None]


def _numbers() -> list[float]:
    """Of every size, whole ones, and many that lie halfway between two texts."""
    rng = random.Random(7)
    many = [rng.choice((1, -1)) * 10 ** rng.uniform(-9, 9) for _ in range(1500)]
    halves = [n / 2**k for n in range(1, 400, 2) for k in (1, 2, 3, 4)]
    near = [10.0**k * (1 + d) for k in range(-5, 8) for d in (0, 1e-3, -1e-4, -1e-6)]
    return [0.0, *many, *halves, *near, *map(float, range(0, 5000, 7))]


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("microseconds", formats.microseconds),
        *[(f"number@{d}", lambda v, d=d: formats.significant(v, d)) for d in (1, 2, 3, 4, 6)],
        *[(f"percent@{d}", lambda v, d=d: formats.percent(v, d)) for d in (0, 1, 2)],
        *[(f"times@{d}", lambda v, d=d: formats.times(v, d)) for d in (1, 2, 4)],
    ],
)
def test_numbers_are_written_as_python_writes_them(
    call: Call, name: str, own: Callable[[float], str]
) -> None:
    function, _, digits = name.partition("@")
    inputs = [(value, int(digits)) if digits else (value,) for value in _numbers()]
    texts = [own(value) for value in _numbers()]
    assert call(f"report.format.{function}", inputs) == texts


def test_intervals_are_written_as_python_writes_them(call: Call) -> None:
    rng = random.Random(8)
    triples = []
    for _ in range(300):
        middle, reach = 10 ** rng.uniform(0, 5), 10 ** rng.uniform(-5, -0.5)
        triples.append((middle, middle * (1 - reach), middle * (1 + reach * rng.random())))
    texts = [formats.plus_minus(us, (low, high)) for us, low, high in triples]
    assert call("report.format.plusMinus", triples) == texts
    texts = [formats.between((low, high)) for _, low, high in triples]
    assert call("report.format.between", [(low, high) for _, low, high in triples]) == texts
    counts = [(count, "sample") for count in (0, 1, 2, 999, 1000, 2145, 10**6)]
    assert call("report.format.counted", counts) == [formats.counted(*one) for one in counts]
