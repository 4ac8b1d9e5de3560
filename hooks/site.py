"""The MkDocs events, and nothing else: below this file the report knows no site generator."""

import html
import logging
import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

# MkDocs loads this file by its path: the project's own packages are those beside it.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.errors import BenchError, did_you_mean
from hooks.build import Build, make_build
from hooks.status import status_lines

log = logging.getLogger("mkdocs.hooks.report")

PAGES = "impls/"
"""The entry of `nav` in mkdocs.yml that stands for all implementation pages."""

_PLACEHOLDER = re.compile(r'<div data-report="([^"]*)"></div>')


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read everything there is, and put every implementation into the navigation."""
    try:
        build = make_build(Path(config.config_file_path).parent)
    except BenchError as error:
        raise PluginError(str(error)) from None
    config.extra["report"] = build
    pages = ["impls/index.md", *(f"impls/{page.slug}.md" for page in build.report.by_title)]
    config.nav = [_expanded(entry, pages) for entry in config.nav or []]
    for line in status_lines(build.report):
        log.info(line)
    return config


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Headings and placeholders after the author's words, so that the contents list them."""
    # The theme writes both into its HTML as they are.
    for key in {"title", "description"} & set(page.meta):
        page.meta[key] = html.escape(str(page.meta[key]))
    return markdown + _build(config).appended(page.file.src_uri)


def on_page_content(content: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """The facts of an implementation under its page's title."""
    about = _build(config).about(page.file.src_uri)
    if "</h1>" not in content:  # the theme writes the title above
        return about + content
    return content.replace("</h1>", f"</h1>\n{about}", 1)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Every placeholder's HTML: neither parsed as Markdown nor indexed for the search."""
    if not _PLACEHOLDER.search(output):
        return output
    up = get_relative_url(".", page.url)
    base = "" if up == "." else f"{up}/"
    parts = _build(config).parts(page.file.src_uri, base)

    def fill(match: re.Match[str]) -> str:
        if match[1] not in parts:
            hint = did_you_mean(match[1], parts)
            raise PluginError(f"docs/{page.file.src_uri}: no part is called {match[1]!r}{hint}")
        return parts[match[1]]()

    return _PLACEHOLDER.sub(fill, output)


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: object) -> LiveReloadServer:
    """Build again when a run file comes or changes; an edited hook asks for a new start."""
    root = Path(config.config_file_path).parent
    for folder in ("data", "hooks/theme"):
        server.watch(str(root / folder))
    return server


def _build(config: MkDocsConfig) -> Build:
    build: Build = config.extra["report"]
    return build


def _expanded(entry: Any, pages: list[str]) -> Any:
    """An entry of the navigation; the one that stands for all pages becomes their list."""
    if isinstance(entry, dict):
        return {name: pages if value == PAGES else value for name, value in entry.items()}
    return entry
