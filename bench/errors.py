"""The one exception family: a user's mistake, reported in lines that a person can act on.

Code that reads several files collects the problems of each; only the command line and the MkDocs
event report them.
"""

import difflib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Problem:
    """One problem: what is wrong, where, and what to do about it."""

    message: str
    path: Path | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line) if part is not None)
        return f"{place}: {self.message}" if place else self.message


class BenchError(Exception):
    """One or more problems, each of which prints as one line."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(
            problem if isinstance(problem, Problem) else Problem(problem) for problem in problems
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_all(read: Callable[[Item], Value], items: Iterable[Item]) -> tuple[Value, ...]:
    """The value that `read` returns for each item.

    Raises:
        BenchError: with the problems of every item.
    """
    values: list[Value] = []
    problems: list[Problem] = []
    for item in items:
        try:
            values.append(read(item))
        except BenchError as error:
            problems += error.problems
    if problems:
        raise BenchError(*dict.fromkeys(problems))  # two may report the same folder
    return tuple(values)


def unreadable(path: Path, error: OSError) -> Problem:
    """The problem of a file or folder that the system refuses to open, list or write."""
    return Problem(f"the operating system reports: {error.strerror}", path)


def did_you_mean(name: str, known: Collection[str], instead: str = "") -> str:
    """The end of a sentence about an unknown name: the closest known name, then all of them.

    The closest is the only known name that begins with `name` or, failing that, the most similar.
    `instead` replaces the list if there are too many names for a line.
    """
    close = [longer for longer in known if name and longer.startswith(name)]
    if len(close) != 1:
        close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f": did you mean {close[0]!r}?" if close else "."
    return f"{hint} {instead or 'Known: ' + ', '.join(known)}"
