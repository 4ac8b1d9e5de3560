"""Reads one page: its front matter, and its fences with their lines."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bench.errors import BenchError, Problem, did_you_mean
from bench.files import files, read_text
from bench.pages import markdown
from bench.project import Project


class ThemeKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys that any page's front matter may have and only the site's theme uses."""

    tags: tuple[str, ...] = ()
    hide: Any = None
    icon: Any = None
    search: Any = None
    status: Any = None
    subtitle: Any = None
    template: Any = None


Keys = TypeVar("Keys", bound=ThemeKeys)

_KEY = re.compile(r"\$\.(\w+)")
"""A key of the front matter, as msgspec names it in a message."""


@dataclass(frozen=True)
class Fence:
    """A block of code marked `{.python .bench}`, as readers of the page see it."""

    line: int
    """Line of the page on which the code (not the fence) begins, from 1."""
    code: str
    id: str | None
    title: str | None


@dataclass(frozen=True)
class Page:
    """A page as written; only its form has been checked."""

    path: Path
    """Path of the page, relative to the root of the project."""
    front_matter: dict[str, Any]
    key_lines: dict[str, int]
    """The line of each key of the front matter, but not of those merged from elsewhere."""
    fences: tuple[Fence, ...]

    def about(self, kind: type[Keys]) -> Keys:
        """The front matter, with the keys of `kind`.

        Raises:
            BenchError: a key is unknown, missing or has a wrong value; with the line of the key.
        """
        for key in map(str, self.front_matter):
            if key not in kind.__struct_fields__:
                hint = did_you_mean(key, kind.__struct_fields__)
                raise self._error(key, f"has no key {key!r}{hint}")
        try:
            return msgspec.convert(self.front_matter, kind)
        except msgspec.ValidationError as error:
            named = _KEY.search(str(error))
            raise self._error(named[1] if named else "", str(error)) from None

    def _error(self, key: str, message: str) -> BenchError:
        return _error(self.path, self.key_lines.get(key, 1), f"front matter: {message}")


def page_files(folder: Path) -> list[Path]:
    """The pages in `folder`, without its index and without drafts in folders below it.

    Raises:
        BenchError: a folder cannot be listed.
    """
    return [path for path in files(folder, ".md") if path.stem != "index" and path.parent == folder]


def read_page(path: Path, project: Project) -> Page:
    """Read the page at `path`.

    Raises:
        BenchError: the page cannot be read or is not UTF-8, its front matter is not a YAML mapping,
            a fence never ends, or the attributes of a fence cannot be read.
    """
    text = read_text(path, project)
    path = project.relative(path)
    front_matter, body = markdown.split_front_matter(text)
    values, key_lines = _front_matter(path, front_matter)
    problems = [
        Problem(message, path, line)
        for line, message in markdown.seen_as_text(body, project, _asks_for_bench)
    ]
    if problems:
        raise BenchError(*problems)
    lines = text.split("\n")
    marked = (f for f in markdown.fences(body, project) if f.shown and "bench" in f.words)
    return Page(path, values, key_lines, tuple(_fence(path, f, lines[f.first - 1]) for f in marked))


def item_lines(path: Path, project: Project, key: str) -> list[int]:
    """The line of each item of the list `key` in the front matter of the page at `path`.

    The page must be readable and have such a list. There are no lines for a list merged from
    elsewhere.
    """
    import yaml

    front_matter, _ = markdown.split_front_matter(read_text(path, project))
    root: Any = yaml.compose(f"\n{front_matter}", Loader=yaml.SafeLoader)
    lists = [value.value for name, value in root.value if name.value == key]  # the last counts
    return [item.start_mark.line + 1 for item in (lists or [[]])[-1]]


def _asks_for_bench(info: str) -> bool:
    return re.search(r"\.bench(?![\w-])", info) is not None


def _given_twice(root: Any) -> Any | None:
    """The node of a key that a mapping in the YAML node `root` has twice; None if there is none."""
    nodes, seen = [root] if root else [], set()
    while nodes:
        node = nodes.pop()
        if id(node) in seen:  # an alias leads to a node again
            continue
        seen.add(id(node))
        if node.id == "sequence":
            nodes += node.value
        elif node.id == "mapping":
            nodes += [value for _, value in node.value]
            keys = [key for key, _ in node.value if key.id == "scalar"]
            names = [key.value for key in keys]
            for place, key in enumerate(keys):
                if key.value in names[:place]:
                    return key
    return None


def _front_matter(path: Path, text: str | None) -> tuple[dict[str, Any], dict[str, int]]:
    """The values of the front matter, and the lines of its keys."""
    import yaml  # here, because it is 5 % of a worker's imports, and no worker reads a page

    # PyYAML's safe loader in C, if it was built, takes a tenth of the time.
    kind = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    if text is None:
        raise _error(path, 1, "has no front matter: begin with ---, `title: …`, and --- again")
    try:
        # The blank first line stands for the ---, so that YAML counts lines as the page does.
        loader = kind(f"\n{text}")
        root: Any = loader.get_single_node()
        if key := _given_twice(root):
            problem = f"{key.value} is given twice"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
        values = loader.construct_document(root) if root else None
    except yaml.MarkedYAMLError as error:
        line = min(error.problem_mark.line, text.count("\n")) + 1 if error.problem_mark else 1
        raise _error(path, line, f"front matter is not valid YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # such as the date 2024-99-99
        reason = str(error).splitlines()[0]
        raise _error(path, 1, f"front matter is not valid YAML: {reason}") from None
    if not isinstance(values, dict):
        raise _error(path, 1, "front matter must consist of `key: value` lines")
    return values, {str(key.value): key.start_mark.line + 1 for key, _ in root.value}


def _fence(path: Path, fence: markdown.Fence, opening: str) -> Fence:
    try:
        shlex.split(opening)
    except ValueError as error:
        message = f"fence attributes cannot be read: {error}"
        raise _error(path, fence.first, message) from None
    if "python" not in fence.words:
        message = "a .bench fence holds Python: mark it {.python .bench}"
        raise _error(path, fence.first, message)
    return Fence(fence.first + 1, f"{fence.text}\n", fence.id, fence.title)


def _error(path: Path, line: int | None, message: str) -> BenchError:
    return BenchError(Problem(message, path, line))
