"""Warm-up lasts as long as the protocol has it, and sampling too, by a clock that tests set."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice, repeat
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bench.worker.timing
from bench.analysis.stats import median
from bench.devices.discovery import KINDS
from bench.devices.runtime import Call, TimedCalls
from bench.records.run_lines import PROTOCOL, Protocol
from bench.runner.messages import RunBurst
from bench.worker import time_case
from bench.worker.timing import WarmUp, take_samples, warm_up

RULES = Protocol(
    warmup_s=0.2, warmup_max_s=2.0, settled_within=0.005, min_samples=30, min_time_s=0.2
)

LONGEST_S = 60.0


class Time:
    """Every call takes the next of some latencies, and nothing else takes any time."""

    def __init__(self, latencies_us: Iterable[float]) -> None:
        self._latencies: Iterator[float] = iter(latencies_us)
        self.now_s = 0.0
        self.began_s: list[float] = []
        """When each window began."""

    def time(self, calls: Iterable[Call]) -> TimedCalls:
        self.began_s.append(self.now_s)
        taken = tuple(next(self._latencies) for _ in calls)
        self.now_s += sum(taken) / 1e6
        assert self.now_s < LONGEST_S, "it never ends"
        return TimedCalls(taken, None)


Warm = Callable[[Time], WarmUp]


@pytest.fixture
def warm(monkeypatch: pytest.MonkeyPatch) -> Warm:
    """Warms up by the time of its argument."""

    def call(time: Time) -> WarmUp:
        monkeypatch.setattr(
            bench.worker.timing, "time", SimpleNamespace(monotonic=lambda: time.now_s)
        )
        return warm_up(time, lambda count: [Call(lambda: None)] * count, RULES)

    return call


def turning(*latencies_us: float) -> Iterator[float]:
    """Windows of ten calls, each window by the next of some latencies, round and round."""
    while True:
        yield from chain.from_iterable(repeat(us, 10) for us in latencies_us)


def test_the_parent_hears_of_a_burst_once_the_device_has_ended_all_of_it() -> None:
    """Its clock would stop when the calls are enqueued, and find honest kernels incorrect."""
    said: list[str] = []

    def note(word: str) -> Callable[..., None]:
        return lambda *_: said.append(word)

    case = SimpleNamespace(
        fill=note("new inputs"),
        calls=lambda count: [SimpleNamespace(run=note("call"))] * count,
        hand_over=note("output"),
        worker=SimpleNamespace(
            channel=SimpleNamespace(ask=note("ready"), send=note("done")),
            runtime=SimpleNamespace(synchronize=note("wait")),
        ),
    )
    time_case._burst(case, RunBurst(calls=2, seed=1))
    order = ["new inputs", "wait", "ready", "call", "call", "wait", "done", "output"]
    assert said == order


def test_the_protocol_of_a_gpu_warms_up_for_200_ms_and_at_most_two_seconds() -> None:
    assert (PROTOCOL.warmup_s, PROTOCOL.warmup_max_s, PROTOCOL.settled_within) == (0.2, 2.0, 0.005)
    on_cpu = KINDS["cpu"].protocol
    assert (on_cpu.warmup_s, on_cpu.warmup_max_s) == (0.1, 0.3)


def test_what_is_settled_from_the_start_is_warmed_up_for_the_protocol_s_time(warm: Warm) -> None:
    time = Time(repeat(100.0))
    found = warm(time)
    assert found == WarmUp(calls=2000, settled=True, latency_us=100.0)
    assert time.now_s == pytest.approx(0.2)


def test_what_is_not_settled_after_the_protocol_s_time_is_warmed_up_until_it_is(
    warm: Warm,
) -> None:
    time = Time(chain(islice(turning(1000, 900), 800), repeat(500.0)))
    found = warm(time)
    assert found == WarmUp(calls=820, settled=True, latency_us=500.0)
    assert time.now_s == pytest.approx(0.76 + 0.01)


def test_what_never_settles_is_warmed_up_for_the_protocol_s_maximum(warm: Warm) -> None:
    time = Time(turning(1000, 900))
    found = warm(time)
    assert not found.settled
    assert time.now_s == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize(("share", "settled"), [(0.004, True), (0.006, False)])
def test_two_windows_agree_where_their_medians_differ_by_half_a_percent_at_most(
    share: float, settled: bool, warm: Warm
) -> None:
    assert warm(Time(turning(1000.0, 1000.0 * (1 - share)))).settled is settled


def test_one_call_that_was_disturbed_unsettles_nothing(warm: Warm) -> None:
    time = Time(chain.from_iterable(repeat([1e3] * 19 + [9e3])))
    assert warm(time).settled
    assert time.now_s < 0.22


@given(st.lists(st.floats(10, 3e5), min_size=1, max_size=60))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_window_of_a_warm_up_begins_after_its_maximum_or_is_left_out_before_its_minimum(
    warm: Warm, latencies_us: list[float]
) -> None:
    time = Time(chain.from_iterable(repeat(latencies_us)))
    found = warm(time)
    assert found.calls == 10 * len(time.began_s)
    assert time.began_s[-1] < 2.0
    assert time.now_s >= 0.2
    assert found.settled or time.now_s >= 2.0


def sampled(latencies_us: Iterable[float], protocol: Protocol = RULES) -> tuple[int, float, int]:
    """How many samples were taken, their sum in seconds, and in how many batches."""
    time, lengths = Time(latencies_us), []

    def batch(length: float) -> TimedCalls:
        lengths.append(length)
        return time.time([Call(lambda: None)] * round(length))

    found = take_samples(batch, protocol, expected_us=1000.0)
    assert len(found.latency_us) == sum(map(round, lengths))
    assert found.batches == len(lengths)
    return len(found.latency_us), sum(found.latency_us) / 1e6, found.batches


def test_samples_are_taken_until_both_their_number_and_their_sum_suffice() -> None:
    assert sampled(repeat(1000.0)) == (210, pytest.approx(0.21), 14)
    assert sampled(repeat(50_000.0)) == (30, pytest.approx(1.5), 2)


def test_a_batch_lasts_as_long_as_the_check_of_the_one_before() -> None:
    lengths: list[float] = []

    def batch(length: float) -> TimedCalls:
        lengths.append(length)
        return TimedCalls((10_000.0,) * round(length), None, check_us=100_000.0 * len(lengths))

    take_samples(batch, RULES, expected_us=10_000.0)
    assert lengths == [4, 10, 20]


def test_samples_that_scatter_are_taken_until_their_median_is_known_well_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = Protocol(min_samples=30, min_time_s=0.0, interval_within=0.005, max_time_s=3.0)
    clock = SimpleNamespace(monotonic=lambda: 0.0)
    monkeypatch.setattr(bench.worker.timing, "time", clock)
    calm, _, _ = sampled(chain.from_iterable(repeat([1000.0, 1002.0])), rules)
    scattered = chain.from_iterable(repeat([*(960.0 + us for us in range(0, 80, 4))]))
    wild, _, _ = sampled(scattered, rules)
    assert calm == 30
    assert 100 < wild < 5000


def test_sampling_that_never_knows_its_median_ends_with_the_protocol_s_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = Protocol(min_samples=30, min_time_s=0.0, interval_within=0.005, max_time_s=5.0)
    moments = iter(range(100))
    clock = SimpleNamespace(monotonic=lambda: next(moments))
    monkeypatch.setattr(bench.worker.timing, "time", clock)
    taken, _, batches = sampled(chain.from_iterable(repeat([500.0, 1500.0])), rules)
    assert taken == 15 * batches
    assert batches == 4


def test_late_samples_are_those_of_all_batches() -> None:
    batches = (TimedCalls((1000.0,) * 30, None, late) for late in (20, 7, 0))
    rules = Protocol(min_samples=90, min_time_s=0.0)
    assert take_samples(lambda _: next(batches), rules, expected_us=1000.0).late == 27


@given(st.lists(st.floats(1, 1e4), min_size=1, max_size=9))
def test_the_time_to_enqueue_a_call_is_the_median_of_all_batches(enqueue_us: list[float]) -> None:
    batches = (TimedCalls((1000.0,) * 30, None, 0, us) for us in enqueue_us)
    rules = Protocol(min_samples=30 * len(enqueue_us), min_time_s=0.0)
    found = take_samples(lambda _: next(batches), rules, expected_us=1000.0)
    assert found.enqueue_us == median(enqueue_us)


def test_a_device_without_a_queue_has_no_time_to_enqueue() -> None:
    batch = TimedCalls((1000.0,) * 300, None)
    assert take_samples(lambda _: batch, RULES, expected_us=1000.0).enqueue_us is None
