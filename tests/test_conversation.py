"""What a page does in one place only is found there, and told with the place."""

import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import torch
from in_process import WORKLOAD, InProcess
from records import START, Entry, result
from torch.nn.functional import scaled_dot_product_attention

import bench.worker.referee
from bench.operations.attention.workload import attention
from bench.operations.discovery import dec_hook
from bench.operations.kernels import Tensors
from bench.pages.implementation import Precision
from bench.records.outcome import Failure, Incorrect, Ok, Passed
from bench.records.run_lines import Result
from bench.runner.messages import Verdict
from bench.runner.schedule import Kind
from bench.worker.correctness import Expected, compare
from bench.worker.inputs import make_inputs
from bench.worker.output_buffer import OutputBuffer

OTHER = attention(64, 2, 64, "float32")


def honest(_: str, inputs: Tensors) -> torch.Tensor:
    q, k, v = (tensor.transpose(1, 2) for tensor in (inputs["q"], inputs["k"], inputs["v"]))
    return scaled_dot_product_attention(q, k, v).transpose(1, 2)


@pytest.fixture
def run_case(tmp_path: Path) -> InProcess:
    return InProcess(tmp_path)


def told(outcome: Passed | Ok | Failure) -> str:
    assert isinstance(outcome, Incorrect), outcome
    return outcome.reason


def test_an_honest_case_goes_well_from_its_first_word_to_its_last(run_case: InProcess) -> None:
    assert isinstance(run_case(honest, "examine"), Passed)
    assert isinstance(run_case(honest), Ok)


