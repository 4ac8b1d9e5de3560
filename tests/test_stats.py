"""Statistics and rates agree with independent ways of computing them."""

import math
import random
import statistics
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import SUITES
from scipy import stats as scipy_stats

from bench.analysis.rates import tflops_per_second
from bench.analysis.stats import (
    KNOWN_TO,
    geometric_mean,
    median,
    median_interval,
    quantile,
    rounds_interval,
)
from bench.analysis.verdict import overlap
from bench.operations.attention.cost import attended_pairs
from bench.operations.attention.workload import attention

SAMPLES = st.lists(st.floats(0.001, 1e6), min_size=2, max_size=50)


@given(SAMPLES)
def test_the_median_is_the_standard_librarys(samples: list[float]) -> None:
    assert median(samples) == pytest.approx(statistics.median(samples))
    assert median(samples) == quantile(samples, 0.5)


@given(SAMPLES)
def test_quantiles_are_the_standard_librarys_inclusive_ones(samples: list[float]) -> None:
    percentiles = statistics.quantiles(samples, n=20, method="inclusive")
    for number, expected in enumerate(percentiles, 1):
        assert quantile(samples, number / 20) == pytest.approx(expected)


@given(SAMPLES)
def test_the_geometric_mean_is_the_standard_librarys(ratios: list[float]) -> None:
    assert geometric_mean(ratios) == pytest.approx(statistics.geometric_mean(ratios))


@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_there_is_no_quantile_outside_zero_and_one(p: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        quantile([1.0], p)


def test_nothing_has_no_median_and_no_mean() -> None:
    with pytest.raises(ValueError, match="0 samples"):
        median([])
    with pytest.raises(ValueError, match="nothing"):
        geometric_mean([])


@given(st.integers(6, 3000))
def test_the_interval_of_a_median_is_the_narrowest_that_the_binomial_law_allows(count: int) -> None:
    low, high = median_interval(list(range(1, count + 1))) or (0, 0)
    assert low + high == count + 1
    assert scipy_stats.binom.cdf(low - 1, count, 0.5) <= 0.025
    assert scipy_stats.binom.cdf(low, count, 0.5) > 0.025


@pytest.mark.parametrize("count", range(6))
def test_few_samples_have_no_interval(count: int) -> None:
    assert median_interval([1.0] * count) is None


MEDIANS = st.lists(st.floats(90, 110), min_size=2, max_size=9)


@given(MEDIANS)
def test_the_published_figure_lies_in_its_interval(medians: list[float]) -> None:
    low, high = rounds_interval(medians) or (0, 0)
    assert low <= median(medians) <= high


def test_one_round_has_no_interval() -> None:
    assert rounds_interval([1.0]) is None
    assert rounds_interval([]) is None


@pytest.mark.parametrize(
    ("rounds", "students"), [(2, 12.7062), (3, 4.3027), (4, 3.1824), (5, 2.7764)]
)
def test_the_range_of_few_rounds_is_widened_by_the_factor_of_the_books(
    rounds: int, students: float
) -> None:
    """Student's 97.5 % quantile as every table has it, over the normal one, and the bootstrap's."""
    factor = students / 1.95996 * math.sqrt(rounds / (rounds - 1))
    medians = [100 / 1.01, 101.0, *[100.0] * (rounds - 2)]
    middle = median(medians)
    interval = [middle * (end / middle) ** factor for end in medians[:2]]
    assert rounds_interval(medians) == pytest.approx(interval, rel=1e-4)


@pytest.mark.parametrize("rounds", [6, 9, 20])
def test_the_interval_of_many_rounds_is_the_exact_one_of_a_median(rounds: int) -> None:
    medians = [100.0 + number for number in range(rounds)]
    assert rounds_interval(medians) == pytest.approx(median_interval(medians))


def test_rounds_that_agree_by_chance_know_a_median_no_better_than_rounds_do() -> None:
    assert rounds_interval([100.0] * 3) == (100 * (1 - KNOWN_TO), 100 * (1 + KNOWN_TO))
    assert rounds_interval([99.95, 100.0, 100.02]) == pytest.approx((99.75, 100.25))


def test_rounds_that_differ_widely_have_no_end_below_zero() -> None:
    low, high = rounds_interval([10.0, 100.0, 1000.0]) or (0, 0)
    assert 0 < low < 10
    assert high > 1000


@pytest.mark.parametrize("between", [0.0, 0.0005, 0.002])
@pytest.mark.parametrize("count", [3, 5])
def test_a_kernel_seldom_differs_from_itself(between: float, count: int) -> None:
    """Spread between rounds from none to more than an H200 shows; within them, 0.4 %."""
    rng = random.Random(9)
    intervals = []
    for _ in range(60):
        middles = [100 * (1 + rng.gauss(0, between)) for _ in range(count)]
        rounds = [[middle * (1 + rng.gauss(0, 0.004)) for _ in range(60)] for middle in middles]
        intervals.append(rounds_interval([median(samples) for samples in rounds]) or (0, 0))
    pairs = list(combinations(intervals, 2))
    assert sum(not overlap(one, other) for one, other in pairs) <= 0.01 * len(pairs)


@given(MEDIANS, st.floats(0.1, 10))
def test_an_interval_does_not_depend_on_the_unit(medians: list[float], unit: float) -> None:
    low, high = rounds_interval(medians) or (0, 0)
    scaled = rounds_interval([us * unit for us in medians])
    assert scaled == pytest.approx((low * unit, high * unit))


@given(st.integers(1, 40), st.integers(1, 40), st.booleans())
def test_attended_pairs_are_those_a_bottom_right_mask_leaves(
    queries: int, keys: int, causal: bool
) -> None:
    workload = attention((queries, keys), 1, 64, "float16", causal=causal)
    seen = sum(
        not causal or key <= query + keys - queries
        for query in range(queries)
        for key in range(keys)
    )
    assert attended_pairs(workload) == seen


def test_a_known_figure_of_flops_and_rate() -> None:
    workload = SUITES["flux"].workloads[0]
    assert workload.flops == 4 * 24 * 4224 * 4224 * 128
    rate = tflops_per_second(workload, 604.0)
    assert math.isclose(rate, 4 * 24 * 4224 * 4224 * 128 / 604e-6 / 1e12)
    assert 360 < rate < 365


def test_the_flux_suite_has_the_shapes_of_the_report_it_replaces() -> None:
    shapes = [
        (w.batch, w.seqlen_q, w.q_heads, w.head_dim, w.dtype, w.causal)
        for w in SUITES["flux"].workloads
    ]
    assert shapes == [
        (1, 4096 + text, 24, 128, "bfloat16", False) for text in (128, 256, 320, 384, 448, 512)
    ]
