"""The contract of a page's code: which fences a page has, and which functions each one defines."""

import ast
import copy
import re
import warnings
from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches

from bench.errors import Problem, did_you_mean
from bench.operations.discovery import OPERATIONS
from bench.pages.page import Fence, Page

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_-]*")

_HOOKS = {name: f"def {name}(workload)" for name in ("prepare", "plan")}
"""Signatures of the functions that a fence may define besides operations."""


def contract_problems(page: Page) -> list[Problem]:
    """Every way in which the fences of `page` break the contract; the code is not run."""
    return [*_fence_problems(page), *(p for f in page.fences for p in _code_problems(page, f))]


def _fence_problems(page: Page) -> list[Problem]:
    if not page.fences:
        return [Problem("has no code to measure: add a fence ```{.python .bench}", page.path)]
    several = len(page.fences) > 1
    ids = Counter(fence.id for fence in page.fences)
    titles = Counter(fence.title for fence in page.fences)
    problems = []
    for fence in page.fences:
        line = fence.line - 1
        if several and not (fence.id and fence.title):
            message = 'one of several fences: give it a name, {.python .bench #id title="…"}'
            problems.append(Problem(message, page.path, line))
        elif fence.id and not _IDENTIFIER.fullmatch(fence.id):
            message = f"#{fence.id}: write an id in lower-case letters, digits, - and _"
            problems.append(Problem(message, page.path, line))
        elif fence.id and ids[fence.id] > 1:
            message = f"#{fence.id} occurs {ids[fence.id]} times: give each fence its own id"
            problems.append(Problem(message, page.path, line))
        elif fence.title and titles[fence.title] > 1:
            count = titles[fence.title]
            message = f"{count} fences are titled {fence.title!r}: give each its own title"
            problems.append(Problem(message, page.path, line))
    return problems


def _code_problems(page: Page, fence: Fence) -> list[Problem]:
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            tree = ast.parse(fence.code)
            compile(tree, str(page.path), "exec", dont_inherit=True)
    except SyntaxError as error:
        line = fence.line + (error.lineno or 1) - 1
        return [Problem(f"is not valid Python: {error.msg}", page.path, line)]
    for warning in caught:  # issue it again, with the line of the page
        line = fence.line + warning.lineno - 1
        warnings.warn_explicit(str(warning.message), warning.category, str(page.path), line)
    functions = _functions(tree)
    signatures = {operation.name: operation.signature for operation in OPERATIONS.values()}
    options = {operation.name: operation.options for operation in OPERATIONS.values()}
    problems = []
    if not signatures.keys() & functions.keys():
        write = f"Write {_either(signatures.values())}"
        names = [name for name in functions if get_close_matches(name, signatures)]
        hint = did_you_mean(names[0], signatures, write) if names else f". {write}"
        line = fence.line + functions[names[0]].lineno - 1 if names else fence.line
        problems.append(Problem(f"this fence defines no operation{hint}", page.path, line))
    for name, expected in (signatures | _HOOKS).items():
        if name not in functions:
            continue
        function, optional = functions[name], options.get(name, ())
        if _signature(function, without=_options(function, optional)) != expected:
            line = fence.line + function.lineno - 1
            hint = (
                f", perhaps with `{'=None, '.join(optional)}=None` at the end" if optional else ""
            )
            message = f"found `{_signature(function)}`: write `{expected}`{hint}"
            problems.append(Problem(message, page.path, line))
    return problems


def functions_of(code: str) -> dict[str, tuple[str, ...]]:
    """The operations that valid code implements, each with the options that its function takes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # `contract_problems` has issued them
        functions = _functions(ast.parse(code))
    return {
        name: _options(functions[name], operation.options)
        for name, operation in OPERATIONS.items()
        if name in functions
    }


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _either(signatures: Iterable[str]) -> str:
    return " or ".join(f"`{signature}`" for signature in signatures)


def _options(function: ast.FunctionDef, optional: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the `optional` arguments that the function takes, with the default None."""
    arguments = function.args
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    taken = {a.arg for a, value in pairs if isinstance(value, ast.Constant) and value.value is None}
    return tuple(name for name in optional if name in taken)


def _signature(function: ast.FunctionDef, without: tuple[str, ...] = ()) -> str:
    """The function's signature without annotations, which are the author's choice."""
    arguments = copy.deepcopy(function.args)
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        argument.annotation = None
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    kept = [(argument, value) for argument, value in pairs if argument.arg not in without]
    arguments.kwonlyargs = [argument for argument, _ in kept]
    arguments.kw_defaults = [value for _, value in kept]
    return f"def {function.name}({ast.unparse(arguments)})"
