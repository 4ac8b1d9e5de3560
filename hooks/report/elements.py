"""HTML as a tree of elements, so that text from pages, records and error messages is escaped.

The browser gets some of these trees as JSON, as `[name, attributes, content]`. A link that begins
with `~/` starts at the root of the site. Most names here are common words, so other modules import
this one as `h`.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from markupsafe import escape

from bench.text import one_line


class Element(msgspec.Struct, frozen=True, array_like=True):
    """An element of HTML or SVG."""

    name: str
    attributes: dict[str, str]
    content: tuple["str | Element", ...]


Content = str | Element
Contents = Content | Iterable["Contents"] | None
"""Any amount of content; None is left out."""


def element(name: str, /, *content: Contents, **attributes: str | int | bool | None) -> Element:
    """An element; attributes that are None or False and content that is None are left out.

    Attributes have Python names: `class_`, `data_case`, `aria_label`.
    """
    present = {
        key.rstrip("_").replace("_", "-"): "" if value is True else str(value)
        for key, value in attributes.items()
        if value is not None and value is not False
    }
    return Element(name, present, tuple(_flat(content)))


def _flat(content: Contents) -> list[Content]:
    if isinstance(content, str | Element):
        return [content]
    return [piece for part in content or () for piece in _flat(part)]


_VOID = frozenset({"input", "link", "img", "path", "br"})
"""Elements without content and without an end tag."""


def html(*content: Contents) -> str:
    """The HTML of some content."""
    return "".join(map(_html, _flat(content)))


def _html(content: Content) -> str:
    if isinstance(content, str):
        return str(escape(content))
    attributes = "".join(
        f' {name}="{escape(value)}"' if value else f" {name}"
        for name, value in content.attributes.items()
    )
    if content.name in _VOID:
        return f"<{content.name}{attributes}/>"
    return f"<{content.name}{attributes}>{html(content.content)}</{content.name}>"


def joined(parts: Iterable[Contents], separator: str = ", ") -> Iterator[Contents]:
    """The parts, separated by `separator`."""
    for index, part in enumerate(parts):
        if index:
            yield separator
        yield part


def link(label: str, url: str, **attributes: str | bool) -> Content:
    """A link to a page of the site (`~/…`) or the web; for any other URL, the label alone."""
    if not url.lower().startswith(("https://", "http://", "~/", "#")):
        return label
    return element("a", label, href=url, **attributes)


def code(text: str) -> Element:
    """Text as code, on one line."""
    return element("code", one_line(text))


def note(*content: Contents) -> Element:
    """A paragraph in small print."""
    return element("p", *content, class_="report-note")


def details(summary: str, *content: Contents) -> Element | None:
    """Content that is folded away until a reader opens it; None without content."""
    if not (parts := _flat(content)):
        return None
    return element("details", element("summary", summary), parts, class_="report-more")


def facts(*rows: tuple[str, Contents]) -> Element:
    """A list of names and values; rows with an empty value are left out."""
    known = ((element("dt", name), " ", element("dd", value)) for name, value in rows if value)
    items = (element("div", each) for each in known)
    return element("dl", joined(items, " "), class_="report-facts")


def listed(items: Iterable[Contents], **attributes: str) -> Element | None:
    """A list of items; None if there are none."""
    entries = [element("li", item) for item in items]
    return element("ul", entries, **attributes) if entries else None


class Column(msgspec.Struct, frozen=True):
    """A column of a table."""

    title: str
    hint: str = ""
    """Explanation of the column, shown when a reader points at its title."""
    kind: str = "number"
    """CSS class of its cells: `number` is aligned right, `name` is text that may wrap."""


def words(*titles: str) -> tuple[Column, ...]:
    """Columns of text."""
    return tuple(Column(title, kind="") for title in titles)


def names(*titles: str) -> tuple[Column, ...]:
    """Columns of text that may wrap."""
    return tuple(Column(title, kind="name") for title in titles)


def numbers(*titles: str) -> tuple[Column, ...]:
    """Columns of numbers."""
    return tuple(map(Column, titles))


Row = Element | Iterable[Contents]
"""A row made by `row`, or only its values."""


def table(name: str, caption: str, columns: Sequence[Column], rows: Iterable[Row]) -> Element:
    """A table that scrolls sideways within the page."""
    head = element("thead", element("tr", map(_head, columns)))
    body = element("tbody", (r if isinstance(r, Element) else row(columns, r) for r in rows))
    parts = element("caption", caption), head, body
    content = element("table", parts, class_=f"report-table {name}")
    return element(
        "div", content, class_="report-scroll", role="region", tabindex=0, aria_label=caption
    )


def _head(column: Column) -> Element:
    # The class `name` lets text wrap, which a head never does.
    kind = "" if column.kind == "name" else column.kind
    return element("th", column.title, scope="col", class_=kind or None, title=column.hint or None)


def row(columns: Iterable[Column], values: Iterable[Contents], **attributes: str | None) -> Element:
    """A row of a table; its first value names it.

    A value that is a cell already stays as it is, for example one that spans several columns. None
    stands for a place that a cell of an earlier row covers.
    """
    cells: list[Contents] = []
    for column, value in zip(columns, values, strict=False):
        if value is None or (isinstance(value, Element) and value.name in ("td", "th")):
            cells.append(value)
        else:
            make = cell if cells else heading
            cells.append(make(value, class_=column.kind or None))
    return element("tr", cells, **attributes)


def heading(*content: Contents, **attributes: str | int | None) -> Element:
    """The cell that names a row."""
    return element("th", *content, scope="row", **attributes)


def cell(*content: Contents, **attributes: str | int | None) -> Element:
    """A cell that does not name its row."""
    return element("td", *content, **attributes)
