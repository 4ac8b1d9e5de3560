"""A ratio of two latencies says what the two intervals say."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import SUITES

from bench.analysis.stats import Interval
from bench.analysis.verdict import overlap, ratio, slowdown


@dataclass(frozen=True)
class Timed:
    latency_us: float | None
    interval_us: Interval | None = None


@st.composite
def timed(draw: st.DrawFn) -> Timed:
    """A latency near those of the others, so that some intervals overlap and some do not."""
    latency = draw(st.floats(100, 110))
    down, up = draw(st.floats(0, 4)), draw(st.floats(0, 4))
    return Timed(latency, (latency - down, latency + up))


@given(timed(), timed())
def test_a_ratio_contains_one_exactly_where_the_intervals_overlap(one: Timed, two: Timed) -> None:
    found = ratio(one, two)
    assert found
    assert found.interval
    low, high = found.interval
    assert low <= found.value <= high
    tied = overlap(one.interval_us or (0, 0), two.interval_us or (0, 0))
    assert found.indistinguishable == tied
    assert (low <= 1 + 1e-15 and high >= 1 - 1e-15) >= tied
    assert (low < 1 - 1e-15 and high > 1 + 1e-15) <= tied


@given(timed(), timed())
def test_a_ratio_the_other_way_round_says_the_same(one: Timed, two: Timed) -> None:
    there, back = ratio(one, two), ratio(two, one)
    assert there
    assert back
    assert there.value == pytest.approx(1 / back.value)
    assert there.indistinguishable == back.indistinguishable


@given(timed())
def test_a_case_is_indistinguishable_from_itself(one: Timed) -> None:
    found = ratio(one, one)
    assert found
    assert (found.value, found.indistinguishable) == (1, True)


def test_one_round_has_a_ratio_and_no_verdict() -> None:
    found = ratio(Timed(100), Timed(200, (199, 201)))
    assert found
    assert (found.value, found.interval, found.indistinguishable) == (0.5, None, None)


def test_what_failed_has_no_ratio() -> None:
    assert ratio(Timed(None), Timed(100)) is None
    assert ratio(Timed(100), Timed(None)) is None


def _case(run: str, *medians: float) -> Any:
    """A case whose rounds had these medians, known to a tenth."""
    middle = sorted(medians)[len(medians) // 2]
    return SimpleNamespace(
        run=run,
        latency_us=middle,
        interval_us=(middle * 0.9, middle * 1.1),
        round_medians_us=medians,
    )


@pytest.mark.parametrize(
    ("runs", "farthest"), [(("a", "a"), False), (("a", "b"), True), (("b", "b"), True)]
)
def test_rounds_are_paired_only_where_all_cases_are_of_the_runs_of_the_fastest(
    runs: tuple[str, str], farthest: bool
) -> None:
    workloads = SUITES["flux"].workloads[:2]
    fastest = {each: _case("a", 100, 101, 102) for each in workloads}
    own = {each: _case(run, 200, 202, 204) for each, run in zip(workloads, runs, strict=True)}
    found = slowdown(own, fastest)
    assert found
    assert found.interval
    low, high = found.interval
    assert (low, high) == pytest.approx((2 * 0.9 / 1.1, 2 * 1.1 / 0.9)) or not farthest
    assert (low > 1.99 and high < 2.01) is not farthest
