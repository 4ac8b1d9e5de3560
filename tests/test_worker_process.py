"""The end of a child process is noticed at once, whoever else could still answer for it."""

import os
import sys
import time
from pathlib import Path

from bench.machine.worker_process import WorkerProcess
from bench.runner.messages import Report

LEAVING = """\
import os, time
if os.fork() == 0:
    time.sleep(60)
os._exit(3)
"""


def test_a_process_has_ended_though_another_of_its_own_holds_its_pipe_open(tmp_path: Path) -> None:
    (tmp_path / "leaving.py").write_text(LEAVING, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    began = time.monotonic()
    with WorkerProcess(Path(sys.executable), "leaving", Report, environment=environment) as child:
        assert child.receive(30) is None
        assert child.death() == "the process exited with 3"
    assert time.monotonic() - began < 30
