"""Planning, which a program does once a step: what is timed of it, and what it may not change."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
import pytest
import torch
from fake_cuda import FakeGpu
from in_process import InProcess
from outcomes import passed
from records import H200

from bench.analysis.stats import median
from bench.operations.operation import Workload
from bench.operations.rms_norm.workload import RmsNormWorkload
from bench.records.outcome import Failed, Failure, Incorrect, Ok, Passed

ROWS = RmsNormWorkload(rows=64, columns=512, dtype="float32")
MANY = 12

Plan = Callable[[Workload], object]


def rms_norm(x: torch.Tensor, weight: torch.Tensor, *, eps: float) -> torch.Tensor:
    return torch.nn.functional.rms_norm(x, weight.shape, weight, eps)


def doubled(x: torch.Tensor, weight: torch.Tensor, *, eps: float) -> torch.Tensor:
    return rms_norm(x, weight, eps=eps) * 2


def sleeping(seconds: float) -> Plan:
    def plan(_: Workload) -> object:
        time.sleep(seconds)
        return rms_norm

    return plan


def in_turn(*results: object) -> Plan:
    """A plan that returns each result once and then the last for ever; an exception is raised."""
    left = list(results)

    def plan(_: Workload) -> object:
        result = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(result, Exception):
            raise result
        return result

    return plan


@pytest.fixture
def run_case(tmp_path: Path) -> InProcess:
    return InProcess(tmp_path, lane_samples=MANY)


def examined(outcome: Passed | Ok | Failure) -> Passed:
    assert isinstance(outcome, Passed), outcome
    return outcome


def test_a_plan_that_takes_20_ms_shows_about_20_ms_in_every_sample(run_case: InProcess) -> None:
    found = examined(run_case.run(rms_norm, ROWS, "examine", plan=sleeping(0.02)))
    assert len(found.plan_us) == MANY
    assert min(found.plan_us) >= 20_000
    assert median(found.plan_us) == pytest.approx(20_000, rel=0.3)
    assert found.plan_problem is None


def test_a_plan_is_in_the_first_call_and_in_no_sample(run_case: InProcess) -> None:
    outcome = run_case.run(rms_norm, ROWS, plan=sleeping(0.3))
    assert isinstance(outcome, Ok)
    assert outcome.first_call_ms > 300
    assert max(outcome.latency_us) < 300_000


def test_a_slow_plan_is_made_three_times_and_then_no_more(run_case: InProcess) -> None:
    found = examined(run_case.run(rms_norm, ROWS, "examine", plan=sleeping(0.6)))
    assert len(found.plan_us) == 3


@pytest.mark.parametrize(
    "hooks",
    [{}, {"prepare": sleeping(0.02)}, {"plan": in_turn(None)}],
    ids=["no plan", "only prepare", "a plan that is None"],
)
def test_a_page_that_plans_nothing_has_no_time_and_no_problem(
    hooks: dict[str, Plan], run_case: InProcess
) -> None:
    found = examined(run_case.run(rms_norm, ROWS, "examine", **hooks))
    assert (found.plan_us, found.plan_problem) == ((), None)


@pytest.mark.parametrize(
    ("planned", "right"), [(rms_norm, True), (None, False)], ids=["a function", "None"]
)
def test_what_plan_returns_is_measured_and_what_prepare_returned_if_that_is_none(
    planned: object, right: bool, run_case: InProcess
) -> None:
    hooks: dict[str, Plan] = {"prepare": in_turn(doubled), "plan": in_turn(planned)}
    outcome = run_case.run(rms_norm, ROWS, **hooks)
    assert isinstance(outcome, Ok if right else Incorrect)


@pytest.mark.parametrize(
    ("results", "problem"),
    [
        ([rms_norm, RuntimeError("no workspace")], "RuntimeError: no workspace"),
        ([rms_norm, None], "RuntimeError: plan returned a function at first and then None"),
        ([rms_norm, 3], "TypeError: plan returned int: return a function or None"),
    ],
    ids=["an exception", "None", "a number"],
)
def test_a_plan_that_fails_the_second_time_has_a_reason_and_costs_no_result(
    results: Iterable[object], problem: str, run_case: InProcess
) -> None:
    found = examined(run_case.run(rms_norm, ROWS, "examine", plan=in_turn(*results)))
    assert (found.plan_us, found.plan_problem) == ((), problem)


def test_a_plan_that_returns_no_function_the_first_time_is_an_error(run_case: InProcess) -> None:
    outcome = run_case.run(rms_norm, ROWS, plan=in_turn(3))
    assert isinstance(outcome, Failed)
    assert outcome.reason == "TypeError: plan returned int: return a function or None"


def test_the_output_that_ends_an_examination_is_by_the_last_plan(run_case: InProcess) -> None:
    plan = in_turn(*[rms_norm] * MANY, doubled)
    outcome = run_case.run(rms_norm, ROWS, "examine", plan=plan)
    assert isinstance(outcome, Incorrect)
    assert outcome.reason.endswith("(on new inputs, after its examination)")


def test_the_time_of_a_plan_includes_what_it_left_the_device_to_do(
    gpu: FakeGpu, tmp_path: Path
) -> None:
    def plan(_: Workload) -> object:
        gpu.kernel(300, launch_us=20)
        return called

    def called(x: torch.Tensor, weight: torch.Tensor, *, eps: float) -> torch.Tensor:
        out = torch.zeros_like(x)
        gpu.kernel(70, lambda: out.copy_(rms_norm(x, weight, eps=eps)))
        return out

    run_case = InProcess(tmp_path, "cuda", lane_samples=MANY)
    found = examined(run_case.run(called, ROWS, "examine", plan=plan))
    assert found.plan_us == pytest.approx([320] * MANY)
    assert found.lanes.cold.latency_us == pytest.approx([70] * MANY)
    assert found.lanes.graph
    assert found.lanes.graph.latency_us == pytest.approx([70] * MANY)


def test_an_examination_that_was_recorded_without_planning_is_read_as_before() -> None:
    recorded = msgspec.to_builtins(passed(100.0, H200))
    for name in ("plan_us", "plan_problem"):
        del recorded[name]
    assert msgspec.convert(recorded, Passed) == passed(100.0, H200)
