"""Fences that ask for a chart; what they ask for is in asked.py."""

import hashlib
import re
from typing import Any

from hooks.report.pages.parts import placeholder

LANGUAGE = "chart"


def placed_chart(source: str, *_: Any, **__: Any) -> str:
    """What the site's renderer puts in the place of a fence: see custom fences of superfences."""
    return placeholder(chart_name(source))


def asks_for_chart(info: str) -> bool:
    """Whether the words behind the marks of a fence are those of a chart."""
    return re.match(r"\s*(?:\{\s*)?\.?chart(?![\w.-])", info) is not None


def chart_name(source: str) -> str:
    """What the placeholder of a chart is called: charts that ask for the same are the same."""
    return f"chart-{hashlib.sha256(source.encode()).hexdigest()[:16]}"
