"""What every still picture is made of: the sheet, its ink, texts and markers, as SVG."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TypeVar

from hooks.reading.looks import DASHES, Look

WIDTH = 1000

Item = TypeVar("Item")

INK = {
    "light": {"text": "#434955", "line": "#c5c9d1", "grid": "#eceef1"},
    "dark": {"text": "#c3c8d3", "line": "#4a5060", "grid": "#2a2e3a"},
}
"""As in the style sheet, for a picture cannot read a page's own."""


def sheet(body: Iterable[str], *, height: int, title: str, description: str, scheme: str) -> bytes:
    """A picture without a background, for pages of the colour scheme."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" font-family="Helvetica, Arial, sans-serif" font-size="13" '
        f'fill="{INK[scheme]["text"]}"><title>{escape(title)}</title>'
        f"<desc>{escape(description)}</desc>{''.join(body)}</svg>\n"
    )
    return svg.encode()


def fitting(items: Sequence[Item], most: int) -> tuple[Sequence[Item], str]:
    """The first of `items`, as many as there is room for, and what to say of the rest."""
    if len(items) <= most:
        return items, ""
    return items[: most - 1], f"and {len(items) - most + 1} more, in the table"


def words(x: float, y: float, text: str, anchor: str) -> str:
    """`text` that starts, ends or has its middle at `x`."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def marker(x: float, y: float, look: Look) -> str:
    """The marker of a line, filled."""
    place = f"translate({x:.1f} {y:.1f}) scale(4)"
    return f'<path d="{look.shape}" transform="{place}" fill="{look.colour}"/>'


def stroke(look: Look) -> str:
    """The attributes of a line's own path."""
    dash = "" if look.dash == DASHES[0] else f' stroke-dasharray="{look.dash[0]} {look.dash[1]}"'
    return f'stroke="{look.colour}" stroke-width="2"{dash}'
