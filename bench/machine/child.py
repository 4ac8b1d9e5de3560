"""A child process that obeys orders, and the parent's side of what they say to each other."""

import contextlib
import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

import bench

_CHUNK = 1 << 16
_LONGEST_LINE = 1 << 26
_GRACE_S = 10.0
"""How long a keeper may take to end its processes; they are killed, so it is quick."""


class Child:
    """A process of its own group, killed with all its descendants when the block ends.

    It reads orders as JSON lines from its standard input and answers on a pipe of its own, because
    standard output belongs to the kernels and what they print.
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
        self._decoder = msgspec.json.Decoder(answers)
        self._output = tempfile.TemporaryFile(mode="ab+")  # noqa: SIM115 closed with the child
        self._buffer = b""
        self._pipe, theirs = os.pipe()
        try:
            self._process = subprocess.Popen(
                [python, "-m", module, str(theirs), *arguments],
                stdin=subprocess.PIPE,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs, *shared],
                start_new_session=True,
                env=environment,
            )
        except OSError:
            os.close(self._pipe)
            raise
        finally:
            os.close(theirs)
        self._ended = os.pidfd_open(self._process.pid)

    def tell(self, order: msgspec.Struct) -> None:
        """Send an order; a child that is gone is noticed when it is listened to."""
        assert self._process.stdin is not None  # noqa: S101 for mypy: it was asked for
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(msgspec.json.encode(order) + b"\n")
            self._process.stdin.flush()

    def hear(self, timeout_s: float) -> Any | None:
        """The next answer; none where the child is gone.

        Raises:
            TimeoutError: `timeout_s` went by without one.
            msgspec.MsgspecError: what it said is no answer.
        """
        line = self._read_line(time.monotonic() + timeout_s)
        return None if line is None else self._decoder.decode(line)

    def code(self) -> int | None:
        """The exit code, negative for a signal; waits for the end. None where it goes on."""
        try:
            return self._process.wait(timeout=_GRACE_S)
        except subprocess.TimeoutExpired:
            return None

    def death(self) -> str:
        """How the process ended, and the last line it printed; waits for it to end."""
        code = self.code()
        if code is None:
            return "closed its pipe but did not end"
        how = f"was killed by {_signal_name(-code)}" if code < 0 else f"exited with {code}"
        last = self._last_line()
        return f"the process {how}" + (f": {last}" if last else "")

    def _last_line(self) -> str:
        self._output.seek(0, os.SEEK_END)
        self._output.seek(max(0, self._output.tell() - _CHUNK))
        printed = self._output.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(printed) if line.strip()), "")

    def _read_line(self, deadline: float) -> bytes | None:
        while b"\n" not in self._buffer:
            readable, _, _ = select.select(
                [self._pipe, self._ended], [], [], max(0, deadline - time.monotonic())
            )
            if not readable:
                raise TimeoutError
            # A process that the page started may hold the pipe open after the child's own end.
            chunk = os.read(self._pipe, _CHUNK) if self._pipe in readable else b""
            if not chunk:
                return None
            self._buffer += chunk
            if len(self._buffer) > _LONGEST_LINE:
                raise msgspec.DecodeError("a line without an end")
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line

    def close(self) -> None:
        """End it and everything that it started."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()  # its keeper ends what hides from the process group too
            self._process.send_signal(signal.SIGCONT)  # a page's code may have stopped it
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_GRACE_S)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        os.close(self._pipe)
        os.close(self._ended)
        self._output.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def end_children() -> None:
    """End every child of this process with what it started; who listens to one hears of it."""
    for children in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):  # the thread has ended
            for pid in children.read_text(encoding="ascii").split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGTERM)


def child_environment(device: str, *, scratch: str | None = None) -> dict[str, str]:
    """The environment variables of a child process that runs on `device`.

    Compilation caches are kept in `scratch`: empty for an examination, so that the first call is
    what a new user waits for, and warm in the rounds that follow it.
    """
    package = str(Path(bench.__file__).parents[1])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    changes = {"PYTHONPATH": os.pathsep.join(paths)}
    if scratch:
        changes |= {"TRITON_CACHE_DIR": f"{scratch}/triton"}
        changes |= {"TORCHINDUCTOR_CACHE_DIR": f"{scratch}/inductor"}
    if device == "cpu":
        # Threads that spin for each other are 30 times slower where another process has a core.
        changes |= {"CUDA_VISIBLE_DEVICES": "", "OMP_WAIT_POLICY": "PASSIVE"}
    return {**os.environ, **changes}


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
