"""Which tests reach which functions: measured once, then kept in `.cache/mutants/reach/`.

In a copy of the checkout each function of `bench/` and `hooks/` first notes that it was called, in
a file that every process maps into memory: one row for each test, one byte for each function.
"""

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from faults import ROOT, Definition, Fault, definitions, names
from tree import CACHE, copy_tree

_TESTS = 4096
"""More than any file has tests."""

_REACHED = '''\
"""Notes which functions each test reaches; see tests/planted/reach.py."""

import mmap

_COUNT = {count}

with open({file!r}, "r+b") as file:
    _MAP = mmap.mmap(file.fileno(), 0)
_TEST = memoryview(_MAP)[:4].cast("I")


def begin(test: int) -> None:
    _TEST[0] = test


def reached(function: int) -> None:
    _MAP[4 + _TEST[0] * _COUNT + function] = 1


def functions(test: int) -> list[int]:
    row = _MAP[4 + test * _COUNT : 4 + (test + 1) * _COUNT]
    return [function for function, byte in enumerate(row) if byte]
'''


@dataclass(frozen=True)
class Test:
    """A test that passes where no fault is planted."""

    id: str
    seconds: float
    functions: frozenset[str]
    """What it reaches, such as `bench/text.py:one_line`."""

    @property
    def file(self) -> str:
        """The file of the test."""
        return self.id.partition("::")[0]


@dataclass(frozen=True)
class Reaching:
    """What the tests of a file reach; `failed` are those that fail without a fault."""

    tests: tuple[Test, ...]
    failed: tuple[str, ...]


def instrument(tree: Path) -> list[str]:
    """Make each function of `tree` note that it was called; returns the functions' names."""
    functions: list[str] = []
    for path in _modules(tree):
        source = path.read_text(encoding="utf-8")
        module = ast.parse(source)
        lines = source.splitlines(keepends=True)
        added = {_first(module.body)[0]: "from bench._reached import reached as _planted_reached\n"}
        for name, node in _functions(module):
            first, indent = _first(node.body)
            if first and not lines[first - 1][:indent].strip():
                added[first] = f"{' ' * indent}_planted_reached({len(functions)})\n"
                functions.append(f"{path.relative_to(tree)}:{name}")
        changed = (added.get(number, "") + line for number, line in enumerate(lines, 1))
        path.write_text("".join(changed), encoding="utf-8")
    reached = tree / "reached.map"
    text = _REACHED.format(count=len(functions), file=str(reached))
    (tree / "bench" / "_reached.py").write_text(text, encoding="utf-8")
    return functions


def _modules(tree: Path) -> list[Path]:
    return sorted([*tree.glob("bench/**/*.py"), *tree.glob("hooks/**/*.py")])


