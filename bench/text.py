"""Text for people: a single line, with nothing that would colour or clear a terminal."""

import re
from typing import Annotated

import msgspec

Words = Annotated[str, msgspec.Meta(pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Text in pages and records; decoding refuses empty text and control characters."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def one_line(text: str) -> str:
    """`text` on one line, without colours, control characters or repeated spaces."""
    if text.isprintable() and "  " not in text:
        return text.strip()  # quick, for nearly every text: a report asks thousands of times
    visible = (char if char.isprintable() else " " for char in _COLOUR.sub("", text))
    return " ".join("".join(visible).split())


def signed(value: float, digits: int = 1) -> str:
    """`value` with its sign: a minus as wide as a plus, and no sign if it rounds to zero."""
    text = f"{value:+.{digits}f}"
    return text.replace("-", "−") if float(text) else text[1:]
