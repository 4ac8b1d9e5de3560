"""A speed that cannot be is refused; one that can be never is."""

import os

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import SUITES

from bench.analysis.roofline import PEAKS, floor_us
from bench.devices import Device
from bench.devices.cpu.kind import cpu_floor_us
from bench.devices.discovery import KINDS
from bench.operations.attention.workload import AttentionWorkload
from bench.operations.operation import Dtype, Workload
from bench.records.outcome import Burst, Failed, Incorrect
from bench.records.run_lines import Environment
from bench.runner.messages import Timed
from bench.runner.plausibility import (
    burst_calls,
    calls_after,
    contradiction,
    impossible,
    refusal,
    slow_clock,
)

WORKLOAD = SUITES["flux"].workloads[0]
CPU = Environment(device="cpu", name="A CPU", python="", torch="", os="")
DEVICES = st.sampled_from(list(KINDS))


def samples(latency_us: list[float], *, late: int = 0, enqueue_us: float | None = None) -> Timed:
    """What a worker claims to have measured."""
    return Timed(
        latency_us=tuple(latency_us),
        late_samples=late,
        enqueue_us=enqueue_us,
        warmup_calls=20,
        settled=True,
    )


@given(DEVICES, st.floats(1, 1e6), st.integers(1, 4))
def test_a_burst_ends_with_the_first_input_set_and_has_more_calls_than_sets(
    device: Device, latency_us: float, sets: int
) -> None:
    calls = burst_calls(KINDS[device].burst, [latency_us], sets)
    assert (calls - 1) % sets == 0
    assert calls > sets


@given(DEVICES, st.floats(1, 1e6), st.floats(0.5, 1.2), st.integers(1, 1000))
def test_a_burst_as_fast_as_the_samples_contradicts_nothing(
    device: Device, latency_us: float, ratio: float, calls: int
) -> None:
    burst = Burst(calls=calls, wall_us=calls * latency_us * ratio)
    assert contradiction(KINDS[device].burst, samples([latency_us]), burst) is None


@pytest.mark.parametrize(("device", "pause_us"), [("cuda", 8_000), ("cpu", 100_000)])
def test_a_pause_of_the_machine_does_not_hide_remembered_answers_from_the_second_burst(
    device: Device, pause_us: float
) -> None:
    check, claimed_us, lookup_us = KINDS[device].burst, 1500.0, 30.0
    calls = burst_calls(check, [claimed_us], 2)
    first = Burst(calls=calls, wall_us=calls * lookup_us)
    calls = calls_after(check, first, 2)
    second = Burst(calls=calls, wall_us=calls * lookup_us + pause_us)
    assert "remembers" in (contradiction(check, samples([claimed_us]), second) or "")


@given(DEVICES, st.floats(1, 1e6), st.floats(0.01, 100))
def test_a_burst_that_is_repeated_never_has_fewer_calls(
    device: Device, latency_us: float, times: float
) -> None:
    check = KINDS[device].burst
    calls = burst_calls(check, [latency_us], 2)
    burst = Burst(calls=calls, wall_us=calls * latency_us * times)
    assert calls_after(check, burst, 2) >= calls


@given(DEVICES, st.floats(300, 1e6), st.integers(1, 1000))
def test_a_clock_that_tells_less_than_its_tolerance_allows_is_contradicted(
    device: Device, truth_us: float, calls: int
) -> None:
    burst, claimed_us = Burst(calls=calls, wall_us=calls * truth_us), truth_us / 1.01
    assert contradiction(
        KINDS[device].burst, samples([claimed_us / KINDS[device].burst.slower]), burst
    )


@given(DEVICES, st.floats(100, 1e6), st.floats(1, 250))
def test_a_host_that_cannot_keep_up_with_its_device_contradicts_nothing(
    device: Device, kernel_us: float, launch_us: float
) -> None:
    burst = Burst(calls=50, wall_us=50 * max(kernel_us, launch_us))
    assert contradiction(KINDS[device].burst, samples([kernel_us]), burst) is None