def _functions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Each function in `node` with its name: `Class.method`, `outer.inner`."""
    for child in definitions(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            name = f"{prefix}{child.name}"
            if isinstance(child, ast.FunctionDef):
                yield name, child
            yield from _functions(child, f"{name}.")


def _first(body: Sequence[ast.stmt]) -> tuple[int, int]:
    """Line and column of the first statement that is neither a docstring nor from `__future__`."""
    for node in body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not docstring and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            lines = [node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))]
            return min(lines), node.col_offset
    return 0, 0


def reaching(test_file: Path, tree: Callable[[], Path]) -> Reaching:
    """What the tests of a file reach: from the cache, or measured in the instrumented `tree()`."""
    kept = CACHE / "reach" / f"{test_file.stem}-{_key(test_file)}.json"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob(f"{test_file.stem}-*.json"):
            old.unlink()
        _measure(test_file, tree(), kept)
    found = json.loads(kept.read_text(encoding="utf-8"))
    tests = tuple(
        Test(one["test"], one["seconds"], frozenset(one["functions"]))
        for one in found
        if not one["failed"]
    )
    return Reaching(tests, tuple(one["test"] for one in found if one["failed"]))


def _key(test_file: Path) -> str:
    """A hash of the test file and of all code that it may use."""
    helpers = [path for path in ROOT.glob("tests/*.py") if not path.stem.startswith("test_")]
    used = [*_modules(ROOT), *sorted(helpers), ROOT / "pyproject.toml", test_file]
    digest = hashlib.sha256()
    for path in used:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _measure(test_file: Path, tree: Path, kept: Path) -> None:
    functions = json.loads((tree / "functions.json").read_text(encoding="utf-8"))
    with (tree / "reached.map").open("wb") as file:
        file.truncate(4 + (_TESTS + 1) * len(functions))
    answer = tree / "answer.json"
    answer.unlink(missing_ok=True)
    words = [str(test_file.relative_to(ROOT)), "-m", "not browser", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, "-p", "tests.planted.recorder"],
        cwd=tree,
        env=os.environ | {"REACHED": str(answer)},
        capture_output=True,
        text=True,
        check=False,
    )
    if not answer.is_file():
        raise RuntimeError(f"{test_file.name} cannot be run:\n{done.stdout}{done.stderr}")
    found = json.loads(answer.read_text(encoding="utf-8"))
    for one in found:
        one["functions"] = [functions[number] for number in one["functions"]]
    kept.write_text(json.dumps(found), encoding="utf-8")


def instrumented(target: Path) -> Path:
    """A copy of the checkout in which every function notes that it was called."""
    tree = copy_tree(target)
    (tree / "functions.json").write_text(json.dumps(instrument(tree)), encoding="utf-8")
    return tree


def noticing(fault: Fault, tests: Sequence[Test]) -> list[Test]:
    """The tests that reach what the fault changes.

    Those that call a function in it; where there is none, as in a constant, or where no test calls
    it, those that call a function which mentions it by name, directly or through other constants,
    and all of a file that mentions it.
    """
    own = f"{fault.path}:{fault.name}"
    found = [test for test in tests if any(_within(name, own) for name in test.functions)]
    if found:
        return found
    name = fault.name.rpartition(".")[2]
    users = _users(name)
    return [test for test in tests if users & test.functions or _mentions_name(test.file, name)]


@cache
def _mentions_name(file: str, name: str) -> bool:
    return bool(re.search(rf"\b{name}\b", (ROOT / file).read_text(encoding="utf-8")))


def _within(name: str, own: str) -> bool:
    return name == own or name.startswith(f"{own}.")


@cache
def _users(name: str) -> frozenset[str]:
    """The functions of the checkout that mention `name`, also through constants and classes."""
    wanted, users = {name}, set[str]()
    mentions = list(_mentions())
    while True:
        before = len(wanted)
        for defined, function, mentioned in mentions:
            if not wanted & mentioned:
                continue
            if function:
                users.add(function)
            else:
                wanted.update(defined)
        if len(wanted) == before:
            return frozenset(users)


@cache
def _mentions() -> tuple[tuple[tuple[str, ...], str, frozenset[str]], ...]:
    """Each definition's names, its function (if it is one), and the names that it mentions."""
    found: list[tuple[tuple[str, ...], str, frozenset[str]]] = []
    for path in _modules(ROOT):
        module = ast.parse(path.read_text(encoding="utf-8"))
        found += [
            ((), f"{path.relative_to(ROOT)}:{name}", _mentioned(node))
            for name, node in _functions(module)
        ]
        found += [(tuple(defined), "", mentioned) for defined, mentioned in _constants(module)]
    return tuple(found)


def _constants(module: ast.Module) -> Iterator[tuple[list[str], frozenset[str]]]:
    """Each module's assignment and class, with the names that it mentions outside functions."""
    for node in definitions(module):
        if isinstance(node, ast.ClassDef):
            parts: list[Definition | ast.expr] = [
                *node.bases,
                *(part for part in definitions(node) if not isinstance(part, ast.FunctionDef)),
            ]
            yield [node.name], frozenset().union(*map(_mentioned, parts))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield names(node), _mentioned(node)


def _mentioned(node: ast.AST) -> frozenset[str]:
    parts = list(ast.walk(node))
    return frozenset(
        [part.id for part in parts if isinstance(part, ast.Name)]
        + [part.attr for part in parts if isinstance(part, ast.Attribute)]
    )
