"""Reads the options of a chart fence from its YAML and reports every mistake with its line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bench.errors import Problem, did_you_mean
from bench.text import one_line
from hooks.report.metrics import METRICS
from hooks.report.reading.report import Report

SCOPE = {"gpu": "device", "suite": "suite", "dtype": "dtype", "mask": "mask"}
"""Keys that select a leaderboard, and the field of its scope that each refers to."""

KEYS = ("metric", *SCOPE, "implementations", "baseline", "title")


_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True)
class Option:
    """The value of an option and its line in the page."""

    value: Any
    line: int


@dataclass(frozen=True)
class FenceOptions:
    """The options of a fence, and the mistakes in them."""

    line: int
    values: dict[str, Option] = field(default_factory=dict)
    names: list[Option] = field(default_factory=list)
    """The items of `implementations`."""
    problems: list[tuple[str, int]] = field(default_factory=list)
    """A message and its line for each mistake."""

    def text(self, key: str, default: str = "") -> str:
        """The value of an option as text on one line."""
        return one_line(str(self.values[key].value)) if key in self.values else default


def read(text: str, line: int) -> FenceOptions:
    """The options in `text`, the content of a fence that begins on `line` of its page."""
    options = FenceOptions(line)
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return options  # all defaults
        if not isinstance(node, yaml.MappingNode):
            message = "a chart consists of `key: value` lines, such as metric: latency"
            options.problems.append((message, line))
            return options
        for key, value in node.value:
            _add(options, loader, key, value)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.line if error.problem_mark else 0
        options.problems.append((f"not valid YAML: {error.problem}", line + at))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        options.problems.append((f"not valid YAML: {str(error).splitlines()[0]}", line))
    finally:
        loader.dispose()
    return options


def _add(options: FenceOptions, loader: yaml.SafeLoader, key: yaml.Node, value: yaml.Node) -> None:
    name = str(loader.construct_object(key, deep=True))
    at = options.line + key.start_mark.line
    if name in options.values:
        options.problems.append((f"{name} is given twice: keep one", at))
    elif name not in KEYS:
        options.problems.append((f"unknown key {name!r}{did_you_mean(name, KEYS)}", at))
    elif name == "implementations" and isinstance(value, yaml.SequenceNode):
        options.names.extend(_option(options, loader, item) for item in value.value)
        options.values[name] = Option(len(options.names), at)
    elif isinstance(value, yaml.ScalarNode) and name != "implementations":
        if value.tag != _NULL:  # an empty option counts as left out
            options.values[name] = _option(options, loader, value)
    else:
        wanted = "a list: [one, another]" if name == "implementations" else "a single value"
        options.problems.append((f"{name} must be {wanted}", at))


def _option(options: FenceOptions, loader: yaml.SafeLoader, node: yaml.Node) -> Option:
    """A scalar as written in the page: 1.10 stays 1.10, and yes does not become a boolean."""
    scalar = isinstance(node, yaml.ScalarNode)
    value = node.value if scalar else loader.construct_object(node, deep=True)
    return Option(value, options.line + node.start_mark.line)


def unknown(report: Report, options: FenceOptions) -> Iterator[tuple[str, int]]:
    """A message and its line for each name in `options` that the report does not have."""
    known: dict[str, list[str]] = {
        key: list(dict.fromkeys(one_line(getattr(b.scope, part)) for b in report.leaderboards))
        for key, part in SCOPE.items()
    }
    known["metric"] = list(METRICS)
    for key, names in known.items():
        if key in options.values and (name := options.text(key)) not in names:
            yield f"unknown {key} {name!r}{did_you_mean(name, names)}", options.values[key].line
    pages = _implementations(report)
    for item in [*options.names, *filter(None, [options.values.get("baseline")])]:
        name = one_line(str(item.value))
        if name not in pages:
            yield f"unknown implementation {name!r}{did_you_mean(name, pages)}", item.line


def _implementations(report: Report) -> list[str]:
    """The names that a fence may use: slugs of pages, and variants as `slug.variant`."""
    keys = {line.key for board in report.leaderboards for line in board.lines} | set(report.titles)
    return sorted({key.implementation for key in keys} | {key.name for key in keys})


def problems(options: FenceOptions, path: Path) -> list[Problem]:
    """The mistakes in `options`, as problems of the page at `path`."""
    return [Problem(f"chart: {message}", path, line) for message, line in options.problems]
