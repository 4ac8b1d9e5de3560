"""The parent's side of a worker process: starts it, exchanges messages, ends it."""

import contextlib
import os
import re
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from bench.machine.host_memory import SUPERVISOR
from bench.operations.discovery import dec_hook

_CHUNK = 1 << 16
_LONGEST_LINE = 1 << 26
_WARNING = re.compile(r":\d+: \w*Warning: ")
_GRACE_S = 10.0
"""Time to wait for a child to end; its supervisor stops trying to kill processes after 8 s."""


class WorkerProcess(contextlib.AbstractContextManager["WorkerProcess"]):
    """A process in a session of its own, killed with all its descendants when the block ends.

    It reads orders as JSON lines from its standard input and answers on a separate pipe, because
    whatever the page's code prints goes to standard output.
    """

    def __init__(
        self,
        python: Path,
        module: str,
        answers: Any,
        *,
        environment: dict[str, str],
        shared: Sequence[int] = (),
        arguments: Sequence[str] = (),
    ) -> None:
        self._decoder = msgspec.json.Decoder(answers, dec_hook=dec_hook)
        self._output = tempfile.TemporaryFile(mode="ab+")  # noqa: SIM115 closed with the child
        self._buffer = b""
        self._case_begins = 0
        self._pipe, child_end = os.pipe()
        try:
            self._process = subprocess.Popen(
                [python, "-P", "-m", module, str(child_end), *arguments],
                stdin=subprocess.PIPE,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                pass_fds=[child_end, *shared],
                start_new_session=True,
                env=environment,
            )
        except OSError:
            os.close(self._pipe)
            raise
        finally:
            os.close(child_end)
        self._ended = os.pidfd_open(self._process.pid)

    def send(self, order: msgspec.Struct) -> None:
        """Send an order; `receive` notices if the child is gone."""
        assert self._process.stdin is not None  # noqa: S101 for mypy: it is a pipe
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(msgspec.json.encode(order) + b"\n")
            self._process.stdin.flush()

    def receive(self, timeout_s: float) -> Any | None:
        """The child's next answer, or None if the child is gone.

        Raises:
            TimeoutError: no answer came within `timeout_s`.
            msgspec.MsgspecError: the child wrote something that is not a valid answer.
        """
        line = self._read_line(time.monotonic() + timeout_s)
        return None if line is None else self._decoder.decode(line)

    def waiting_us(self) -> float:
        """Time in µs for which the worker was ready to run and other processes had the CPU.

        It counts the worker's main thread since its start; 0.0 if the kernel keeps no such count.
        """
        pid = self._process.pid
        try:
            worker, *_ = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        except (OSError, ValueError):  # not Linux, or the worker has ended
            return 0.0
        return thread_waiting_us(Path("/proc", worker))

    def exit_code(self) -> int | None:
        """Wait for the process to end and return its exit code, negative for a signal.

        Returns None if it has not ended after 10 s.
        """
        try:
            return self._process.wait(timeout=_GRACE_S)
        except subprocess.TimeoutExpired:
            return None

    def begin_case(self) -> None:
        """Mark the start of a case: only later output can explain how the process ends."""
        self._case_begins = self._output.seek(0, os.SEEK_END)

    def death(self) -> str:
        """How the process ended and why, if its output says so; waits for it to end."""
        code = self.exit_code()
        if code is None:
            return "the process closed its pipe but did not end"
        how = f"was killed by {_signal_name(-code)}" if code < 0 else f"exited with {code}"
        why = _last_words(self._printed(), code)
        return f"the process {how}" + (f": {why}" if why else "")

    def _printed(self) -> list[str]:
        """The last lines that the process has printed since the case began."""
        end = self._output.seek(0, os.SEEK_END)
        begin = (
            self._case_begins if self._case_begins <= end else 0
        )  # the supervisor has cut the file
        self._output.seek(max(begin, end - _CHUNK))
        return self._output.read().decode(errors="replace").split("\n")

    def _read_line(self, deadline: float) -> bytes | None:
        while b"\n" not in self._buffer:
            readable, _, _ = select.select(
                [self._pipe, self._ended], [], [], max(0, deadline - time.monotonic())
            )
            if not readable:
                raise TimeoutError
            # A process that the page started may hold the pipe open after the child has ended.
            chunk = os.read(self._pipe, _CHUNK) if self._pipe in readable else b""
            if not chunk:
                return None
            self._buffer += chunk
            if len(self._buffer) > _LONGEST_LINE:
                raise msgspec.DecodeError("the answer is too long")
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line

    def close(self) -> None:
        """End the process and everything that it started."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()  # its supervisor also ends processes that left the group
            self._process.send_signal(signal.SIGCONT)  # a page's code may have stopped it
        if self._process.stdin:  # the end of its input ends a child that ignores SIGTERM
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_GRACE_S)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._pipe)
        os.close(self._ended)
        self._output.close()

    def __exit__(self, *_: object) -> None:
        self.close()


def thread_waiting_us(thread: Path) -> float:
    """Time in µs for which the thread of this folder of /proc was ready to run and had no CPU.

    It is the second field of `schedstat` (Linux, Documentation/scheduler/sched-stats.rst); 0.0 if
    the kernel does not count it.
    """
    try:
        return int((thread / "schedstat").read_text("ascii").split()[1]) / 1e3
    except (OSError, IndexError):
        return 0.0


def end_children() -> None:
    """Ask every child of this process to end, with everything that it started.

    A thread that waits for a child's answer then finds that the child is gone.
    """
    for children in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):  # the thread has ended
            for pid in children.read_text(encoding="ascii").split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGTERM)


def _last_words(lines: list[str], code: int) -> str:
    """The last of `lines` that can explain why a process ended with `code`; empty if none can.

    If a process exits or aborts of its own accord, the reason is in its last line, or nowhere. A
    process that a signal ends cannot print a reason: only Python's fault handler and the supervisor
    can. A warning, or the line of code under it, is never the reason.
    """
    candidates = [line for line in lines if line.strip() and not line[0].isspace()]
    if code < 0 and code != -signal.SIGABRT:
        known = ("Fatal Python error", SUPERVISOR)
        candidates = [line for line in candidates if line.startswith(known)]
    return next((line.strip() for line in reversed(candidates) if not _WARNING.search(line)), "")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
