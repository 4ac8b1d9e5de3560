"""A child process that measures, and the parent's side of what they say to each other."""

import contextlib
import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

import bench
from bench.messages import Message, Request

_CHUNK = 1 << 16


class Child:
    """A process of its own group, killed with all its descendants when the block ends."""

    def __init__(self, python: Path, request: Request) -> None:
        self._python = python
        self._request = request
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 closed with the child
        self._scratch = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._buffer = b""

    def __enter__(self) -> Self:
        self._pipe, theirs = os.pipe()
        try:
            self._process = subprocess.Popen(
                [self._python, "-m", "bench.worker", str(theirs)],
                stdin=subprocess.PIPE,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs],
                start_new_session=True,
                env=child_environment(self._request.device)
                | {"TRITON_CACHE_DIR": self._scratch.name},
            )
        finally:
            os.close(theirs)
        self._ended = os.pidfd_open(self._process.pid)
        with contextlib.suppress(BrokenPipeError), self._process.stdin as stdin:  # type: ignore[union-attr]
            stdin.write(msgspec.json.encode(self._request))
        return self

    def messages(self, timeout_s: float) -> Iterator[Message]:
        """What the child says, until it closes the pipe.

        Raises:
            TimeoutError: `timeout_s` went by between two messages.
        """
        while True:
            line = self._read_line(time.monotonic() + timeout_s)
            if line is None:
                return
            yield msgspec.json.decode(line, type=Message)

    def death(self) -> str:
        """How the process ended, and the last line it printed; waits for it to end."""
        try:
            code = self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            return "closed its pipe but did not end"
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"exited with {code}"
        self._output.seek(0, os.SEEK_END)
        self._output.seek(max(0, self._output.tell() - _CHUNK))
        printed = self._output.read().decode(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(printed) if line.strip()), "")
        return f"the process {how}" + (f": {last}" if last else "")

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
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._pipe)
        os.close(self._ended)
        self._output.close()
        self._scratch.cleanup()


def child_environment(device: str) -> dict[str, str]:
    """The environment variables of a child process that runs on `device`."""
    package = str(Path(bench.__file__).parents[1])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    changes = {
        "PYTHONPATH": os.pathsep.join(paths),
        # So that the first call is what a new user waits for, not what a cache holds.
        "TORCHINDUCTOR_FORCE_DISABLE_CACHES": "1",
    }
    if device == "cpu":
        changes["CUDA_VISIBLE_DEVICES"] = ""
    return {**os.environ, **changes}