@pytest.mark.parametrize(
    ("device", "times", "contradicted"),
    [
        ("cuda", 1.3, True),
        ("cuda", 1.2, False),
        ("cuda", 0.31, False),
        ("cuda", 0.29, True),
        ("cpu", 3.1, True),
        ("cpu", 2.9, False),
        ("cpu", 0.11, False),
        ("cpu", 0.09, True),
    ],
)
def test_a_burst_contradicts_samples_of_a_millisecond_from_these_shares_on(
    device: Device, times: float, contradicted: bool
) -> None:
    burst = Burst(calls=50, wall_us=50 * 1000 * times)
    assert bool(contradiction(KINDS[device].burst, samples([1000.0] * 30), burst)) is contradicted


@pytest.mark.parametrize(
    ("waiting", "contradicted"), [(0.0, True), (0.4, True), (0.6, False), (0.99, False)]
)
def test_time_in_which_other_processes_had_the_cpu_makes_no_burst_too_slow(
    waiting: float, contradicted: bool
) -> None:
    burst = Burst(calls=50, wall_us=50 * 6000, waiting_us=waiting * 50 * 6000)
    told = contradiction(KINDS["cpu"].burst, samples([1000.0] * 30), burst)
    assert bool(told) is contradicted


def test_time_in_which_other_processes_had_the_cpu_is_no_sign_of_remembered_answers() -> None:
    burst = Burst(calls=50, wall_us=50 * 1000, waiting_us=0.99 * 50 * 1000)
    assert contradiction(KINDS["cpu"].burst, samples([1000.0] * 30), burst) is None


def test_the_burst_after_one_that_waited_has_as_many_calls_as_fill_the_time_without_the_wait() -> (
    None
):
    check = KINDS["cpu"].burst
    waited = Burst(calls=41, wall_us=41 * 1000, waiting_us=0.9 * 41 * 1000)
    assert calls_after(check, waited, 2) == burst_calls(check, [100.0], 2)


@pytest.mark.parametrize(("seen_us", "contradicted"), [(249, False), (251, True)])
def test_a_short_call_may_take_the_quarter_of_a_millisecond_that_a_host_needs(
    seen_us: float, contradicted: bool
) -> None:
    burst = Burst(calls=100, wall_us=100 * seen_us)
    assert bool(contradiction(KINDS["cuda"].burst, samples([20.0] * 30), burst)) is contradicted


@pytest.mark.parametrize(("latency_us", "calls"), [(100, 299), (500, 59), (20_000, 41), (1, 1999)])
def test_a_burst_on_a_gpu_is_about_30_ms_of_calls_within_limits(
    latency_us: float, calls: int
) -> None:
    assert burst_calls(KINDS["cuda"].burst, [latency_us], 2) == calls


@pytest.mark.parametrize(
    ("late_samples", "times", "contradicted"),
    [(10, 1.24, False), (10, 1.26, True), (11, 1.6, False), (11, 2.9, False), (11, 3.1, True)],
)
def test_samples_that_are_the_hosts_time_may_be_a_third_of_a_burst_and_no_others(
    late_samples: int, times: float, contradicted: bool
) -> None:
    burst = Burst(calls=41, wall_us=41 * 80_000 * times)
    claimed = samples([80_000] * 20, late=late_samples)
    assert bool(contradiction(KINDS["cuda"].burst, claimed, burst)) is contradicted


@pytest.mark.parametrize(
    ("enqueue_us", "seen_us", "contradicted"),
    [(None, 510, False), (None, 520, True), (300, 590, False), (300, 610, True), (40, 520, True)],
)
def test_a_call_that_takes_the_host_long_may_take_twice_that_in_a_burst_and_no_longer(
    enqueue_us: float | None, seen_us: float, contradicted: bool
) -> None:
    burst = Burst(calls=73, wall_us=73 * seen_us)
    claimed = samples([412.0] * 30, enqueue_us=enqueue_us)
    assert bool(contradiction(KINDS["cuda"].burst, claimed, burst)) is contradicted


