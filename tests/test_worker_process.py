"""The end of a child process is noticed at once, whoever else could still answer for it."""

import os
import sys
import time
from pathlib import Path

import pytest

from bench.machine.worker_process import WorkerProcess, thread_waiting_us
from bench.runner.messages import Done, Report

LEAVING = """\
import os, time
if os.fork() == 0:
    time.sleep(60)
os._exit(3)
"""


SPINNING = """\
import os, time
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
if os.fork():  # the supervisor
    for _ in range(int(os.environ["OTHERS"])):
        if os.fork() == 0:
            end = time.monotonic() + 2
            while time.monotonic() < end: pass
            os._exit(0)
    time.sleep(60)
end = time.thread_time() + 0.3
while time.thread_time() < end: pass
print("done", flush=True)
os.write(int(os.sys.argv[1]), b'{"type": "Done"}\\n')
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts it")
def test_a_worker_waits_for_a_cpu_that_others_use_and_not_while_it_sleeps(tmp_path: Path) -> None:
    (tmp_path / "spinning.py").write_text(SPINNING, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "OTHERS": "3"}
    with WorkerProcess(Path(sys.executable), "spinning", Report, environment=environment) as child:
        assert child.receive(30) == Done()
        waited = child.waiting_us()
        assert waited > 150_000  # for 0.3 s of work beside three others, 0.9 s if all are fair
        time.sleep(0.5)
        assert child.waiting_us() == pytest.approx(waited, abs=200_000)


def test_a_process_has_ended_though_another_of_its_own_holds_its_pipe_open(tmp_path: Path) -> None:
    (tmp_path / "leaving.py").write_text(LEAVING, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    began = time.monotonic()
    with WorkerProcess(Path(sys.executable), "leaving", Report, environment=environment) as child:
        assert child.receive(30) is None
        assert child.death() == "the process exited with 3"
    assert time.monotonic() - began < 30


def test_the_last_words_of_a_process_that_has_ended_are_heard(tmp_path: Path) -> None:
    """A page whose package is missing says so and ends."""
    words = """import os; os.write(int(os.sys.argv[1]), b'{"type": "Done"}\\n')\n"""
    (tmp_path / "parting.py").write_text(words, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    with WorkerProcess(Path(sys.executable), "parting", Report, environment=environment) as child:
        assert child.exit_code() == 0  # waits for it
        assert child.receive(30) == Done()
        assert child.receive(30) is None


def test_the_time_a_thread_waited_is_the_second_of_the_kernel_s_figures(tmp_path: Path) -> None:
    (tmp_path / "schedstat").write_text("111000 222000 3\n", encoding="ascii")
    assert thread_waiting_us(tmp_path) == 222.0
    assert thread_waiting_us(tmp_path / "nowhere") == 0.0
