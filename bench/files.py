"""The files of a project: listed, read as text and written whole, the same way everywhere."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from bench.errors import BenchError, Problem, unreadable
from bench.project import Project


def files(folder: Path, *suffixes: str) -> list[Path]:
    """Everything under `folder` whose name ends with one of `suffixes`, sorted.

    Links to folders are followed, as MkDocs does. A name that begins with a dot, at any level, is
    an editor's or the system's. What is called like a file is listed whatever it is: who reads it
    says why it cannot be read.

    Raises:
        BenchError: a folder cannot be listed.
    """
    return sorted(_under(folder, suffixes, ())) if os.path.lexists(folder) else []


def _under(folder: Path, suffixes: tuple[str, ...], above: tuple[Path, ...]) -> Iterator[Path]:
    try:
        here = folder.resolve(strict=True)
        if here in above:  # a link back to a folder that it is in
            return
        visible = [path for path in folder.iterdir() if not path.name.startswith(".")]
        folders = [p for p in visible if not p.name.endswith(suffixes) and p.is_dir()]
    except OSError as error:
        raise BenchError(unreadable(folder, error)) from None
    yield from (path for path in visible if path.name.endswith(suffixes))
    for path in folders:
        yield from _under(path, suffixes, (*above, here))


def read_text(path: Path, project: Project) -> str:
    """The text of a file that a person wrote; each line ends with a line feed alone.

    Raises:
        BenchError: it cannot be read, or is not UTF-8.
    """
    shown = project.relative(path)
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise BenchError(unreadable(shown, error)) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"is not UTF-8 ({error.reason}): save it as UTF-8"
        raise BenchError(Problem(message, shown, line)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def append(file: int, content: bytes) -> None:
    """Write `content` to the end of `file`, a descriptor, and wait until it is on disk.

    One write takes only a part where a disk or a limit is nearly reached. Whatever goes wrong, the
    file then ends where it ended before.

    Raises:
        OSError: the system refuses it.
    """
    end = os.lseek(file, 0, os.SEEK_END)
    left = memoryview(content)
    try:
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    except BaseException:
        with contextlib.suppress(OSError):
            os.ftruncate(file, end)
        raise


def write(path: Path, content: bytes, *, new: bool = False, shown: Path | None = None) -> None:
    """Make `content` the file at `path`, and its folder where there is none.

    Errors name the file as `shown`, `path` unless another name is given.

    Raises:
        BenchError: the system refuses it, or it has to be `new` and is not; a file that was there
            has not changed.
    """
    target = path if new else path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb" if new else "wb", buffering=0) as file:
            try:
                append(file.fileno(), content)
                target.replace(path)
            except BaseException:
                target.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise BenchError(unreadable(shown or path, error)) from None
