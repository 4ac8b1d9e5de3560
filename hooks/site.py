"""The MkDocs events, and nothing else: below this file the report knows no site generator."""

import html
import importlib
import logging
import re
import sys
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

# MkDocs loads this file by its path: the project's own packages are those beside it.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.errors import BenchError, did_you_mean
from hooks.built import Build
from hooks.kept import kept_build, pictures
from hooks.pages.fences import with_placeholders
from hooks.pages.parts import Parts
from hooks.policy import INLINE, policy

log = logging.getLogger("mkdocs.hooks.reading.report")

PAGES = "impls/"
"""The entry of `nav` in mkdocs.yml that stands for all implementation pages."""

_NOTHING = Parts()

_PLACEHOLDER = re.compile(r'<div data-report="([^"]*)"></div>')


_serving = False
"""Whether this is `mkdocs serve`: a configuration is made for each build, this module once."""


def on_startup(*, command: str, **_: object) -> None:
    """Remember what MkDocs was started for; a server has time to load what a rebuild needs."""
    global _serving
    _serving = command == "serve"
    if _serving:
        importlib.import_module("hooks.build")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Make the report, and put every implementation into the navigation."""
    try:
        build = kept_build(_root(config), config.site_url or "")
    except BenchError as error:
        raise PluginError(str(error)) from None
    config.extra["report"] = build
    listed = ["impls/index.md", *build.listed]
    config.nav = [_expanded(entry, listed) for entry in config.nav or []]
    for line in build.said:
        log.info(line)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """What is no page goes into the site as it is, from memory or from where it lies on disk.

    By way of mkdocs-gen-files each would be written twice and read once.
    """
    build = _build(config)
    for to, content in build.files.items():
        files.append(File.generated(config, to, content=content))
    drawn = {} if _serving else pictures(_root(config), build)
    for to, path in {**build.copies, **drawn}.items():
        files.append(File.generated(config, to, abs_src_path=str(path)))
    return files


def on_env(env: Environment, config: MkDocsConfig, **_: object) -> Environment:
    """Templates as they were translated last time, a fifth of a rebuild; the policy of every page.

    `mkdocs serve` adds a script to pages that no policy can name beforehand.
    """
    env.bytecode_cache = FileSystemBytecodeCache(str(_translated(config)))
    if not _serving:
        paths = (f"partials/javascripts/{name}.html" for name in INLINE)
        more = {"config": config, "features": config.theme.get("features")}
        config.extra["policy"] = policy(env.get_template(path).render(more) for path in paths)
    return env


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Placeholders for charts, and after the author's words headings, which the contents list."""
    # The theme writes both into its HTML as they are.
    for key in {"title", "description"} & set(page.meta):
        page.meta[key] = html.escape(str(page.meta[key]))
    return with_placeholders(markdown) + _parts(page, config).appended


def on_page_content(content: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """The facts of an implementation under its page's title."""
    about = _parts(page, config).about
    if "</h1>" not in content:  # the theme writes the title above
        return about + content
    return content.replace("</h1>", f"</h1>\n{about}", 1)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Every placeholder's HTML: neither parsed as Markdown nor indexed for the search."""
    if not _PLACEHOLDER.search(output):
        return output
    up = get_relative_url(".", page.url)
    base = "" if up == "." else f"{up}/"
    placed = _build(config).shared | _parts(page, config).placed

    def fill(match: re.Match[str]) -> str:
        if match[1] not in placed:
            hint = did_you_mean(match[1], placed)
            raise PluginError(f"docs/{page.file.src_uri}: no part is called {match[1]!r}{hint}")
        return placed[match[1]].replace('"~/', f'"{base}')

    return _PLACEHOLDER.sub(fill, output)


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: object) -> LiveReloadServer:
    """Build again when a run file comes or changes; an edited hook asks for a new start."""
    root = _root(config)
    for watched in ("data", "hooks/theme", "hooks/browser", "CHANGELOG.md"):
        server.watch(str(root / watched))
    return server


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent


def _translated(config: MkDocsConfig) -> Path:
    """The folder of Jinja's own cache, which knows a template by its name and text."""
    folder = _root(config) / ".cache" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _build(config: MkDocsConfig) -> Build:
    build: Build = config.extra["report"]
    return build


def _parts(page: Page, config: MkDocsConfig) -> Parts:
    return _build(config).pages.get(page.file.src_uri, _NOTHING)


def _expanded(entry: Any, pages: list[str]) -> Any:
    """An entry of the navigation; the one that stands for all pages becomes their list."""
    if isinstance(entry, dict):
        return {name: pages if value == PAGES else value for name, value in entry.items()}
    return entry
