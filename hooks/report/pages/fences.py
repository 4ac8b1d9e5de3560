"""Recognises chart fences and names their placeholders; importable without the report."""

import hashlib
import re
from typing import Any

from hooks.report.pages.additions import placeholder

LANGUAGE = "chart"


def placed_chart(source: str, *_: Any, **__: Any) -> str:
    """The placeholder for a chart fence; a formatter for the custom fences of superfences."""
    return placeholder(chart_name(source))


def asks_for_chart(info: str) -> bool:
    """Whether the info string of a fence marks it as a chart."""
    return re.match(r"\s*(?:\{\s*)?\.?chart(?![\w.-])", info) is not None


def chart_name(source: str) -> str:
    """Name of the placeholder of a chart; fences with the same content share one."""
    return f"chart-{hashlib.sha256(source.encode()).hexdigest()[:16]}"
