"""The parent's side of the referee: the process that judges outputs and runs no page's code."""

import sys
from contextlib import AbstractContextManager
from pathlib import Path

from bench.devices import NAMES, Device
from bench.devices.discovery import KINDS
from bench.errors import BenchError
from bench.machine.child_environment import child_environment
from bench.machine.shared_buffer import SharedBuffer
from bench.machine.worker_process import WorkerProcess
from bench.operations.operation import Workload
from bench.pages.implementation import Precision
from bench.records.run_lines import Canary
from bench.runner.messages import Hello, Judge, RefereeReport, TimeCanary, Verdict

_START_S = 300.0
_JUDGE_S = 600.0


class RefereeProcess(AbstractContextManager["RefereeProcess"]):
    """The referee process, started once for a run; it shares the memory that holds the outputs.

    Raises:
        BenchError: torch is not installed or cannot use the device, or the process has died.
    """

    def __init__(self, device: Device, buffer: SharedBuffer) -> None:
        self._device = device
        python = Path(sys.executable)
        self._process = WorkerProcess(
            python,
            "bench.worker.referee",
            RefereeReport,
            environment=child_environment(device, python),
            shared=[buffer.descriptor],
            arguments=[str(buffer.descriptor), device],
        )
        try:
            hello = self._receive(_START_S)
            assert isinstance(hello, Hello)  # noqa: S101 its first message
        except BaseException:
            self._process.close()
            raise
        self.environment, self.uuid = hello.environment, hello.uuid

    def judge(
        self, workload: Workload, seed: int, precision: Precision, pattern: str | None = None
    ) -> Verdict:
        """Compare the output in the shared memory with the reference for the inputs of `seed`."""
        order = Judge(workload=workload, seed=seed, precision=precision, pattern=pattern)
        self._process.send(order)
        verdict = self._receive(_JUDGE_S)
        assert isinstance(verdict, Verdict)  # noqa: S101 it answers the order
        return verdict

    def canary(self) -> Canary:
        """Measure the speed of the device itself, now."""
        self._process.send(TimeCanary())
        canary = self._receive(_JUDGE_S)
        assert isinstance(canary, Canary)  # noqa: S101 it answers the order
        return canary

    def _receive(self, timeout_s: float) -> RefereeReport:
        try:
            report: RefereeReport | None = self._process.receive(timeout_s)
        except TimeoutError:
            raise BenchError(f"the referee did not answer within {timeout_s:g} s") from None
        if report is None:
            raise BenchError(_advice(self._device, self._process.death()))
        return report

    def __exit__(self, *_: object) -> None:
        self._process.close()


def _advice(device: Device, last: str) -> str:
    """What to do if the referee dies, usually because torch is missing or cannot use the device."""
    if "No module named 'torch'" in last:
        return "torch is not installed: pip install -c constraints.txt -e '.[measure]'"
    word, last_resort = KINDS[device].word, NAMES[-1]
    hint = f"; to measure without a {word}: --device {last_resort}" if device != last_resort else ""
    return f"torch cannot use the device {device!r}: {last}{hint}"
