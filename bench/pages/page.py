"""Reads one page: its front matter and its fences, each with the line it stands on."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.errors import BenchError, Problem, unreadable

_FENCE = re.compile(r"^(?P<marks>`{3,}|~{3,})\s*(?P<info>[^`]*)$")


@dataclass(frozen=True)
class Fence:
    """A block of code marked `{.python .bench}`."""

    line: int
    """Line of the page on which the code (not the fence) begins, from 1."""
    code: str
    id: str | None
    title: str | None


@dataclass(frozen=True)
class Page:
    """A page as written, before anything is checked but its form."""

    path: Path
    front_matter: dict[str, Any]
    fences: tuple[Fence, ...]


def read_page(path: Path) -> Page:
    """Read the page at `path`.

    Raises:
        BenchError: it cannot be read, is not UTF-8, its front matter is no YAML mapping, a fence
            never ends or its attributes cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BenchError(unreadable(path, error)) from None
    except UnicodeDecodeError as error:
        raise _error(path, None, f"is not UTF-8 ({error.reason}): save it as UTF-8") from None
    lines = text.split("\n")  # read_text has made every line end one; no other ends a line
    return Page(path, _front_matter(path, lines), tuple(_fences(path, lines)))


def _front_matter(path: Path, lines: list[str]) -> dict[str, Any]:
    import yaml  # 5 % of what a worker imports, and none reads a page

    # The safe loader in C, where PyYAML has it, takes a tenth of the time.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if not lines or lines[0].rstrip() != "---" or end is None:
        raise _error(path, 1, "has no front matter: begin with ---, `title: …`, and --- again")
    try:
        # The blank first line stands for the ---, so that YAML counts lines as the page does.
        values = yaml.load("\n".join(["", *lines[1:end]]), Loader=loader)  # noqa: S506 is safe
    except yaml.MarkedYAMLError as error:
        line = min(error.problem_mark.line + 1, end) if error.problem_mark else 1
        raise _error(path, line, f"front matter is no YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # such as the date 2024-99-99
        reason = str(error).splitlines()[0]
        raise _error(path, 1, f"front matter is no YAML: {reason}") from None
    if not isinstance(values, dict):
        raise _error(path, 1, "front matter must be `key: value` lines")
    return values


def _fences(path: Path, lines: list[str]) -> list[Fence]:
    found: list[Fence] = []
    marks, info, start = "", "", 0
    for number, line in enumerate(lines, 1):
        match = _FENCE.match(line)
        if not marks and match:
            marks, info, start = match["marks"], match["info"].strip(), number
        elif marks and match and match["marks"].startswith(marks) and not match["info"]:
            if fence := _fence(path, info, start, lines[start : number - 1]):
                found.append(fence)
            marks = ""
    if marks:
        raise _error(path, start, f"this fence never ends: close it with {marks}")
    return found


def _fence(path: Path, info: str, line: int, code: list[str]) -> Fence | None:
    if not (info.startswith("{") and info.endswith("}")):
        return None
    try:
        words = shlex.split(info[1:-1])
    except ValueError as error:
        raise _error(path, line, f"fence attributes cannot be read: {error}") from None
    if ".bench" not in words:
        return None
    if ".python" not in words:
        raise _error(path, line, "a .bench fence holds Python: mark it {.python .bench}")
    options = dict(word.split("=", 1) for word in words if "=" in word)
    return Fence(
        line=line + 1,
        code="\n".join(code) + "\n",
        id=next((word[1:] for word in words if word.startswith("#")), None),
        title=options.get("title"),
    )


def _error(path: Path, line: int | None, message: str) -> BenchError:
    return BenchError(Problem(message, path, line))
