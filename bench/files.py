"""The files of a project, listed and read as text: the same way everywhere."""

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
