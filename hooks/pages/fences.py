"""Finds the fences in a page that ask for a chart; what they ask for is in asked.py."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hooks.pages.parts import placeholder

_FENCE = re.compile(r"(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`]*?)[ \t]*")


@dataclass(frozen=True)
class Fence:
    """A fence marked `chart`: its first and last line, counted from 0, and what is between."""

    first: int
    last: int | None
    """None where it never ends."""
    text: str

    @property
    def line(self) -> int:
        """The line on which the text begins, from 1."""
        return self.first + 2


def chart_fences(markdown: str) -> Iterator[Fence]:
    """Those that stand by themselves: within another fence they are an example of one."""
    lines = markdown.split("\n")
    marks, info, first = "", "", 0
    for number, line in enumerate(lines):
        match = _FENCE.fullmatch(line)
        if not marks and match:
            marks, info, first = match["marks"], match["info"], number
        elif marks and match and (match["marks"], match["info"]) == (marks, ""):
            if info == "chart":
                yield Fence(first, number, "\n".join(lines[first + 1 : number]))
            marks = ""
    if marks and info == "chart":
        yield Fence(first, None, "\n".join(lines[first + 1 :]))


def with_placeholders(markdown: str) -> str:
    """The page with a placeholder in the place of each chart."""
    if "chart" not in markdown:  # nearly every page of a large site
        return markdown
    lines = markdown.split("\n")
    for number, fence in reversed([*enumerate(chart_fences(markdown))]):
        if fence.last is not None:
            lines[fence.first : fence.last + 1] = ["", placeholder(chart_name(number)), ""]
    return "\n".join(lines)


def chart_name(number: int) -> str:
    """What the placeholder of a page's chart is called, counted from 0."""
    return f"chart-{number}"