PLACES: dict[str, tuple[Kind, str, str]] = {
    "the first call": ("time", "Prepared", "(before timing)"),
    "the timed loop": ("time", "Handed", "are wrong (in the timed loop)"),
    "the last timed batch": (
        "time",
        "Timed",
        "(after timing, on an output of the timed loop with new inputs)",
    ),
    "the burst": ("time", "Ready", "(in a burst of calls, on new inputs)"),
    "what follows the examination": (
        "examine",
        "Examined",
        "(on new inputs, after its examination)",
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_an_output_that_is_wrong_in_one_place_only_is_told_with_that_place(
    place: str, run_case: InProcess
) -> None:
    kind, after, words = PLACES[place]

    def page(said: str, inputs: Tensors) -> torch.Tensor:
        return honest(said, inputs) * (2 if said == after else 1)

    reason = told(run_case(page, kind, round_=2))
    assert reason.endswith(words)
    assert reason.startswith("rows " if after == "Handed" else "relative error 1 is over ")


def test_each_pattern_is_judged_before_timing_in_the_first_round_only(run_case: InProcess) -> None:
    seen: list[float] = []

    def page(said: str, inputs: Tensors) -> torch.Tensor:
        seen.append(inputs["k"].mean().item())
        return honest(said, inputs)

    first, second = run_case(page), run_case(page, round_=2)
    assert isinstance(first, Ok)
    assert isinstance(second, Ok)
    assert list(first.patterns) == ["needles", "sunk scores"]
    assert second.patterns == {}
    assert min(seen[:3]) == seen[2] < -1
    assert min(seen[3:]) > -1


@pytest.mark.parametrize(("call", "pattern"), [(2, "needles"), (3, "sunk scores")])
def test_an_output_that_is_wrong_on_one_pattern_only_is_told_with_it(
    call: int, pattern: str, run_case: InProcess
) -> None:
    calls: list[str] = []

    def page(said: str, inputs: Tensors) -> torch.Tensor:
        calls.append(said)
        return honest(said, inputs) * (2 if len(calls) == call else 1)

    reason = told(run_case(page))
    assert reason.startswith("relative error 1 is over ")
    assert reason.endswith(f"(on {pattern}, before timing)")
    assert len(calls) == call


def turned(inputs: Tensors) -> None:
    """Keys and their values change places, in which attention cannot see them."""
    for tensor in (inputs["k"], inputs["v"]):
        tensor.copy_(tensor.roll(1, dims=1))


def scaled(inputs: Tensors) -> None:
    """What the queries lose the keys get."""
    inputs["q"].mul_(0.5)
    inputs["k"].mul_(2.0)


@pytest.mark.parametrize("after", ["Handed", "Timed"])
@pytest.mark.parametrize("change", [turned, scaled])
def test_inputs_that_are_changed_so_that_the_output_stays_the_same_are_told(
    change: Callable[[Tensors], None], after: str, run_case: InProcess
) -> None:
    def page(said: str, inputs: Tensors) -> torch.Tensor:
        if said == after:
            change(inputs)
        return honest(said, inputs)

    assert told(run_case(page, round_=2)) == "the inputs were changed in place (in the timed loop)"


def test_seeds_are_drawn_afresh_for_each_round_and_are_those_of_the_inputs(
    run_case: InProcess,
) -> None:
    seen: dict[str, list[torch.Tensor]] = {}

    def page(said: str, inputs: Tensors) -> torch.Tensor:
        seen.setdefault(said, []).append(inputs["q"].clone())
        return honest(said, inputs)

    rounds = []
    for number in (1, 2):
        seen.clear()
        outcome = run_case(page, round_=number)
        assert isinstance(outcome, Ok)
        rounds.append(outcome.seeds)
        first, last, burst = (make_inputs(WORKLOAD, "cpu", seed)["q"] for seed in outcome.seeds)
        assert torch.equal(seen["Prepared"][0], first)
        assert torch.equal(seen["Timed"][-1], last)
        assert torch.equal(seen["Ready"][0], burst)
    assert len({*rounds[0], *rounds[1]}) == 6


def test_no_timed_call_has_inputs_that_another_had(run_case: InProcess) -> None:
    seen: list[tuple[float, ...]] = []

    def page(said: str, inputs: Tensors) -> torch.Tensor:
        if said == "Handed":
            tensors = (inputs["q"], inputs["k"], inputs["v"])
            seen.append(tuple(tensor.double().sum().item() for tensor in tensors))
        return honest(said, inputs)

    assert isinstance(run_case(page, round_=2), Ok)
    assert len(set(seen)) == len(seen) > 30


def test_seeds_are_the_same_for_all_lines_of_a_round_and_for_nothing_else(tmp_path: Path) -> None:
    drawn = []
    for _ in range(2):
        random.seed(0)
        torch.manual_seed(0)
        run_context = InProcess(tmp_path).context
        for round_, workload in ((1, WORKLOAD), (2, WORKLOAD), (1, OTHER)):
            drawn += [seeds := run_context.seeds(round_, workload)]
            assert run_context.seeds(round_, workload) == seeds
    assert len({seed for seeds in drawn for seed in seeds}) == 18


def test_an_output_is_judged_from_a_copy_that_its_page_can_no_longer_change(
    run_case: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    buffer, inputs = (
        OutputBuffer(run_case.context.buffer.descriptor),
        make_inputs(WORKLOAD, "cpu", 5),
    )
    run_case.context.buffer.hold(inputs["q"].numel() * 4)
    right = honest("", inputs)

    def slipped(outputs: Tensors, expected: dict[str, Expected], precision: Precision) -> Verdict:
        buffer.put({"output": right}, WORKLOAD)
        return compare(outputs, expected, precision)

    monkeypatch.setattr(bench.worker.referee, "compare", slipped)
    buffer.put({"output": torch.zeros_like(right)}, WORKLOAD)
    verdict = run_case.context.referee.judge(WORKLOAD, 5, "exact")
    assert "relative error 1 is over" in (verdict.problem or "")


def test_what_is_written_into_an_output_that_was_handed_over_is_not_judged(
    run_case: InProcess,
) -> None:
    buffer, inputs = (
        OutputBuffer(run_case.context.buffer.descriptor),
        make_inputs(WORKLOAD, "cpu", 5),
    )
    run_case.context.buffer.hold(inputs["q"].numel() * 4)
    out = torch.zeros_like(inputs["q"])
    buffer.put({"output": out}, WORKLOAD)
    out.copy_(honest("", inputs))
    assert run_case.context.referee.judge(WORKLOAD, 5, "exact").problem


def test_one_infinite_value_is_told_in_these_words_and_its_record_can_be_read(
    run_case: InProcess,
) -> None:
    def page(said: str, inputs: Tensors) -> torch.Tensor:
        out = honest(said, inputs)
        out[0, 3, 1, 5] = float("inf")
        return out

    outcome = run_case(page)
    assert told(outcome) == "the output has values that are not finite (before timing)"
    record = result(Entry("mine", "Mine"), WORKLOAD, outcome, START)
    again = msgspec.json.decode(msgspec.json.encode(record), type=Result, dec_hook=dec_hook)
    assert again == record
