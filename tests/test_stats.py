"""Statistics and rates agree with independent ways of computing them."""

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.metrics import attended_pairs, forward_flops, tflops_per_second
from bench.stats import geometric_mean, median, quantile
from bench.workload import SUITES, Workload

SAMPLES = st.lists(st.floats(0.001, 1e6), min_size=2, max_size=50)


@given(SAMPLES)
def test_the_median_is_the_standard_librarys(samples: list[float]) -> None:
    assert median(samples) == pytest.approx(statistics.median(samples))


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


@given(st.integers(1, 40), st.integers(1, 40), st.booleans())
def test_attended_pairs_are_those_a_bottom_right_mask_leaves(
    queries: int, keys: int, causal: bool
) -> None:
    workload = Workload(
        batch=1,
        seqlen_q=queries,
        seqlen_kv=keys,
        q_heads=1,
        kv_heads=1,
        head_dim=64,
        dtype="float16",
        causal=causal,
    )
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
