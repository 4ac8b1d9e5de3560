"""Writes the templates of all charts, after a change to one of them or a new Altair.

    python -m hooks.charts.make_templates

They are kept in the repository because importing Altair costs as much as a third of a build.
"""

import importlib
import json

import altair as alt

from hooks.charts.templates import TEMPLATES, Specification

KINDS = {
    "lines": "vega_lines",
    "fastp": "vega_fastp",
    "samples": "vega_samples",
    "history": "vega_history",
    "ratios": "vega_ratios",
    "dots": "vega_dots",
    "accuracy": "vega_accuracy",
    "footprint": "vega_footprint",
}
"""The kinds of charts, each a function of this name in a module beside this one."""


def made() -> str:
    """What the file has to hold."""
    found = {kind: _template(kind, module) for kind, module in KINDS.items()}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _template(kind: str, module: str) -> Specification:
    chart = getattr(importlib.import_module(f"hooks.charts.{module}"), kind)()
    with alt.data_transformers.enable(consolidate_datasets=False):
        spec: Specification = chart.to_dict()
    # Altair's default theme: the page has its own colours and sizes.
    spec.pop("config", None)
    # Layers draw the points of the whole, unless they have values of their own.
    for layer in spec.get("layer", ()):
        if layer.get("data", {}).get("name") == "points":
            del layer["data"]
    return spec


if __name__ == "__main__":
    TEMPLATES.write_text(made(), encoding="utf-8")
