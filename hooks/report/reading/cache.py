"""What is slow to make, kept by the content it was made from."""

import atexit
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
    """`folder`, made where it is missing; where that cannot be written, one for this process alone.

    A checkout may be read-only, or another user's.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return _passing()
    return folder if os.access(folder, os.W_OK | os.X_OK) else _passing()


def _passing() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="attention-bench-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


@dataclass(frozen=True)
class Cache:
    """A folder of files, each called by the hash of its inputs; safe to delete at any time."""

    folder: Path

    def get(self, suffix: str, inputs: Iterable[bytes], make: Callable[[], bytes]) -> bytes:
        """What `make` returned the last time the inputs were these, or returns now."""
        return self.path(suffix, inputs, lambda: {suffix: make()}).read_bytes()

    def path(
        self,
        suffix: str,
        inputs: Iterable[bytes],
        make: Callable[[], Mapping[str, bytes | Iterable[bytes]]],
    ) -> Path:
        """Where one of the contents that `make` gives by their suffixes lies; makes them all.

        A content may come in parts, which are not held together.
        """
        name = _hash(inputs)
        wanted = self.folder / (name + suffix)
        if not wanted.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            for each, content in make().items():
                self._write(self.folder / (name + each), content)
        else:
            wanted.touch()  # `keep` deletes first what was not asked for the longest
        return wanted

    def keep(self, suffix: str, count: int) -> None:
        """Delete all but the `count` contents with this suffix that were asked for last."""
        found = [*self.folder.glob(f"*{suffix}")]
        for path in sorted(found, key=lambda path: path.stat().st_mtime_ns)[: -count or None]:
            path.unlink(missing_ok=True)

    def _write(self, path: Path, content: bytes | Iterable[bytes]) -> None:
        """In one step, so that a build beside this one never reads half a file.

        Raises:
            BenchError: the system refuses it; nothing is left of it.
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
    """A hash of the code that runs, an input of what follows from many of its modules.

    Once in a process, which goes on with the modules that it has loaded.
    """
    root = Path(__file__).parents[3]
    paths = [*files(root / "bench", ".py"), *files(root / "hooks", ".py")]
    return _hash(path.read_bytes() for path in paths).encode()


def stamp(path: Path) -> bytes:
    """What changes when the file at `path` does, without reading it: its size and its time."""
    try:
        found = path.stat()
    except OSError:
        return b""  # who reads it says why it cannot be read
    readable = os.access(path, os.R_OK)
    return f"{found.st_size} {found.st_mtime_ns} {readable}".encode()


def _hash(inputs: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in inputs:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:32]
