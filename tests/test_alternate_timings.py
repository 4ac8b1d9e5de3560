"""What an examination measures on a GPU that is none: alternate timings, memory and the kernels."""

from pathlib import Path

import pytest
import torch
from fake_cuda import FakeGpu
from in_process import InProcess

from bench.operations.kernels import Tensors
from bench.records.outcome import Failure, Incorrect, Ok, Passed

SAMPLES = 12


def honest(inputs: Tensors) -> torch.Tensor:
    q, k, v = (tensor.transpose(1, 2) for tensor in (inputs["q"], inputs["k"], inputs["v"]))
    out: torch.Tensor = torch.nn.functional.scaled_dot_product_attention(q, k, v)
    return out.transpose(1, 2).contiguous()


class Kernel:
    """An honest call of one kernel of 70 µs, which the host needs 20 µs to launch."""

    def __init__(self, gpu: FakeGpu) -> None:
        self.gpu = gpu

    def __call__(self, _: str, inputs: Tensors) -> torch.Tensor:
        out = torch.zeros_like(inputs["q"])
        self.gpu.kernel(70, lambda: out.copy_(honest(inputs)), launch_us=20)
        return out


@pytest.fixture
def run_case(gpu: FakeGpu, tmp_path: Path) -> InProcess:
    gpu.log.clear()
    return InProcess(tmp_path, "cuda", lane_samples=SAMPLES)


def passed(outcome: Passed | Ok | Failure) -> Passed:
    assert isinstance(outcome, Passed), outcome
    return outcome


def test_alternate_timings_differ_by_what_is_in_them_the_launch_in_a_wall_clock_s_only(
    run_case: InProcess, gpu: FakeGpu
) -> None:
    lanes = passed(run_case(Kernel(gpu), "examine")).lanes
    assert lanes.warm
    assert lanes.graph
    assert lanes.cold.latency_us == pytest.approx([70] * SAMPLES)
    assert lanes.warm.latency_us == pytest.approx([70] * SAMPLES)
    assert lanes.graph.latency_us == pytest.approx([70] * SAMPLES)
    assert lanes.wall.latency_us == pytest.approx([90] * SAMPLES)


def test_alternate_timings_with_a_warm_l2_write_nothing_before_a_call(
    run_case: InProcess, gpu: FakeGpu
) -> None:
    passed(run_case(Kernel(gpu), "examine"))
    learning, warm = 2 * 2, 2 * (3 + SAMPLES)  # two clocks spin twice to learn how fast it is
    around = [name for name in gpu.log if name in ("flush", "hold")][learning:]
    cold = len(around) - warm
    assert around == ["flush", "hold"] * (cold // 2) + ["hold"] * warm


def test_the_memory_of_a_call_is_its_own_and_not_what_was_there_or_once_taken(
    run_case: InProcess, gpu: FakeGpu
) -> None:
    gpu.allocate(10_000)
    gpu.allocate(90_000)
    gpu.allocate(-90_000)

    def page(said: str, inputs: Tensors) -> torch.Tensor:
        gpu.allocate(700)
        gpu.allocate(-700)
        return Kernel(gpu)(said, inputs)

    assert passed(run_case(page, "examine")).peak_memory_bytes == 700


def test_a_trace_has_the_span_of_each_call_our_time_beside_it_and_the_kernels_by_name(
    run_case: InProcess, gpu: FakeGpu
) -> None:
    trace = passed(run_case(Kernel(gpu), "examine")).trace
    assert trace
    assert trace.span_us == pytest.approx([70] * 12)
    assert trace.event_us == pytest.approx([70] * 12)
    assert [(one.name, one.stream, one.duration_us) for one in trace.kernels] == [
        ("kernel", 7, 70.0)
    ]


@pytest.mark.parametrize("joined", [True, False], ids=["joined", "left alone"])
def test_work_on_another_stream_that_a_call_does_not_wait_for_is_told_in_its_trace(
    joined: bool, run_case: InProcess, gpu: FakeGpu
) -> None:
    own, side = gpu.current, gpu.stream()

    def page(_: str, inputs: Tensors) -> torch.Tensor:
        side.wait_stream(own)
        gpu.kernel(30)
        with gpu.on(side):
            gpu.kernel(200)
        if joined:
            own.wait_stream(side)
        return honest(inputs)

    outcome = run_case(page, "examine")
    if joined:
        trace = passed(outcome).trace
        assert trace
        assert trace.event_us == pytest.approx(trace.span_us)
        assert [one.stream for one in trace.kernels] == [7, 8]
        return
    assert isinstance(outcome, Incorrect)
    assert outcome.reason == (
        "work of the call ran outside the timed events: its kernels span 200 µs by CUPTI, the "
        "events 30 µs"
    )


def test_a_graph_that_computes_only_a_part_of_its_call_has_no_time_and_says_why(
    run_case: InProcess, gpu: FakeGpu
) -> None:
    def page(_: str, inputs: Tensors) -> torch.Tensor:
        out = honest(inputs)  # at once, and not when a graph is replayed
        gpu.kernel(70)
        return out

    timing = passed(run_case(page, "examine")).lanes.graph
    assert timing
    assert timing.latency_us == ()
    assert (timing.reason or "").startswith("RuntimeError: a graph of the call does not compute it")


def test_a_call_that_cannot_be_captured_has_no_graph_timing_and_leaves_the_stream_as_it_was(
    run_case: InProcess, gpu: FakeGpu
) -> None:
    gpu.cannot_capture = True
    timing = passed(run_case(Kernel(gpu), "examine")).lanes.graph
    assert timing
    assert timing.latency_us == ()
    assert "not permitted when stream is capturing" in (timing.reason or "")
    assert gpu.current is gpu.streams[0]


def test_what_cupti_cannot_tell_of_every_call_fails_no_case(
    run_case: InProcess, gpu: FakeGpu
) -> None:
    def page(_: str, inputs: Tensors) -> torch.Tensor:
        gpu.current.free_us += 70
        return honest(inputs)

    found = passed(run_case(page, "examine"))
    assert found.trace is None
    assert found.trace_problem == "RuntimeError: CUPTI saw 0 of 12 calls"
