"""Escapes text for Markdown."""

import html
import re

from bench.text import one_line

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:^=])")


def markdown(text: str) -> str:
    """`text` on one line, with all of its Markdown and HTML characters escaped."""
    return _MARKDOWN.sub(r"\\\1", html.escape(one_line(text), quote=False))
