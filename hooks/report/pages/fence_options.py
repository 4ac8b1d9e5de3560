"""Reads the options of a chart fence from its YAML and reports every mistake with its line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import yaml

from bench.errors import did_you_mean
from bench.text import one_line
from hooks.report.metrics import METRICS
from hooks.report.pages.forms import SCOPE_PARTS
from hooks.report.reading.report import Report

SCOPE = {"gpu" if part == "device" else part: part for part in SCOPE_PARTS}
"""Keys that select a leaderboard, and the field of its scope that each refers to."""

KEYS = ("metric", *SCOPE, "implementations", "baseline", "title")

_NULL = "tag:yaml.org,2002:null"


class Value(NamedTuple):
    """A value as written in the page (1.10 stays 1.10, and yes is not a boolean), and its line."""

    text: str
    line: int


@dataclass(frozen=True)
class FenceOptions:
    """The options of a fence, and the mistakes in them."""

    values: dict[str, list[Value]] = field(default_factory=dict)
    """The values of each option: any number for `implementations`, one for the others."""
    mistakes: list[tuple[str, int]] = field(default_factory=list)
    """A message and its line for each mistake."""

    def text(self, key: str, default: str = "") -> str:
        """The value of a single-valued option, or `default` if the option is left out."""
        return self.values[key][0].text if key in self.values else default

    def texts(self, key: str) -> set[str]:
        """All values of an option; empty if it is left out."""
        return {value.text for value in self.values.get(key, [])}


def read(text: str, line: int) -> FenceOptions:
    """The options in `text`, the content of a fence; the content begins on `line` of the page."""
    options = FenceOptions()
    try:
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.line if error.problem_mark else 0
        options.mistakes.append((f"not valid YAML: {error.problem}", line + at))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        options.mistakes.append((f"not valid YAML: {str(error).splitlines()[0]}", line))
    else:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                _add(options, key, value, line)
        elif node is not None:
            message = "a chart consists of `key: value` lines, such as metric: latency"
            options.mistakes.append((message, line))
    return options


def _add(options: FenceOptions, key: yaml.Node, value: yaml.Node, line: int) -> None:
    name, at = _text(key), line + key.start_mark.line
    several = isinstance(value, yaml.SequenceNode)
    items = value.value if several else [value]
    if name in options.values:
        options.mistakes.append((f"{name} is given twice: keep one", at))
    elif name not in KEYS:
        options.mistakes.append((f"unknown key {name!r}{did_you_mean(name, KEYS)}", at))
    elif several != (name == "implementations") or not all(map(_is_scalar, items)):
        wanted = "a list: [one, another]" if name == "implementations" else "a single value"
        options.mistakes.append((f"{name} must be {wanted}", at))
    elif value.tag != _NULL:  # an empty option counts as left out
        options.values[name] = [Value(_text(item), line + item.start_mark.line) for item in items]


def _is_scalar(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode)


def _text(node: yaml.Node) -> str:
    return one_line(node.value if _is_scalar(node) else yaml.serialize(node))


def unknown(report: Report, options: FenceOptions) -> Iterator[tuple[str, int]]:
    """A message and its line for each name in `options` that the report does not have."""
    known = {
        key: list(dict.fromkeys(one_line(getattr(b.scope, part)) for b in report.leaderboards))
        for key, part in SCOPE.items()
    }
    keys = {line.key for board in report.leaderboards for line in board.lines} | set(report.titles)
    # A fence names a line by its page, or by its page and variant.
    lines = sorted({key.implementation for key in keys} | {key.name for key in keys})
    known |= {"metric": list(METRICS), "implementations": lines, "baseline": lines}
    for key, names in known.items():
        kind = "implementation" if names is lines else key
        for text, line in options.values.get(key, []):
            if text not in names:
                yield f"unknown {kind} {text!r}{did_you_mean(text, names)}", line
