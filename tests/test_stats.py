"""Statistics and rates agree with independent ways of computing them."""

import math
import random
import statistics
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special
from scipy import stats as scipy_stats

from bench.verdicts.metrics import attended_pairs, forward_flops, tflops_per_second
from bench.verdicts.special import beta_cdf, beta_quantile, student_quantile
from bench.verdicts.stats import (
    KNOWN_TO,
    few_rounds_factor,
    geometric_mean,
    median,
    median_interval,
    quantile,
    rounds_interval,
)
from bench.verdicts.verdict import overlap
from bench.workload import SUITES, attention

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


SHAPES = st.floats(0.5, 2000)


@given(st.floats(0, 1), SHAPES, SHAPES)
def test_the_incomplete_beta_function_is_scipys(x: float, a: float, b: float) -> None:
    # From the nearer end: close to 1, SciPy's own is 3e-9 off the arcsine law (a = b = 1/2).
    theirs = special.betainc(a, b, x) if x <= 0.5 else special.betaincc(b, a, 1 - x)
    assert beta_cdf(x, a, b) == pytest.approx(theirs, abs=1e-9)


@given(st.floats(0.01, 0.99), SHAPES)
def test_beta_quantiles_are_scipys(p: float, shape: float) -> None:
    assert beta_quantile(p, shape) == pytest.approx(scipy_stats.beta.ppf(p, shape, shape), abs=1e-7)


@pytest.mark.parametrize(("rounds", "students"), [(2, 12.7062), (3, 4.3027), (5, 2.7764)])
def test_few_rounds_are_made_up_for_by_the_factor_of_the_books(
    rounds: int, students: float
) -> None:
    """Student's 97.5 % quantile as every table has it, over the normal one, and the bootstrap's."""
    factor = students / 1.95996 * math.sqrt(rounds / (rounds - 1))
    assert few_rounds_factor(rounds) == pytest.approx(factor, rel=2e-5)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 30, 1000])
def test_students_quantiles_are_scipys(freedom: int) -> None:
    found = student_quantile(0.975, freedom)
    assert found == pytest.approx(scipy_stats.t.ppf(0.975, freedom), rel=1e-9)


@given(st.integers(6, 3000))
def test_the_interval_of_a_median_is_the_narrowest_that_the_binomial_law_allows(count: int) -> None:
    low, high = median_interval(list(range(1, count + 1))) or (0, 0)
    assert low + high == count + 1
    assert scipy_stats.binom.cdf(low - 1, count, 0.5) <= 0.025
    assert scipy_stats.binom.cdf(low, count, 0.5) > 0.025


@pytest.mark.parametrize("count", range(6))
def test_few_samples_have_no_interval(count: int) -> None:
    assert median_interval([1.0] * count) is None


ROUNDS = st.lists(st.lists(st.floats(90, 110), min_size=30, max_size=60), min_size=2, max_size=6)


@given(ROUNDS)
def test_the_published_figure_lies_in_its_interval(rounds: list[list[float]]) -> None:
    low, high = rounds_interval(rounds) or (0, 0)
    assert low <= median([median(samples) for samples in rounds]) <= high


def test_one_round_has_no_interval() -> None:
    assert rounds_interval([[1.0] * 100]) is None


def test_the_closed_form_is_what_a_bootstrap_draws() -> None:
    """Before both ends are moved out for few rounds, against 20,000 draws."""
    rng = random.Random(5)
    rounds = [[rng.gauss(mean, 1) for _ in range(41)] for mean in (100, 100.4, 101)]
    drawn = sorted(
        median([median(rng.choices(rng.choice(rounds), k=41)) for _ in rounds])
        for _ in range(20_000)
    )
    low, high = rounds_interval(rounds) or (0, 0)
    middle, wider = median([median(samples) for samples in rounds]), 2.6886
    inner = [middle * (end / middle) ** (1 / wider) for end in (low, high)]
    assert inner == pytest.approx([quantile(drawn, 0.025), quantile(drawn, 0.975)], abs=0.03)


def test_rounds_that_agree_by_chance_know_a_median_no_better_than_rounds_do() -> None:
    assert rounds_interval([[100.0] * 30] * 3) == (100 * (1 - KNOWN_TO), 100 * (1 + KNOWN_TO))
    assert rounds_interval([[99.95] * 30, [100.0] * 30, [100.02] * 30]) == pytest.approx(
        (99.75, 100.25)
    )


def test_rounds_that_differ_widely_have_no_end_below_zero() -> None:
    low, high = rounds_interval([[10.0] * 30, [100.0] * 30, [1000.0] * 30]) or (0, 0)
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
        intervals.append(rounds_interval(rounds) or (0, 0))
    pairs = list(combinations(intervals, 2))
    assert sum(not overlap(one, other) for one, other in pairs) <= 0.01 * len(pairs)


@settings(deadline=None)
@given(ROUNDS, st.floats(0.1, 10))
def test_an_interval_does_not_depend_on_the_unit(rounds: list[list[float]], unit: float) -> None:
    low, high = rounds_interval(rounds) or (0, 0)
    scaled = rounds_interval([[us * unit for us in samples] for samples in rounds])
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
    assert forward_flops(workload) == 4 * 24 * 4224 * 4224 * 128
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
