"""Additions to the pages that people wrote, and placeholders for them."""

import re
from collections.abc import Mapping

import msgspec

from bench.errors import BenchError, did_you_mean

_PLACEHOLDER = re.compile(r'<div data-report="([^"]*)"></div>')
_LINK = re.compile(r'\b(href|src)="~/')


class Additions(msgspec.Struct, frozen=True, kw_only=True):
    """The additions to one page."""

    about: str = ""
    """HTML under the title of the page."""
    appended: str = ""
    """Markdown after the author's text: headings, and placeholders for everything else."""
    placed: dict[str, str] = {}
    """HTML for placeholders, by their names."""


def placeholder(name: str) -> str:
    """A placeholder for HTML, which is inserted after the page has been rendered from Markdown."""
    return f'<div data-report="{name}"></div>'


def fill(text: str, placed: Mapping[str, str], base: str) -> str:
    """`text` with the HTML of each placeholder; `base` leads from the page to the site's root.

    Raises:
        BenchError: `placed` has no HTML for a placeholder.
    """

    def content(match: re.Match[str]) -> str:
        if match[1] not in placed:
            raise BenchError(f"unknown placeholder {match[1]!r}{did_you_mean(match[1], placed)}")
        return _LINK.sub(rf'\1="{base}', placed[match[1]])

    return _PLACEHOLDER.sub(content, text)
