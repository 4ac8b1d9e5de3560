"""Writes run files, `data/<device>/<run>.jsonl`, and waits until each line is on disk."""

import contextlib
import itertools
import os
import tempfile
from pathlib import Path
from typing import BinaryIO, Self

import msgspec

from bench import files
from bench.errors import BenchError, Problem, unreadable
from bench.records.run_lines import Canary, Examination, Record, Result, Run
from bench.records.runfile import RunFile

_ENCODER = msgspec.json.Encoder()


class RunWriter:
    """Appends records to a run file; a new file is created with its first record.

    Each line is on disk before `append` returns.
    """

    def __init__(self, folder: Path, run: Run, *, resume: RunFile | None = None) -> None:
        """With `resume`, continue the file from which `run` was read."""
        self.run = run
        self._folder = resume.path.parent if resume else folder
        self._resume = resume
        self._file: BinaryIO | None = None
        self._size = 0

    @property
    def path(self) -> Path:
        """The path at which the run is, or will be, written."""
        return self._resume.path if self._resume else self._folder / f"{self.run.id}.jsonl"

    @property
    def written(self) -> bool:
        """Whether there is a file."""
        return self._file is not None

    def append(self, record: Examination | Result | Canary) -> None:
        """Write one line, whole, and wait until it is on disk.

        Raises:
            BenchError: the line cannot be written, or something else has changed the file. The
                file keeps its earlier lines and gets no part of this one.
        """
        try:
            if self._file is None:
                self._file = self._create()
                self._write(self.run, record)
            else:
                self._write(record)
        except OSError as error:
            raise BenchError(self._refusal(error)) from None

    def _create(self) -> BinaryIO:
        """Open a new file, even for a second run that starts within the same second."""
        first = self.run.id
        for number in itertools.count(2):
            with contextlib.suppress(FileExistsError):
                return self.path.open("xb", buffering=0)
            self.run = msgspec.structs.replace(self.run, id=f"{first}-{number}")
        raise AssertionError("numbers do not end")

    def _write(self, *records: Record) -> None:
        assert self._file is not None  # noqa: S101 for mypy: append has created it
        lines = b"".join(_ENCODER.encode(record) + b"\n" for record in records)
        status = os.fstat(self._file.fileno())
        if status.st_size != self._size or not status.st_nlink:
            message = "was changed by something other than this run: do not trust it"
            raise BenchError(Problem(message, self.path))
        files.append(self._file.fileno(), lines)
        self._size += len(lines)

    def _refusal(self, error: OSError) -> Problem:
        """The problem that the system reports; if the file has lines, also how to continue."""
        problem = unreadable(self.path, error)
        if not self._size:
            return problem
        advice = f"fix that, then continue with --resume {self.run.id}"
        return Problem(f"{problem.message}: {advice}", self.path)

    def __enter__(self) -> Self:
        """Make the folder now: if it refused files later, hours of measuring would be lost."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder):
                pass
            if self._resume:
                self._file = self._resume.path.open("ab", buffering=0)
                self._size = self._resume.size  # not the size now: the file may have grown since
            return self
        except OSError as error:
            raise BenchError(unreadable(self._folder, error)) from None

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            with self._file, contextlib.suppress(OSError):
                if os.fstat(self._file.fileno()).st_size:
                    return
                self.path.unlink()
        with contextlib.suppress(OSError):
            self._folder.rmdir()
