"""Lists the files of a project, reads them as text, and writes them whole or not at all."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from bench.errors import BenchError, Problem, unreadable
from bench.project import Project


def files(folder: Path, *suffixes: str) -> list[Path]:
    """Every path under `folder` whose name ends with one of `suffixes`, sorted.

    Links to folders are followed, as in MkDocs. Names that begin with a dot, at any level, are left
    out: they belong to an editor or the system. A path with a matching name is listed even if it is
    not a regular file; whoever reads it reports why it cannot be read.

    Raises:
        BenchError: a folder cannot be listed.
    """
    return sorted(_under(folder, suffixes, ())) if os.path.lexists(folder) else []


def _under(folder: Path, suffixes: tuple[str, ...], above: tuple[Path, ...]) -> Iterator[Path]:
    try:
        here = folder.resolve(strict=True)
        if here in above:  # a link back to a folder that contains it
            return
        visible = [path for path in folder.iterdir() if not path.name.startswith(".")]
        folders = [p for p in visible if not p.name.endswith(suffixes) and p.is_dir()]
    except OSError as error:
        raise BenchError(unreadable(folder, error)) from None
    yield from (path for path in visible if path.name.endswith(suffixes))
    for path in folders:
        yield from _under(path, suffixes, (*above, here))


def read_text(path: Path, project: Project) -> str:
    """The text of a file that a person wrote, with every line end turned into one line feed.

    Raises:
        BenchError: the file cannot be read, or is not UTF-8.
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
    """Append `content` to `file`, a descriptor, and wait until it is on disk.

    If the disk is nearly full or a limit nearly reached, a single write may store only a part of
    `content`. If anything goes wrong, the file is cut back to its old end.

    Raises:
        OSError: the system refuses to write it.
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
    """Write `content` to the file at `path`; make the folder if there is none.

    Errors call the file `shown`, which is `path` by default.

    Raises:
        BenchError: the system refuses to write it, or the file must be `new` and exists already. A
            file that exists is left unchanged.
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
