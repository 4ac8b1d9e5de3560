"""HTML as a tree of elements: text from a page, a record or an error message stays text.

The browser gets the same trees as JSON (`[name, attributes, content]`) where it writes a table.
A link that begins with `~/` leads to the root of the site.
"""

from collections.abc import Iterable, Iterator

import msgspec
from markupsafe import escape

from bench.text import one_line


class Element(msgspec.Struct, frozen=True, array_like=True):
    """An element of HTML or SVG."""

    name: str
    attributes: dict[str, str]
    content: tuple["str | Element", ...]


Content = str | Element
Contents = Content | Iterable[Content | None] | None
"""A piece of content or several; None is left out."""


def element(name: str, /, *content: Contents, **attributes: str | int | bool | None) -> Element:
    """An element; None and False leave an attribute or a piece of content out.

    Attributes are written as Python names: `class_`, `data_case`, `aria_label`.
    """
    known = {
        key.rstrip("_").replace("_", "-"): "" if value is True else str(value)
        for key, value in attributes.items()
        if value is not None and value is not False
    }
    return Element(name, known, tuple(_flat(content)))


def _flat(content: Iterable[Contents]) -> Iterator[Content]:
    for part in content:
        if isinstance(part, str | Element):
            yield part
        elif part is not None:
            yield from (each for each in part if each is not None)


_VOID = frozenset({"input", "link", "img", "path", "rect", "br"})
"""Elements that are written without content and without an end."""


def html(*content: Contents) -> str:
    """The HTML of some content."""
    parts: list[str] = []
    for part in _flat(content):
        _write(part, parts)
    return "".join(parts)


def _write(part: Content, parts: list[str]) -> None:
    if isinstance(part, str):
        parts.append(str(escape(part)))
        return
    attributes = "".join(
        f' {name}="{escape(value)}"' if value else f" {name}"
        for name, value in part.attributes.items()
    )
    if part.name in _VOID:
        parts.append(f"<{part.name}{attributes}/>")
        return
    parts.append(f"<{part.name}{attributes}>")
    for child in part.content:
        _write(child, parts)
    parts.append(f"</{part.name}>")


def joined(parts: Iterable[Content], separator: str = ", ") -> Iterator[Content]:
    """The parts with a separator between each two."""
    for place, part in enumerate(parts):
        if place:
            yield separator
        yield part


def link(label: str, url: str, **attributes: str | bool) -> Content:
    """A link to a page of the site (`~/…`) or the web; only the label for any other address."""
    if not url.lower().startswith(("https://", "http://", "~/", "#")):
        return label
    return element("a", label, href=url, **attributes)


def code(text: str) -> Element:
    """Text as code, on one line."""
    return element("code", one_line(text))


def note(*content: Contents) -> Element:
    """A paragraph in small print."""
    return element("p", *content, class_="report-note")


def details(summary: str, *content: Contents) -> Element:
    """Content that is folded away until a reader asks for it."""
    return element("details", element("summary", summary), *content, class_="report-more")


def facts(rows: Iterable[tuple[str, Contents]]) -> Element:
    """A list of names with their values; what is unknown is left out."""
    items = (
        element("div", element("dt", name), " ", element("dd", value))
        for name, value in rows
        if value
    )
    return element("dl", joined(items, " "), class_="report-facts")


def listed(items: Iterable[Contents], **attributes: str) -> Element | None:
    """A list of items; None without any."""
    entries = [element("li", item) for item in items]
    return element("ul", entries, **attributes) if entries else None


class Column(msgspec.Struct, frozen=True):
    """The head of a column."""

    title: str
    hint: str = ""
    """What the column shows, for a reader who points at its title."""
    kind: str = "number"
    """Class of its cells: numbers are aligned right."""


def words(*titles: str) -> tuple[Column, ...]:
    """Columns of text."""
    return tuple(Column(title, kind="") for title in titles)


def numbers(*titles: str) -> tuple[Column, ...]:
    """Columns of numbers."""
    return tuple(map(Column, titles))


def table(name: str, caption: str, columns: Iterable[Column], rows: Iterable[Element]) -> Element:
    """A table that scrolls sideways on its own."""
    head = (
        element(
            "th", column.title, scope="col", class_=column.kind or None, title=column.hint or None
        )
        for column in columns
    )
    return element(
        "div",
        element(
            "table",
            element("caption", caption),
            element("thead", element("tr", head)),
            element("tbody", rows),
            class_=f"report-table {name}",
        ),
        class_="report-scroll",
        role="region",
        tabindex=0,
        aria_label=caption,
    )


def row(*cells: Element | Iterable[Element], **attributes: str | None) -> Element:
    """A row of a table."""
    return element("tr", *cells, **attributes)


def heading(*content: Contents, **attributes: str | int | None) -> Element:
    """The cell that names a row."""
    return element("th", *content, scope="row", **attributes)


def number(*content: Contents, class_: str = "number", **attributes: str | int | None) -> Element:
    """A cell with a number."""
    return element("td", *content, class_=class_, **attributes)


def cell(*content: Contents, **attributes: str | int | None) -> Element:
    """A cell with text."""
    return element("td", *content, **attributes)
