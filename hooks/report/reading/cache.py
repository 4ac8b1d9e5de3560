"""A cache of files that are slow to make, keyed by the content of their inputs."""

import atexit
import contextlib
import functools
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.errors import BenchError, unreadable
from bench.files import files


@functools.cache
def cache_folder(folder: Path) -> Path:
    """`folder`, created if missing; a temporary one for this process if it is not writable.

    A checkout may be read-only or belong to another user.
    """
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK | os.X_OK):
            return folder
    temporary = tempfile.TemporaryDirectory(prefix="attention-bench-")
    atexit.register(temporary.cleanup)
    return Path(temporary.name)


@dataclass(frozen=True)
class Cache:
    """A folder of files, each named by the hash of its inputs; safe to delete at any time."""

    folder: Path

    def get(self, suffix: str, inputs: Iterable[bytes], make: Callable[[], bytes]) -> bytes:
        """The cached result of `make` for these inputs; calls `make` if there is none."""
        return self.path(suffix, inputs, lambda: {suffix: make()}).read_bytes()

    def path(
        self,
        suffix: str,
        inputs: Iterable[bytes],
        make: Callable[[], Mapping[str, bytes | Iterable[bytes]]],
    ) -> Path:
        """Path of the cached file with `suffix` for these inputs; calls `make` if there is none.

        `make` returns the contents of several files by their suffixes. A content may be an
        iterable of parts, which are written one by one.
        """
        name = _hash(inputs)
        wanted = self.folder / (name + suffix)
        if not wanted.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            for ending, content in make().items():
                self._write(self.folder / (name + ending), content)
        else:
            wanted.touch()  # `keep` deletes the least recently used files
        return wanted

    def keep(self, suffix: str, count: int) -> None:
        """Delete all but the `count` most recently used files with this suffix."""
        used: dict[Path, int] = {}
        for path in self.folder.glob(f"*{suffix}"):
            with contextlib.suppress(FileNotFoundError):  # another build has just deleted it
                used[path] = path.stat().st_mtime_ns
        for path in sorted(used, key=used.__getitem__)[: -count or None]:
            path.unlink(missing_ok=True)

    def _write(self, path: Path, content: bytes | Iterable[bytes]) -> None:
        """Write a file in one step, so that a concurrent build never reads half of it.

        Raises:
            BenchError: the file cannot be written; no part of it remains.
        """
        part = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            with part.open("wb") as file:
                file.writelines([content] if isinstance(content, bytes) else content)
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise BenchError(unreadable(path, error)) from None


@functools.cache
def sources() -> bytes:
    """A hash of the project's code: an input for results that many modules compute together.

    It is computed once per process, because a process keeps the modules that it has loaded.
    """
    root = Path(__file__).parents[3]
    paths = [*files(root / "bench", ".py"), *files(root / "hooks", ".py")]
    return _hash(path.read_bytes() for path in paths).encode()


def stamp(path: Path) -> bytes:
    """Size and modification time of the file at `path`, which change when the file does."""
    try:
        status = path.stat()
    except OSError:
        return b""  # reading it later reports the reason
    readable = os.access(path, os.R_OK)
    return f"{status.st_size} {status.st_mtime_ns} {readable}".encode()


def _hash(inputs: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in inputs:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:32]
