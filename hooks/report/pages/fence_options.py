"""What a chart fence asks for, read from its YAML; every mistake is told with its line."""

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
"""Keys that say which results, and what the report calls each."""

KEYS = ("metric", *SCOPE, "implementations", "baseline", "title")


_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True)
class Value:
    """A value and its line in the page."""

    value: Any
    line: int


@dataclass(frozen=True)
class Asked:
    """The keys of a fence, and what is wrong with them: a message and its line each."""

    line: int
    values: dict[str, Value] = field(default_factory=dict)
    names: list[Value] = field(default_factory=list)
    """The items of `implementations`."""
    problems: list[tuple[str, int]] = field(default_factory=list)

    def text(self, key: str, usual: str = "") -> str:
        """The value of a key as text on one line."""
        return one_line(str(self.values[key].value)) if key in self.values else usual


def read(text: str, line: int) -> Asked:
    """The fence of `text`, which begins on `line` of its page."""
    asked = Asked(line)
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return asked  # everything as usual
        if not isinstance(node, yaml.MappingNode):
            asked.problems.append(("a chart is `key: value` lines, such as metric: latency", line))
            return asked
        for key, value in node.value:
            _take(asked, loader, key, value)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.line if error.problem_mark else 0
        asked.problems.append((f"is no YAML: {error.problem}", line + at))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        asked.problems.append((f"is no YAML: {str(error).splitlines()[0]}", line))
    finally:
        loader.dispose()
    return asked


def _take(asked: Asked, loader: yaml.SafeLoader, key: yaml.Node, value: yaml.Node) -> None:
    name = str(loader.construct_object(key, deep=True))
    at = asked.line + key.start_mark.line
    if name in asked.values:
        asked.problems.append((f"{name} is there twice: keep one", at))
    elif name not in KEYS:
        asked.problems.append((f"unknown key {name!r}{did_you_mean(name, KEYS)}", at))
    elif name == "implementations" and isinstance(value, yaml.SequenceNode):
        asked.names.extend(_value(asked, loader, item) for item in value.value)
        asked.values[name] = Value(len(asked.names), at)
    elif isinstance(value, yaml.ScalarNode) and name != "implementations":
        if value.tag != _NULL:  # as if it was left out
            asked.values[name] = _value(asked, loader, value)
    else:
        wanted = "a list: [one, another]" if name == "implementations" else "one word or text"
        asked.problems.append((f"{name} is {wanted}", at))


def _value(asked: Asked, loader: yaml.SafeLoader, node: yaml.Node) -> Value:
    """Text as it is written: 1.10 stays 1.10, and yes is no truth."""
    scalar = isinstance(node, yaml.ScalarNode)
    value = node.value if scalar else loader.construct_object(node, deep=True)
    return Value(value, asked.line + node.start_mark.line)


def unknown(report: Report, asked: Asked) -> Iterator[tuple[str, int]]:
    """Every name in `asked` that the report does not know."""
    known: dict[str, list[str]] = {
        key: list(dict.fromkeys(one_line(getattr(b.scope, part)) for b in report.leaderboards))
        for key, part in SCOPE.items()
    }
    known["metric"] = list(METRICS)
    for key, names in known.items():
        if key in asked.values and (name := asked.text(key)) not in names:
            yield f"unknown {key} {name!r}{did_you_mean(name, names)}", asked.values[key].line
    pages = _implementations(report)
    named = [*asked.names, *filter(None, [asked.values.get("baseline")])]
    for item in named:
        name = one_line(str(item.value))
        if name not in pages:
            yield f"unknown implementation {name!r}{did_you_mean(name, pages)}", item.line


def _implementations(report: Report) -> list[str]:
    """Pages by their slugs, and where one has variants each of these as `slug.variant`."""
    keys = {line.key for board in report.leaderboards for line in board.lines} | set(report.titles)
    return sorted({key.implementation for key in keys} | {key.name for key in keys})


def problems(asked: Asked, path: Path) -> list[Problem]:
    """What is wrong, for a page at `path`."""
    return [Problem(f"chart: {message}", path, line) for message, line in asked.problems]
