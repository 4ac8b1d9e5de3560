"""Formats numbers, with thousands separators and units on the same line, and escapes Markdown."""

import html
import math
import re
from collections.abc import Callable, Collection

from bench.analysis.stats import Interval
from bench.text import one_line, signed

SPACE = "\u00a0"
"""A no-break space."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:^=])")
_UNIT = re.compile(r"(?<=[\d≤≥]) (?=[%µ]|s\b)|(?<=[≤≥]) (?=\d)")


def significant(value: float, digits: int = 3) -> str:
    """`value` to `digits` significant digits, with thousands separators and without an exponent."""
    if value == 0:
        return "0"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    if abs(value) < 1e-3:
        return f"{value:.{digits - math.floor(math.log10(abs(value))) - 2}f}"
    whole = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    return f"{value:,.{digits - whole}f}"


def microseconds(value: float) -> str:
    """A latency in µs, with one decimal below a thousand."""
    return f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


def between(interval: Interval, digits: int | None = None) -> str:
    """An interval in µs, with `digits` decimals or, if that is None, as in `microseconds`."""
    low, high = (microseconds(end) if digits is None else f"{end:,.{digits}f}" for end in interval)
    return f"{low} – {high}"


def plus_minus(value: float, interval: Interval) -> str:
    """Distance of `value` from the farther end of its interval, as a share: `±0.5 %`."""
    reach = max(interval[1] - value, value - interval[0]) / value
    return f"±{percent(reach, 2 if reach < 0.001 else 1)}"


def percent(share: float, digits: int = 1) -> str:
    """A share as a percentage: 0.123 is `12.3 %`."""
    return f"{share * 100:,.{digits}f}{SPACE}%"


def signed_percent(share: float, digits: int = 1) -> str:
    """A difference as a percentage with its sign: 0.123 is `+12.3 %`."""
    return f"{signed(share * 100, digits)}{SPACE}%"


def times(ratio: float, digits: int = 2) -> str:
    """A ratio: `1.90×`."""
    return f"{ratio:,.{digits}f}×"


def mebibytes(amount: int) -> str:
    """An amount of memory in bytes, as MiB."""
    return f"{significant(amount / 2**20)}{SPACE}MiB"


def counted(count: int, name: str) -> str:
    """A number of things: `3 rounds`, `1 round`."""
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def ends(low: float, high: float, unit: str) -> str:
    """A range of whole numbers with its unit; a single number if both ends are the same."""
    first, last = f"{low:,.0f}", f"{high:,.0f}"
    return f"{first if first == last else f'{first} – {last}'} {unit}"


def least_to_most(values: Collection[float], text: Callable[[float], str], unit: str = "") -> str:
    """The least and the greatest value, each written by `text`; once if both read the same."""
    return f"{' to '.join(dict.fromkeys(map(text, (min(values), max(values)))))}{unit}"


def duration(ms: float) -> str:
    """A time in ms, from a second on in seconds: `24.8 ms`, `1.50 s`."""
    return f"{significant(ms / 1e3)}{SPACE}s" if ms >= 1000 else f"{significant(ms)}{SPACE}ms"


def unbroken(text: str) -> str:
    """`text` with no-break spaces between numbers and their signs or units."""
    return _UNIT.sub(SPACE, text)


def markdown(text: str) -> str:
    """`text` on one line, with all of its Markdown and HTML characters escaped."""
    return _MARKDOWN.sub(r"\\\1", html.escape(one_line(text), quote=False))