@given(DEVICES, st.floats(1, 1e6), st.integers(1, 1000))
def test_calls_on_known_inputs_that_take_a_fraction_of_those_on_new_ones_are_remembered(
    device: Device, latency_us: float, calls: int
) -> None:
    burst = Burst(calls=calls, wall_us=0.99 * KINDS[device].burst.faster * calls * latency_us)
    assert "remembers" in (contradiction(KINDS[device].burst, samples([latency_us]), burst) or "")


def gpu(name: str, *, sm_mhz: float = 1.0, memory_mhz: float = 1.0) -> Environment:
    """A GPU whose highest clocks are these multiples of its datasheet's."""
    peak = PEAKS[name]
    return Environment(
        device="cuda",
        name=name,
        python="",
        torch="",
        os="",
        sm_clock_max_mhz=round(peak.sm_mhz * sm_mhz),
        memory_clock_max_mhz=round(peak.memory_mhz * memory_mhz),
    )


@pytest.mark.parametrize("name", PEAKS)
def test_nothing_beats_the_roofline(name: str) -> None:
    floor = floor_us(gpu(name), WORKLOAD, "exact") or 0
    assert impossible(gpu(name), WORKLOAD, "exact", [floor * 0.99])
    assert impossible(gpu(name), WORKLOAD, "exact", [floor * 1.01]) is None
    assert (floor_us(gpu(name), WORKLOAD, "int8") or 0) < floor


@pytest.mark.parametrize("name", PEAKS)
def test_a_card_that_clocks_higher_than_its_datasheet_may_be_that_much_faster(name: str) -> None:
    one_query = AttentionWorkload(
        batch=8, seqlen_q=1, seqlen_kv=65536, q_heads=8, kv_heads=8, head_dim=128, dtype="bfloat16"
    )
    for workload, clock in ((WORKLOAD, "sm_mhz"), (one_query, "memory_mhz")):
        floor = floor_us(gpu(name), workload, "exact") or 0
        assert floor_us(gpu(name, **{clock: 1.1}), workload, "exact") == pytest.approx(
            floor / 1.1, rel=1e-3
        )
        assert floor_us(gpu(name, **{clock: 0.9}), workload, "exact") == floor


def test_what_others_measured_on_an_rtx_4090_is_possible() -> None:
    # 2,745 MHz is what such cards boost to by themselves; 173 TFLOP/s: ROCm/flash-attention#27.
    card = gpu("NVIDIA GeForce RTX 4090", sm_mhz=2745 / 2520)
    assert impossible(card, WORKLOAD, "exact", [WORKLOAD.flops / 173e6]) is None
    assert impossible(card, WORKLOAD, "exact", [WORKLOAD.flops / 182e6])


def test_a_card_that_does_not_tell_its_clocks_has_no_floor() -> None:
    unknown = msgspec.structs.replace(gpu("NVIDIA H200"), sm_clock_max_mhz=None)
    assert impossible(unknown, WORKLOAD, "exact", [0.001]) is None


@pytest.mark.parametrize("workload", SUITES["cpu"].workloads, ids=lambda one: one.name)
def test_no_cpu_computes_for_nothing(workload: Workload) -> None:
    floor = cpu_floor_us(os.cpu_count() or 1, workload)
    assert impossible(CPU, workload, "exact", [floor * 0.99])
    assert impossible(CPU, workload, "exact", [floor * 1.01]) is None
    assert cpu_floor_us(2, workload) == pytest.approx(2 * cpu_floor_us(4, workload))


def test_the_floor_of_an_h200_is_its_arithmetic_at_its_highest_clock() -> None:
    h200 = msgspec.structs.replace(gpu("NVIDIA H200"), sm_clock_max_mhz=1980)
    rate = 989.5 * 1980 / 1830  # 1,070.6 TFLOP/s: arXiv 2407.08608, appendix C.1, for the 1,830 MHz
    assert floor_us(h200, WORKLOAD, "exact") == pytest.approx(WORKLOAD.flops / rate / 1e6)


