"""Reads the planted faults (`tests/planted/*.toml`) and finds the code that each one changes."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

FOLDER = ROOT / "tests" / "planted"

_KEYS = {"in", "breaks", "old", "new"}

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


class FaultError(Exception):
    """A planted fault that cannot be applied; the message has file, line and reason."""


@dataclass(frozen=True)
class Fault:
    """A change to one function, class or assignment that at least one test should notice."""

    where: str
    """File and line of the fault, such as `tests/planted/a.toml:7`."""
    target: str
    """Dotted name of what is changed: module, then class, function or constant."""
    breaks: str
    """What the fault breaks, in a sentence."""
    path: Path
    """The module, relative to the root of the project."""
    name: str
    """The part of `target` within the module."""
    source: str
    """The whole module with the fault in it."""

    @property
    def room(self) -> str:
        """The package under `bench/`, or `bench` for a module directly in it."""
        return self.path.parts[1] if len(self.path.parts) > 2 else "bench"


def read_faults(folder: Path = FOLDER, root: Path = ROOT) -> list[Fault]:
    """Every fault in the TOML files of `folder`, in the order of files and lines.

    Raises:
        FaultError: at least one fault cannot be applied; every problem is a line of the message.
    """
    faults, problems = [], []
    for file in sorted(folder.glob("*.toml")):
        text = file.read_text(encoding="utf-8")
        try:
            tables = tomllib.loads(text).get("fault", [])
        except tomllib.TOMLDecodeError as error:
            problems.append(f"{_shown(file, root)}: {error}")
            continue
        headings = [
            number
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip() == "[[fault]]"
        ]
        for table, line in zip(tables, headings, strict=True):
            where = f"{_shown(file, root)}:{line}"
            try:
                faults.append(_fault(table, where, root))
            except FaultError as error:
                problems.append(f"{where}: {error}")
    if problems:
        raise FaultError("\n".join(problems))
    return faults


def _fault(table: dict[str, str], where: str, root: Path) -> Fault:
    if table.keys() != _KEYS:
        raise FaultError(f"a fault has exactly the keys {', '.join(sorted(_KEYS))}")
    target, old, new = table["in"], table["old"], table["new"]
    path, name = _module(target, root)
    source = (root / path).read_text(encoding="utf-8")
    start, end = _span(source, name, target)
    found = source[start:end].count(old)
    if found != 1:
        raise FaultError(f"`old` occurs {found} times in {target} ({path}), not once")
    changed = source[:start] + source[start:end].replace(old, new) + source[end:]
    if changed == source:
        raise FaultError("`new` is the same as `old`")
    try:
        ast.parse(changed)
    except SyntaxError as error:
        raise FaultError(f"with `new`, {path}:{error.lineno} is no Python: {error.msg}") from None
    return Fault(where, target, table["breaks"], path, name, changed)


def _module(target: str, root: Path) -> tuple[Path, str]:
    """The module that `target` is in, relative to `root`, and the name within the module."""
    words = target.split(".")
    for count in range(len(words) - 1, 0, -1):
        path = Path(*words[:count]).with_suffix(".py")
        if (root / path).is_file():
            return path, ".".join(words[count:])
    raise FaultError(f"{target} is in no module of the project")


def _span(source: str, name: str, target: str) -> tuple[int, int]:
    """Where the definition of `name` begins and ends in `source`, decorators included."""
    node: ast.Module | Definition = ast.parse(source)
    for word in name.split("."):
        found = [child for child in definitions(node) if word in names(child)]
        if len(found) != 1:
            raise FaultError(f"{target} is defined {len(found)} times, not once")
        node = found[0]
    assert not isinstance(node, ast.Module)
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
    lines = source.splitlines(keepends=True)
    return len("".join(lines[: first - 1])), len("".join(lines[: node.end_lineno]))


def definitions(node: ast.AST) -> Iterator[Definition]:
    """What is defined directly in `node`, also under its conditions, loops and blocks."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition):
            yield child
        else:
            yield from definitions(child)


def names(node: Definition) -> list[str]:
    """The names that a definition or an assignment binds."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        parts = (part for target in targets for part in ast.walk(target))
        return [part.id for part in parts if isinstance(part, ast.Name)]
    return [node.name]


def _shown(file: Path, root: Path) -> str:
    return str(file.relative_to(root) if file.is_relative_to(root) else file)
