"""Chart specifications without data, filled wherever data is.

They are made with Altair (`python -m hooks.charts.make_templates`) and kept beside this module,
each in two languages: Vega-Lite for downloads, and the Vega that it stands for, which the browser
draws without having to translate it. Where a text is `$NAME` a value of that name belongs.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

VEGA_LITE = "6.4"
"""What Altair writes and vl-convert translates; a test holds that they are the same."""

TEMPLATES = Path(__file__).with_name("templates.json")

Specification = dict[str, Any]

Values = dict[str, Any]
"""What goes into a template, by name. Lists go into the list that they are named in."""


class Templates(NamedTuple):
    """The template of each kind of chart in both languages."""

    vega: dict[str, Specification]
    vega_lite: dict[str, Specification]


def templates() -> Templates:
    """All of them."""
    return Templates(**json.loads(TEMPLATES.read_text(encoding="utf-8")))


def fill(template: Any, values: Mapping[str, Any]) -> Any:
    """A template with `values` in it; the twin of `fill` in browser/draw.js.

    Raises:
        KeyError: it names a value that is not there.
    """
    if isinstance(template, str):
        return values[template[1:]] if template.startswith("$") else template
    if isinstance(template, dict):
        return {name: fill(part, values) for name, part in template.items()}
    if isinstance(template, list):
        return [one for part in template for one in _spread(part, fill(part, values))]
    return template


def _spread(part: Any, filled: Any) -> list[Any]:
    named = isinstance(part, str) and isinstance(filled, list)
    return filled if named else [filled]
