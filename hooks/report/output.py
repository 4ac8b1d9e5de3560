"""The result of a build, and the placeholders in its pages; importable without the rest of it."""

import hashlib
import re
from collections.abc import Mapping

import msgspec

from bench.errors import BenchError, did_you_mean

CHART = "chart"
"""Language of the fences that ask for a chart."""

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


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the report adds to a site: text and bytes, for any site generator.

    A link that begins with `~/` starts at the root of the site.
    """

    generated: dict[str, str]
    """Generated pages as Markdown, by their paths under `docs/`."""
    files: dict[str, bytes]
    """Other generated files, by their paths on the site."""
    copies: dict[str, str]
    """Files to copy: paths on disk, by their paths on the site."""
    pages: dict[str, Additions]
    """Additions to pages, by their paths under `docs/`."""
    shared: dict[str, str]
    """HTML for placeholders that any page may contain, by their names."""
    navigation: dict[str, tuple[str, ...]]
    """Paths of the pages that replace an entry of the navigation, such as `impls/`."""
    messages: tuple[str, ...]
    """Lines that the build logs."""


def chart_name(source: str) -> str:
    """Name of the placeholder of a chart fence; fences with the same content share one."""
    return f"{CHART}-{hashlib.sha256(source.encode()).hexdigest()[:16]}"


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
