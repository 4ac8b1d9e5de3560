"""The clock of a GPU, on one that is none: what is done around each call, and in which order."""

import time

import pytest
from fake_cuda import L2_BYTES, FakeGpu

from bench.devices.cuda.runtime import CudaClock
from bench.devices.runtime import Call, TimedCalls, runtime_of
from bench.records.run_lines import PROTOCOL


def _clock(gpu: FakeGpu, factor: float = 2.0) -> CudaClock:
    clock = CudaClock(l2_flush_factor=factor)
    gpu.log.clear()
    gpu.done.clear()
    return clock


def _call(gpu: FakeGpu, us: float, *, launch_us: float = 5.0) -> Call:
    return Call(
        run=lambda: gpu.kernel(us, launch_us=launch_us), before=lambda: gpu.log.append("renew")
    )


AROUND = ["renew", "flush", "mark", "waited", "hold", "record", "kernel", "record"]


def test_around_each_call_inputs_are_renewed_l2_flushed_waited_held_and_the_clock_started(
    gpu: FakeGpu,
) -> None:
    _clock(gpu).time([_call(gpu, 70)] * 3)
    assert gpu.log == [*AROUND * 3, "synchronize"]


def test_a_time_on_a_gpu_is_in_microseconds_and_holds_neither_launch_nor_flush(
    gpu: FakeGpu,
) -> None:
    calls = [_call(gpu, us, launch_us=us / 2) for us in (10, 150, 33)]
    timed = _clock(gpu).time(calls)
    assert timed.latency_us == pytest.approx((10, 150, 33))
    assert timed.late == 0


def test_a_call_that_is_enqueued_too_late_is_counted_and_the_next_is_held_twice_as_long(
    gpu: FakeGpu,
) -> None:
    timed = _clock(gpu).time([_call(gpu, 20, launch_us=350)] * 5)
    assert gpu.holds_us == pytest.approx([100, 200, 400, 400, 400], abs=0.1)
    assert timed.late == 2
    assert timed.latency_us == pytest.approx([270, 170, 20, 20, 20], abs=0.1)


def test_a_queue_is_never_held_over_20_ms(gpu: FakeGpu) -> None:
    clock = _clock(gpu)
    late = [clock.time([_call(gpu, 20, launch_us=30_000)] * 5).late for _ in range(2)]
    assert late == [5, 5]
    assert gpu.holds_us == pytest.approx([100, 200, 400, 800, 1600, *[20_000] * 5], abs=0.1)


def test_a_batch_is_held_twice_as_long_as_the_last_one_took_to_enqueue(gpu: FakeGpu) -> None:
    clock = _clock(gpu)
    timed = [clock.time([_call(gpu, 20, launch_us=us)] * 3) for us in (90, 90, 10, 10)]
    assert [each.late for each in timed] == [0] * 4
    assert [each.enqueue_us for each in timed] == pytest.approx([92, 92, 12, 12], abs=2)
    assert gpu.holds_us[::3] == pytest.approx([100, 185, 185, 100], abs=5)


def test_one_slow_call_does_not_lengthen_the_holds_of_the_next_batch(gpu: FakeGpu) -> None:
    clock = _clock(gpu)
    clock.time([_call(gpu, 20, launch_us=us) for us in (9_000, 20, 20)])
    clock.time([_call(gpu, 20, launch_us=20)] * 2)
    assert gpu.holds_us == pytest.approx([100, 200, 200, 100, 100], abs=0.1)


@pytest.mark.parametrize("factor", [PROTOCOL.l2_flush_factor, 2.0, 3.5])
def test_what_is_written_before_a_call_is_the_protocol_s_number_of_l2_caches(
    factor: float, gpu: FakeGpu
) -> None:
    _clock(gpu, factor).time([_call(gpu, 20)] * 2)
    assert gpu.flushed == [factor * L2_BYTES] * 2
    assert PROTOCOL.l2_flush_factor >= 2


def test_with_a_warm_l2_nothing_is_written_before_a_call(gpu: FakeGpu) -> None:
    make = runtime_of("cuda").make_clock(l2_flush_factor=0)
    make.time([_call(gpu, 20)])
    assert gpu.flushed == []


def test_a_flush_buffer_that_was_made_smaller_is_an_error(gpu: FakeGpu) -> None:
    clock = _clock(gpu)
    clock._buffer._size = 1  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError, match="L2 is flushed with was made another size"):
        clock.time([_call(gpu, 20)])


def test_the_last_output_is_what_is_given_back_and_no_other_is_kept(gpu: FakeGpu) -> None:
    alive: list[int] = []

    class Output:
        def __init__(self) -> None:
            alive.append(1)

        def __del__(self) -> None:
            alive.pop()

    most = 0

    def run() -> Output:
        nonlocal most
        most = max(most, len(alive))
        return Output()

    timed: TimedCalls | None = _clock(gpu).time([Call(run)] * 4)
    assert isinstance(timed and timed.output, Output)
    assert most == 0
    assert len(alive) == 1


def test_a_cpu_s_clock_starts_after_the_preparation_of_a_call_and_ends_with_it() -> None:
    clock = runtime_of("cpu").make_clock(l2_flush_factor=0)
    slow = [Call(lambda: None, before=lambda: time.sleep(0.05))] * 3
    assert min(clock.time(slow).latency_us) < 50_000
    assert min(clock.time([Call(lambda: time.sleep(0.05))] * 3).latency_us) >= 50_000


def test_to_synchronise_is_to_wait_for_every_stream(gpu: FakeGpu) -> None:
    side = gpu.stream()
    with gpu.on(side):
        gpu.kernel(10_000)
    runtime_of("cuda").synchronize()
    assert gpu.host_us >= 10_000
