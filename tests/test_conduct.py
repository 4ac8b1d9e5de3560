"""A case has one time-out, however many steps the worker takes and however short each is."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from bench_fixtures import QUICK, WORKLOADS
from outcomes import ACCURACY
from records import CPU

from bench.machine.child import Child
from bench.machine.gauge import NoGauge
from bench.machine.share import SharedMemory
from bench.runs.conduct import Conduct, GoneError
from bench.runs.desk import Desk
from bench.runs.messages import Handed, Loaded, Prepared, Report, Request, Timed, Verdict

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
        latency_us=(1000.0,) * 30,
        late_samples=0,
        warmup_calls=20,
        settled=True,
        busy_s=STEP_S,
        checked_batches=1,
    ),
    Handed(),
)
"""What a worker says to the end of its samples, without a burst."""

StartCase = Callable[[float], Conduct]


@pytest.fixture
def start_case(tmp_path: Path) -> Iterator[StartCase]:
    """Starts a process that answers as a worker does, each time after a pause; gives its case."""
    (tmp_path / "answering.py").write_text(WORKER, encoding="utf-8")
    answers = [msgspec.json.encode(answer).decode() for answer in ANSWERS]
    referee = SimpleNamespace(judge=lambda *_: Verdict(accuracy=ACCURACY))
    started: list[Child] = []

    with SharedMemory() as share:
        desk = Desk(referee, share, QUICK, CPU, "cpu", TIMEOUT_S, 1 << 30, NoGauge)

        def start(pause_s: float) -> Conduct:
            child = Child(
                Path(sys.executable),
                "answering",
                Report,
                environment={**os.environ, "PYTHONPATH": str(tmp_path)},
                arguments=[str(pause_s), *answers],
            )
            started.append(child)
            child.tell(msgspec.convert({"type": "Request"} | REQUEST, Request))
            assert isinstance(child.hear(60), Loaded)
            return Conduct(desk, child, WORKLOADS[0], "time", "exact", 1)

        yield start
        for child in started:
            child.close()


REQUEST = {
    "page": "",
    "code": "",
    "line": 1,
    "precision": "exact",
    "dependencies": (),
    "layer": False,
    "device": "cpu",
    "l2_set_aside_bytes": None,
    "protocol": QUICK,
    "scratch": "",
}


def test_steps_that_each_keep_the_time_out_end_when_the_case_has_used_it_up(
    start_case: StartCase,
) -> None:
    case = start_case(STEP_S)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        case.lead()
    assert time.monotonic() - began >= TIMEOUT_S


def test_a_worker_that_answers_at_once_does_not_time_out(start_case: StartCase) -> None:
    with pytest.raises(GoneError):  # it knows nothing of a burst, and ends
        start_case(0).lead()
