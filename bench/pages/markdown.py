"""Reads Markdown as the site does: a fence is what the site's own extensions show as code."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from html.parser import HTMLParser
from typing import Any

from bench.errors import BenchError
from bench.files import read_text
from bench.project import Project

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)(?:\.{3}|---)[ \t]*\n", re.DOTALL)
"""Front matter, as MkDocs recognises it."""

_OPENING = re.compile(
    r"(?P<before>[>\s]*(?P<item>(?:(?:[-*+]|\d+[.)])[>\s]+)*))(?P<marks>`{3,}|~{3,})(?P<info>.*)"
)
"""A line that an author may believe to open a fence."""

_PROBE = "seenastextandnotascode"
"""Replaces a line that matches `_OPENING`, to find out whether readers see it as text."""

_BUILTIN = ("toc", "tables", "fenced_code")
"""Extensions that MkDocs always uses, besides those in mkdocs.yml."""

_SUPERFENCES = "pymdownx.superfences"


@dataclass(frozen=True)
class Fence:
    """A fenced block of code."""

    first: int
    """Line of the opening fence, from 1."""
    last: int
    """Line of the closing fence."""
    words: tuple[str, ...]
    """The language and the classes of the fence."""
    id: str | None
    title: str | None
    text: str
    """The code as readers see it, without the indentation of a list or quotation around it."""
    shown: bool
    """Whether readers see it as code; false for a fence in a comment, for example."""


def split_front_matter(text: str) -> tuple[str | None, str]:
    """The front matter of a page, and the page with empty lines in place of the front matter."""
    match = _FRONT_MATTER.match(f"{text}\n")
    if not match:
        return None, text
    return match[1], "\n" * match[0].count("\n") + text[match.end() :]


def fences(text: str, project: Project) -> tuple[Fence, ...]:
    """Every fence of a page on the site of `project`, in order.

    Raises:
        BenchError: mkdocs.yml does not say how the site renders Markdown.
    """
    return _fences(text, read_text(project.root / "mkdocs.yml", project))


def seen_as_text(
    text: str, project: Project, asks: Callable[[str], bool]
) -> Iterator[tuple[int, str]]:
    """Yield each line that should open a fence but that readers see as text, and what to do.

    `asks` decides from the text after the backticks or tildes whether a line should open a fence.

    Raises:
        BenchError: as `fences` does.
    """
    mkdocs_yml = read_text(project.root / "mkdocs.yml", project)
    lines = text.split("\n")
    known = _fences(text, mkdocs_yml)
    within = {line for fence in known for line in range(fence.first, fence.last + 1)}
    for number, line in enumerate(lines, 1):
        match = _OPENING.fullmatch(line)
        if not match or number in within or not asks(match["info"]):
            continue
        probe = [*lines[: number - 1], match["before"] + _PROBE, *lines[number:]]
        if _PROBE not in _seen(_html("\n".join(probe), mkdocs_yml, [])).text:
            continue  # in a comment, or an example of a fence
        if match["item"]:
            yield number, "readers do not see this fence as code: begin it on its own line"
        elif any(other.strip("> \t") == match["marks"] for other in lines[number:]):
            advice = "correct its attributes, and indent all its lines alike"
            yield number, f"readers do not see this fence as code: {advice}"
        else:
            yield number, f"this fence never ends: close it with {match['marks']}"


@cache
def _fences(text: str, mkdocs_yml: str) -> tuple[Fence, ...]:
    if "```" not in text and "~~~" not in text:
        return ()
    noted: list[Fence] = []
    seen = _seen(_html(text, mkdocs_yml, noted))
    return tuple(replace(fence, shown=number in seen.fences) for number, fence in enumerate(noted))


def _html(text: str, mkdocs_yml: str, noted: list[Fence]) -> str:
    """The page as HTML; each fence is appended to `noted` and replaced by its index there."""
    from markdown import Markdown  # no worker reads pages
    from pymdownx.superfences import highlight_validator

    place = range(0)

    def note(
        source: str, language: str | None, _class: str, options: Any, _md: Any, **more: Any
    ) -> str:
        fence = Fence(
            first=place.start,
            last=place.stop,
            words=tuple(".".join([language or "", *more["classes"]]).split(".")),
            id=more["id_value"] or None,
            title=options.get("title"),
            text=source,
            shown=False,
        )
        noted.append(fence)
        return f'<div><pre><code data-fence="{len(noted) - 1}"></code></pre></div>'

    options = _extensions(mkdocs_yml)
    ours = {"name": "*", "class": "", "format": note, "validator": highlight_validator}
    custom = [*options[_SUPERFENCES].get("custom_fences", []), ours]
    options = options | {_SUPERFENCES: options[_SUPERFENCES] | {"custom_fences": custom}}
    md = Markdown(extensions=[*options], extension_configs=options)
    reader: Any = md.preprocessors["fenced_code_block"]
    process = reader.process_nested_block

    def placed(ws: str, content: str, start: int, end: int) -> None:
        nonlocal place
        place = range(start + 1, end)
        process(ws, content, start, end)

    reader.process_nested_block = placed
    return str(md.convert(text))


@cache
def _extensions(mkdocs_yml: str) -> dict[str, dict[str, Any]]:
    """The extensions of the site, each with its options, in order."""
    import yaml

    class Loader(yaml.UnsafeLoader):
        """A loader like MkDocs' own; it may be unsafe, as the file is the project's own code."""

    Loader.add_multi_constructor("!", lambda *_: None)  # MkDocs' own tags, such as !ENV
    try:
        config = yaml.load(mkdocs_yml, Loader=Loader) or {}  # noqa: S506
        entries = config.get("markdown_extensions") or ()
        mappings = [entry if isinstance(entry, dict) else {entry: {}} for entry in entries]
    except (yaml.YAMLError, AttributeError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise BenchError(f"mkdocs.yml: markdown_extensions cannot be read: {reason}") from None
    options = {name: options or {} for mapping in mappings for name, options in mapping.items()}
    if _SUPERFENCES not in options:
        raise BenchError(f"mkdocs.yml: add {_SUPERFENCES} to markdown_extensions")
    return {name: {} for name in _BUILTIN} | options


_ENDLESS = re.compile("area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr")
"""Elements without an end tag."""

_BLOCK = re.compile("blockquote|details|div|h[1-6]|ol|p|pre|section|table|ul")
"""Elements that end an open paragraph, because no paragraph may contain them."""

_WRITTEN = re.compile("iframe|noembed|noframes|script|style|textarea|title|xmp")
"""Elements that contain text and no other elements."""

_HIDING = re.compile(
    "audio|canvas|datalist|dialog|noscript|object|plaintext|select|svg|template|video"
)
"""Elements whose content a browser hides or does not show as elements."""


def _seen(html: str) -> "_Seen":
    seen = _Seen()
    seen.feed(f"{html}\n-->")  # in a browser, a comment that never ends lasts to the page's end
    seen.close()
    return seen


class _Seen(HTMLParser):
    """Collects the parts of a page that a browser shows."""

    def __init__(self) -> None:
        super().__init__()
        self.fences: set[int] = set()
        self.text = ""
        """Text outside code blocks."""
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a fence, unless it is in a hidden element."""
        if _BLOCK.fullmatch(tag):
            self.handle_endtag("p")
        if _WRITTEN.fullmatch(tag):
            self.set_cdata_mode(tag)
        values = dict(attrs)
        hidden = self._hidden or bool(_HIDING.fullmatch(tag)) or "hidden" in values
        if "data-fence" in values and not hidden:
            self.fences.add(int(values["data-fence"] or ""))
        if not _ENDLESS.fullmatch(tag):
            self._open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        """Close the element and everything open inside it."""
        for place in reversed(range(len(self._open))):
            name, _ = self._open[place]
            if name == tag:
                del self._open[place:]
            if name in (tag, "object", "template"):  # an end tag in these closes nothing outside
                break

    def handle_data(self, data: str) -> None:
        """Collect text outside code blocks."""
        if not self._hidden and all(name != "pre" for name, _ in self._open):
            self.text += data

    @property
    def _hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]
