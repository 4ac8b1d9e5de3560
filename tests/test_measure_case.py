"""A case in the parent's hands: its one time-out, and what becomes of the referee's verdicts."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from bench_fixtures import QUICK, REQUEST, WORKLOADS
from in_process import InProcess
from outcomes import ACCURACY
from records import CPU

from bench.machine.shared_buffer import SharedBuffer
from bench.machine.worker_process import WorkerProcess
from bench.records.outcome import Burst, Incorrect, Ok, Unavailable
from bench.runner.context import RunContext
from bench.runner.measure_case import CaseExchange, GoneError
from bench.runner.messages import (
    Done,
    Ended,
    Handed,
    Loaded,
    Prepared,
    Ready,
    Report,
    Timed,
    Verdict,
)

TIMEOUT_S, STEP_S = 1.5, 0.5

WORKER = """\
import os, sys, time
_, pipe, pause, *answers = sys.argv
for _, answer in zip(sys.stdin, answers):
    if answer != answers[0]:
        time.sleep(float(pause))
    os.write(int(pipe), answer.encode() + b"\\n")
"""

ANSWERS = (
    Loaded(packages={}),
    Prepared(),
    Handed(first_call_ms=1.0),
    Timed(
        latency_us=(50.0,) * 30,
        late_samples=0,
        warmup_calls=20,
        settled=True,
        busy_s=STEP_S,
        checked_batches=1,
    ),
    Handed(),
)
"""What a worker says to the end of its samples, without a burst."""

BURST = (Ready(), (Done(), Handed()), Ended(outcome=None, local_kernels=("k/f",)))
"""What it says after that; two answers to one order."""

BURST_S = 0.05
"""The pause before each answer: as long as the calls of a burst take by the samples."""

StartCase = Callable[..., CaseExchange]


@pytest.fixture
def start_case(tmp_path: Path) -> Iterator[StartCase]:
    """Starts a process that answers as a worker does, each time after a pause; gives its case.

    The case is in its second round, in which no patterns are judged.
    """
    (tmp_path / "answering.py").write_text(WORKER, encoding="utf-8")
    started: list[WorkerProcess] = []

    with SharedBuffer() as buffer:

        def start(
            pause_s: float, *more: object, verdicts: Iterable[Verdict] = repeat(RIGHT)
        ) -> CaseExchange:
            answers = [
                b"\n".join(map(msgspec.json.encode, one if isinstance(one, tuple) else (one,)))
                for one in (*ANSWERS, *more)
            ]
            judged = iter(verdicts)
            referee = SimpleNamespace(judge=lambda *_: next(judged), uuid=None)
            run_context = RunContext(referee, buffer, CPU, QUICK, TIMEOUT_S, 1 << 30)
            child = WorkerProcess(
                Path(sys.executable),
                "answering",
                Report,
                environment={**os.environ, "PYTHONPATH": str(tmp_path)},
                arguments=[str(pause_s), *map(bytes.decode, answers)],
            )
            started.append(child)
            child.send(REQUEST)
            assert isinstance(child.receive(60), Loaded)
            return CaseExchange(run_context, child, WORKLOADS[0], "time", "exact", 2)

        yield start
        for child in started:
            child.close()


RIGHT = Verdict(accuracy=ACCURACY)


def test_steps_that_each_keep_the_time_out_end_when_the_case_has_used_it_up(
    start_case: StartCase,
) -> None:
    case = start_case(STEP_S)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        case.run()
    assert time.monotonic() - began >= TIMEOUT_S


def test_a_worker_that_answers_at_once_does_not_time_out(start_case: StartCase) -> None:
    with pytest.raises(GoneError):  # it knows nothing of a burst, and ends
        start_case(0).run()


@pytest.mark.parametrize("place", range(3), ids=["first", "last batch", "burst"])
def test_the_errors_of_a_case_are_the_largest_of_all_outputs_that_were_judged(
    place: int, start_case: StartCase
) -> None:
    worse = msgspec.structs.replace(ACCURACY, relative_error=0.005, max_abs_error=0.0017)
    verdicts = [Verdict(accuracy=worse if n == place else ACCURACY) for n in range(3)]
    outcome, kernels = start_case(BURST_S, *BURST, verdicts=verdicts).run()
    assert isinstance(outcome, Ok)
    assert outcome.accuracy == worse
    assert kernels == ("k/f",)


@pytest.mark.parametrize("interrupted", range(3))
def test_a_burst_most_of_which_other_processes_had_the_cpu_for_is_repeated(
    interrupted: int, start_case: StartCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = [0.9 * BURST_S * 1e6] * interrupted + [0.0]
    readings = iter([us for wait in waits for us in (0.0, wait)])  # before a burst, and after it
    monkeypatch.setattr(CaseExchange, "_waiting_us", lambda _: next(readings))
    outcome, _ = start_case(BURST_S, *BURST[:2] * len(waits), BURST[2]).run()
    assert isinstance(outcome, Ok)
    assert not list(readings)


def test_a_wrong_output_is_incorrect_though_the_worker_then_dies(start_case: StartCase) -> None:
    wrong = Verdict(accuracy=ACCURACY, problem="is NaN")
    outcome, kernels = start_case(0, verdicts=[RIGHT, wrong]).run()
    assert isinstance(outcome, Incorrect)
    assert outcome.reason.startswith("is NaN (after timing")
    assert kernels is None


def test_a_wrong_output_is_incorrect_whatever_the_worker_says_of_its_case_then(
    start_case: StartCase,
) -> None:
    wrong = Verdict(accuracy=ACCURACY, problem="is NaN")
    ended = Ended(outcome=Unavailable(reason="a package is gone"), local_kernels=("k/f",))
    outcome, kernels = start_case(0, ended, verdicts=[RIGHT, wrong]).run()
    assert isinstance(outcome, Incorrect)
    assert kernels == ("k/f",)


def test_a_worker_may_take_back_that_its_case_went_well(start_case: StartCase) -> None:
    ended = Ended(outcome=Unavailable(reason="a package is gone"), local_kernels=())
    outcome, _ = start_case(BURST_S, *BURST[:-1], ended).run()
    assert outcome == ended.outcome


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_a_short_backward_pass_may_keep_the_host_longer_than_a_forward_pass(
    direction: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Autograd takes some 0.3 ms of the host's time for a call."""
    workload = msgspec.structs.replace(WORKLOADS[0], direction=direction)
    burst, nobody = Burst(calls=41, wall_us=41 * 300.0), SimpleNamespace()
    monkeypatch.setattr(CaseExchange, "_burst", lambda *_: (burst, None))
    context = InProcess(tmp_path, device="cuda").context
    case = CaseExchange(context, nobody, workload, "time", "exact", 1)
    samples = SimpleNamespace(latency_us=(50.0,) * 30, late=False, enqueue_us=10.0)
    if direction == "backward":
        assert case._confirmed(samples, 1) == burst
    else:
        with pytest.raises(Exception, match=r"^$") as caught:
            case._confirmed(samples, 1)
        assert "300 µs each" in caught.value.outcome.reason


def test_a_count_of_waiting_that_ends_during_a_burst_is_no_negative_time(
    start_case: StartCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = iter([500.0, 0.0])
    monkeypatch.setattr(CaseExchange, "_waiting_us", lambda _: next(counts))
    case = start_case(BURST_S, *BURST)
    outcome, _ = case.run()
    assert isinstance(outcome, Ok)
    assert outcome.burst
    assert outcome.burst.waiting_us == 0
