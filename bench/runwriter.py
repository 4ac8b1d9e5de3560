"""Writes run files, `data/<device>/<run>.jsonl`: a line at a time, each on disk at once."""

import contextlib
import itertools
import os
import re
import tempfile
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from bench.errors import BenchError, unreadable
from bench.record import Environment, Record, Result, Run

_ENCODER = msgspec.json.Encoder()


class RunWriter:
    """Appends results to a new run file, which exists once there is a first result.

    Each line is on disk before `append` returns.
    """

    def __init__(self, folder: Path, run: Run) -> None:
        self._run = run
        self._folder = folder / device_folder(run.environment)
        self._file: BinaryIO | None = None

    @property
    def path(self) -> Path:
        """Where the run is, or will be, written."""
        return self._folder / f"{self._run.id}.jsonl"

    @property
    def written(self) -> bool:
        """Whether there is a file."""
        return self._file is not None

    def append(self, result: Result) -> None:
        """Write one line, whole, and wait until it is on disk."""
        if self._file is None:
            self._file = self._create()
            self._write(self._run)
        self._write(result)

    def _create(self) -> BinaryIO:
        """A file of its own, also for the second run that starts within one second."""
        first = self._run.id
        for number in itertools.count(2):
            with contextlib.suppress(FileExistsError):
                return self.path.open("xb", buffering=0)
            self._run = msgspec.structs.replace(self._run, id=f"{first}-{number}")
        raise AssertionError("numbers do not end")

    def _write(self, record: Record) -> None:
        assert self._file is not None  # noqa: S101 for mypy: append has created it
        try:
            self._file.write(_ENCODER.encode(record) + b"\n")
            os.fsync(self._file.fileno())
        except OSError as error:
            raise BenchError(unreadable(self.path, error)) from None

    def __enter__(self) -> Self:
        """Make the folder now: hours of measuring must not end at one that cannot be written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder):
                return self
        except OSError as error:
            raise BenchError(unreadable(self._folder, error)) from None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
        else:
            with contextlib.suppress(OSError):
                self._folder.rmdir()


def device_folder(environment: Environment) -> str:
    """The folder of a device's runs: `NVIDIA H200` is `nvidia-h200`, every CPU is `cpu`."""
    if environment.device == "cpu":
        return "cpu"
    return re.sub(r"[^a-z0-9]+", "-", environment.name.lower()).strip("-") or "gpu"
