"""The MkDocs events, and nothing else: no module below this one depends on MkDocs."""

import html
import importlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from pymdownx.superfences import highlight_validator

# MkDocs loads this file by its path, so the project's packages have to be made importable.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.errors import BenchError, Problem, unreadable
from bench.files import read_text
from bench.project import Project
from hooks.policy import INLINE, policy
from hooks.report.build_cache import cached_build
from hooks.report.output import CHART, Additions, Build, chart_name, fill, placeholder
from hooks.report.reading.cache import cache_folder

log = logging.getLogger("mkdocs.hooks.site")

_serving = False
"""Whether this is `mkdocs serve`; a global, because each build has a configuration of its own."""


def on_startup(*, command: str, **_: object) -> None:
    """Remember whether MkDocs serves; if it does, import the modules for rebuilds in advance."""
    global _serving
    _serving = command == "serve"
    if _serving:
        importlib.import_module("hooks.report.site_contents")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Make the report, and list the pages of implementations and suites in the navigation.

    Raises:
        PluginError: the report cannot be made, or `use_directory_urls` is off.
    """
    if not config.use_directory_urls:
        message = "links, feeds and badges name a page by its folder; remove this setting"
        raise PluginError(f"use_directory_urls: false is not supported: {message}")
    try:
        build = cached_build(_root(config), config.site_url or "", stills=not _serving)
    except BenchError as error:
        raise PluginError(str(error)) from None
    config.extra["report"] = build
    chart = {"name": CHART, "class": "", "format": _chart, "validator": highlight_validator}
    superfences = config.mdx_configs.setdefault("pymdownx.superfences", {})
    superfences["custom_fences"] = [*superfences.get("custom_fences", []), chart]
    config.nav = [_expanded(entry, build.navigation) for entry in config.nav or []]
    for line in build.messages:
        log.info(line)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add every file that is not a page, from memory or from where it lies on disk.

    With mkdocs-gen-files, each file would be written twice and read once.

    Raises:
        PluginError: with every file under docs/ that cannot be read.
    """
    if problems := list(_unreadable(files, config)):
        raise PluginError("\n".join(map(str, problems)))
    build = _build(config)
    for to, content in build.files.items():
        files.append(File.generated(config, to, content=content))
    for to, path in build.copies.items():
        files.append(File.generated(config, to, abs_src_path=str(path)))
    return files


def on_env(env: Environment, config: MkDocsConfig, **_: object) -> Environment:
    """Cache compiled templates, which saves a fifth of a rebuild, and set the policy of all pages.

    `mkdocs serve` sets no policy, because it adds a script of its own to every page.
    """
    folder = cache_folder(_root(config) / ".cache" / "templates")
    env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    if not _serving:
        paths = (f"partials/javascripts/{name}.html" for name in INLINE)
        more = {"config": config, "features": config.theme.get("features")}
        config.extra["policy"] = policy(env.get_template(path).render(more) for path in paths)
    return env


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Append the report's headings, which the table of contents lists, to the author's text.

    Raises:
        PluginError: the title or description in the front matter is not text.
    """
    # The theme writes both into its HTML without escaping them.
    for key in {"title", "description"} & set(page.meta):
        if page.meta[key] is None:
            del page.meta[key]  # as if it were not there
        elif isinstance(page.meta[key], str):
            page.meta[key] = html.escape(page.meta[key])
        else:
            message = f"front matter: YAML does not read {key} as text: put it in quotes"
            raise PluginError(f"docs/{page.file.src_uri}: {message}")
    return markdown + _parts(page, config).appended


def on_page_content(content: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Put the facts of an implementation under the title of its page."""
    about = _parts(page, config).about
    if "</h1>" not in content:  # the theme writes the title above the content
        return about + content
    return content.replace("</h1>", f"</h1>\n{about}", 1)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Replace each placeholder with its HTML, which is neither parsed as Markdown nor indexed.

    Raises:
        PluginError: a page has a placeholder with an unknown name.
    """
    up = get_relative_url(".", page.url)
    base = "" if up == "." else f"{up}/"
    try:
        return fill(output, _build(config).shared | _parts(page, config).placed, base)
    except BenchError as error:
        raise PluginError(f"docs/{page.file.src_uri}: {error}") from None


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: object) -> LiveReloadServer:
    """Watch data, theme, scripts and changelog too; an edit of Python code needs a restart."""
    root = _root(config)
    for watched in ("data", "hooks/theme", "hooks/browser", "CHANGELOG.md"):
        server.watch(str(root / watched))
    return server


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent


def _unreadable(files: Files, config: MkDocsConfig) -> Iterator[Problem]:
    """A problem for each file under docs/ that MkDocs would fail to read with a traceback."""
    project = Project(_root(config))
    for file in files:
        if file.src_dir != config.docs_dir or file.inclusion is InclusionLevel.EXCLUDED:
            continue
        path = Path(str(file.abs_src_path))
        try:
            if file.is_documentation_page():
                read_text(path, project)
            else:
                path.open("rb").close()
        except BenchError as error:
            yield from error.problems
        except OSError as error:
            yield unreadable(project.relative(path), error)


def _build(config: MkDocsConfig) -> Build:
    build: Build = config.extra["report"]
    return build


def _parts(page: Page, config: MkDocsConfig) -> Additions:
    return _build(config).pages.get(page.file.src_uri, Additions())


def _chart(source: str, *_: Any, **__: Any) -> str:
    """The placeholder of a chart; superfences puts it in place of the fence."""
    return placeholder(chart_name(source))


def _expanded(entry: Any, pages: dict[str, tuple[str, ...]]) -> Any:
    """An entry of the navigation; a folder such as `impls/` is replaced by its pages."""
    if isinstance(entry, dict):
        return {
            name: list(pages[value]) if isinstance(value, str) and value in pages else value
            for name, value in entry.items()
        }
    return entry
