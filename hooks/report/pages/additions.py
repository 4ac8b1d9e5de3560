"""Additions to a page that a person wrote, and the places where they go."""

import re
from collections.abc import Mapping

import msgspec

from bench.errors import BenchError, did_you_mean

_PLACEHOLDER = re.compile(r'<div data-report="([^"]*)"></div>')
_LINK = re.compile(r'\b(href|src)="~/')


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The additions to one page."""

    about: str = ""
    """HTML under its title."""
    appended: str = ""
    """Markdown after the author's words: headings for the contents, placeholders for the rest."""
    placed: dict[str, str] = {}
    """HTML for the placeholders, by their names."""


def placeholder(name: str) -> str:
    """Where HTML goes: put in once the page is rendered, so that no table is parsed twice."""
    return f'<div data-report="{name}"></div>'


def fill(text: str, parts: Mapping[str, str], base: str) -> str:
    """`text` with each placeholder's HTML, for a page from which `base` leads to the site's root.

    Raises:
        BenchError: a placeholder has a name that no part has.
    """

    def part(match: re.Match[str]) -> str:
        if match[1] not in parts:
            raise BenchError(f"no part is called {match[1]!r}{did_you_mean(match[1], parts)}")
        return _LINK.sub(rf'\1="{base}', parts[match[1]])

    return _PLACEHOLDER.sub(part, text)
