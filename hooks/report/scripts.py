"""The scripts of the site: the browser's code in one file, and the data that it shows.

Data are scripts because a page that was opened from a file can load nothing else.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

FOLDER = Path(__file__).parents[1] / "browser"

ORDER = (
    *("core", "stats", "format"),
    *("draw", "picks", "lines", "fastp"),
    *("address", "front", "audit", "evidence", "workloads_page"),
    *("pairs", "pair_tables", "compare"),
    *("hints", "drawer"),
)
"""Names of the scripts, in the order in which they are joined: each may use those before it.

The rows are the base, charts, pages, the page that compares, and aids for keyboard and touch.
"""


def scripts() -> bytes:
    """The joined scripts."""
    return "\n".join(map(source, ORDER)).encode()


def source(name: str) -> str:
    """A script in a scope of its own, where `report` is the object that all scripts share.

    Lines of comments, a fifth of what a reader would have to load, are left out.
    """
    text = (FOLDER / f"{name}.js").read_text(encoding="utf-8")
    text = re.sub(r"^\s*//.*\n", "", text, flags=re.MULTILINE)
    return f'// {name}.js\n((report) => {{\n"use strict";\n{text}}})(window.report ??= {{}});\n'


Data = Iterator[tuple[str, object]]
"""Values for the browser, each with its name."""

_ENDS = {b"<": b"\\u003c", "\u2028".encode(): b"\\u2028", "\u2029".encode(): b"\\u2029"}
"""JSON escapes for characters that could end a script element or one of its lines."""


def data_path(name: str) -> str:
    """Path on the site of the script with the value called `name`."""
    return f"data/v1/{name}.js"


def data_script(name: str, value: object) -> bytes:
    """A script that stores `value` as JSON under `name`, where the page's scripts look for it."""
    key, json = msgspec.json.encode(name), msgspec.json.encode(value)
    for text, written in _ENDS.items():
        key, json = key.replace(text, written), json.replace(text, written)
    return b"((window.report ??= {}).data ??= {})[" + key + b"] = " + json + b";\n"


def data_scripts(*data: Iterable[tuple[str, object]]) -> dict[str, bytes]:
    """The scripts with all of these values, by their paths on the site."""
    return {data_path(name): data_script(name, value) for part in data for name, value in part}
