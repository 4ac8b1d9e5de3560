"""Text into markup: what comes from a page, a record or an error message passes through here."""

import html
import re
from collections.abc import Iterable

from bench.text import one_line

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:^=])")

_UNIT = re.compile(r"(?<=[\d≤≥]) (?=[%µ]|s\b)|(?<=[≤≥]) (?=\d)")


def escape(text: str) -> str:
    """`text` for HTML, between tags or within double quotes."""
    return html.escape(text)


def markdown(text: str) -> str:
    """`text` for one line of Markdown, where none of its characters means anything."""
    return _MARKDOWN.sub(r"\\\1", html.escape(one_line(text), quote=False))


def attribute(json: str) -> str:
    """JSON for an attribute within single quotes; its own quotes stay readable."""
    return json.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;")


def unbroken(text: str) -> str:
    """`text` (HTML) whose numbers stay on one line with their signs and units."""
    return _UNIT.sub("&nbsp;", text)


def link(label: str, url: str) -> str:
    """A link to a web address; only the label where `url` is none (`javascript:` for one)."""
    if not url.lower().startswith(("https://", "http://")):
        return escape(label)
    return f'<a href="{escape(url)}">{escape(label)}</a>'


def number(value: float, digits: int = 3) -> str:
    """`value` to `digits` significant digits and without an exponent, thousands apart."""
    if value == 0:
        return "0"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    if abs(value) < 1e-3:
        return f"{value:.{digits - 1}g}"
    whole = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    return f"{value:,.{digits - whole}f}"


def microseconds(value: float) -> str:
    """A latency in µs: tenths below a thousand."""
    return f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


def percent(share: float, digits: int = 1) -> str:
    """A share in hundredths; HTML."""
    return f"{share * 100:,.{digits}f}&nbsp;%"


def times(ratio: float, digits: int = 2) -> str:
    """A ratio: `1.90×`."""
    return f"{ratio:,.{digits}f}×"


def table(name: str, caption: str, head: Iterable[str], body: Iterable[str]) -> str:
    """A table that scrolls sideways on its own; head and body are cells and rows of HTML."""
    return (
        f'<div class="report-scroll" role="region" tabindex="0" aria-label="{caption}">'
        f'<table class="report-table {name}"><caption>{caption}</caption>'
        f"<thead><tr>{''.join(head)}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def details(summary: str, content: str) -> str:
    """Content (HTML) that is folded away until a reader asks for it."""
    return f'<details class="report-more"><summary>{summary}</summary>{content}</details>'


def facts(rows: Iterable[tuple[str, str | None]]) -> str:
    """A list of names with their values (HTML); what is unknown is left out."""
    items = (f"<div><dt>{name}</dt> <dd>{value}</dd></div>" for name, value in rows if value)
    return f'<dl class="report-facts">{" ".join(items)}</dl>'
