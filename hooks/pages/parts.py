"""What is added to a page that a person wrote."""

import msgspec


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The additions to one page."""

    about: str = ""
    """HTML under its title."""
    appended: str = ""
    """Markdown after the author's words: headings for the contents, placeholders for the rest."""
    placed: dict[str, str] = {}
    """HTML for the placeholders, by their names."""


def placeholder(name: str) -> str:
    """Where HTML goes: put in once the page is rendered, so that no table is parsed twice."""
    return f'<div data-report="{name}"></div>'
