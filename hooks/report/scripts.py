"""Joins the browser's scripts into one file, so that a page waits for a single request."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "browser"

ORDER = (
    "core",
    "stats",
    "verdict",
    "format",
    "boards",
    "draw",
    "save",
    "announce",
    "picks",
    "lines",
    "ranking",
    "fastp",
    "address",
    "front",
    "audit",
    "evidence",
    "workload_charts",
    "workloads",
    "pairs",
    "ratios",
    "differences",
    "pair_tables",
    "compare",
    "hints",
    "drawer",
)
"""The scripts in this order: each may use those before it."""


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
