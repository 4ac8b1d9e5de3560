"""Text into Markdown."""

import html
import re

from bench.text import one_line

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:^=])")


def markdown(text: str) -> str:
    """`text` for one line of Markdown, where none of its characters means anything."""
    return _MARKDOWN.sub(r"\\\1", html.escape(one_line(text), quote=False))