def test_the_floor_of_a_batch_in_float32_is_its_arithmetic_in_tf32() -> None:
    batch = AttentionWorkload(
        batch=2,
        seqlen_q=4096,
        seqlen_kv=4096,
        q_heads=24,
        kv_heads=24,
        head_dim=128,
        dtype="float32",
    )
    # Two products of 2 * 4096 * 4096 * 128 operations for each of 48 heads, at 494.5 TFLOP/s.
    assert floor_us(gpu("NVIDIA H200"), batch, "exact") == pytest.approx(833.8, abs=0.1)


def test_a_core_of_a_cpu_computes_64_operations_in_float32_a_cycle() -> None:
    (workload, *_) = SUITES["cpu"].workloads
    assert workload.flops / cpu_floor_us(1, workload) / 6e3 == pytest.approx(64)


def test_sixteen_bits_have_the_rate_of_amx_tiles_in_bfloat16_and_not_in_int8() -> None:
    operations_a_cycle = WORKLOAD.flops / cpu_floor_us(1, WORKLOAD) / 6e3
    assert operations_a_cycle == pytest.approx(1024)


@pytest.mark.parametrize(("dtype", "size", "us"), [("bfloat16", 2, 111.9), ("float32", 4, 223.8)])
def test_one_query_of_many_keys_takes_as_long_as_memory_needs_to_read_them(
    dtype: Dtype, size: int, us: float
) -> None:
    one_query = AttentionWorkload(
        batch=8, seqlen_q=1, seqlen_kv=65536, q_heads=8, kv_heads=2, head_dim=128, dtype=dtype
    )
    keys_and_values = 2 * 8 * 65536 * 2 * 128 * size  # 537 MB in two bytes each
    query_and_output = 2 * 8 * 1 * 8 * 128 * size
    exactly = (keys_and_values + query_and_output) / 4.8e12 * 1e6  # an H200's 4.8 TB/s
    assert exactly == pytest.approx(us, abs=0.1)
    assert floor_us(gpu("NVIDIA H200"), one_query, "exact") == pytest.approx(exactly)


def test_a_device_that_is_not_in_the_table_has_no_floor() -> None:
    unknown = msgspec.structs.replace(gpu("NVIDIA H200"), name="Some GPU")
    assert impossible(unknown, WORKLOAD, "exact", [0.001]) is None


@given(st.floats(0, 1e4))
def test_a_worker_whose_clock_runs_slow_is_found_and_an_honest_one_is_not(wall_s: float) -> None:
    assert slow_clock(wall_s, wall_s) is None
    assert slow_clock((wall_s + 2) / 100, wall_s + 2)


@pytest.mark.parametrize(
    ("wall_s", "said"),
    [(3.0, "it measured for 1.00 s, one outside for 3.00 s"), (2.4, None), (1.1, None)],
)
def test_a_worker_that_says_a_second_where_three_passed_is_refused(
    wall_s: float, said: str | None
) -> None:
    timed = _timed((100_000.0,) * 10)
    found = refusal(CPU, WORKLOAD, "exact", timed, wall_s)
    assert found == (Incorrect(reason=f"its own clock says that {said}") if said else None)


def _timed(samples_us: tuple[float, ...]) -> Timed:
    return Timed(
        latency_us=samples_us,
        late_samples=0,
        warmup_calls=20,
        settled=True,
        busy_s=1.0,
        checked_batches=3,
    )


@pytest.mark.parametrize("samples_us", [(), (100_000.0, 0.0), (100_000.0, -1.0)])
def test_a_call_that_took_no_time_is_refused(samples_us: tuple[float, ...]) -> None:
    found = refusal(CPU, WORKLOAD, "exact", _timed(samples_us), 1.0)
    assert found == Incorrect(reason="its own clock says that a call took no time")


def test_what_int8_can_do_in_that_time_is_an_error_of_an_exact_kernel() -> None:
    h200 = gpu("NVIDIA H200")
    floor = floor_us(h200, WORKLOAD, "exact") or 0
    samples = _timed((0.8 * floor,) * 10)
    assert refusal(h200, WORKLOAD, "int8", samples, 1.0) is None
    found = refusal(h200, WORKLOAD, "exact", samples, 1.0)
    assert isinstance(found, Failed)
    assert found.reason == impossible(h200, WORKLOAD, "exact", samples.latency_us)
