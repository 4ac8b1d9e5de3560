"""Writes the templates of all charts, after a change to one of them or a new Altair.

    python -m hooks.charts.make_templates

They are kept in the repository because importing Altair costs as much as a third of a build, and
translating Vega-Lite in the browser as much as a third of drawing a chart.
"""

import json

import altair as alt
import vl_convert

from hooks.charts.templates import TEMPLATES, VEGA_LITE, Specification
from hooks.charts.vega_accuracy import accuracy
from hooks.charts.vega_dots import dots
from hooks.charts.vega_fastp import fastp
from hooks.charts.vega_footprint import footprint
from hooks.charts.vega_history import history
from hooks.charts.vega_lines import lines, named_lines
from hooks.charts.vega_ratios import ratios
from hooks.charts.vega_samples import samples

ROWS = {"dots", "footprint", "ratios"}
"""The kinds that are as high as they have rows."""

KINDS = (lines, named_lines, fastp, samples, history, ratios, dots, accuracy, footprint)

CHOSEN = {"lines": ("x", "y"), "named_lines": ("y",)}
"""The axes that are linear or logarithmic as the values ask for."""

CONFIG = {
    "background": "transparent",
    "font": "$font",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "$ink",
        "titleColor": "$ink",
        "domainColor": "$line",
        "tickColor": "$line",
        "gridColor": "$grid",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 12,
    },
    "legend": {"labelColor": "$ink", "labelFontSize": 12.5, "rowPadding": 5},
    "text": {"color": "$ink"},
    "rule": {"color": "$ink"},
}
"""The page's own colours and font, where the browser draws."""


def made() -> str:
    """What the file has to hold."""
    found: dict[str, dict[str, Specification]] = {"vega": {}, "vega_lite": {}}
    for kind in KINDS:
        name, spec = kind.__name__, _template(kind())
        found["vega"][name] = _open(name, _translated(spec))
        found["vega_lite"][name] = _open(name, spec)
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _template(chart: alt.LayerChart | alt.FacetChart) -> Specification:
    with alt.data_transformers.enable(consolidate_datasets=False):
        spec: Specification = chart.to_dict()
    # Altair's default theme: the page has its own colours and sizes.
    spec.pop("config", None)
    names = {"points"}
    for layer in spec["layer"]:
        if name := layer.get("data", {}).get("name"):
            names.add(name)
            if name == "points":  # those of the whole
                del layer["data"]
    spec["datasets"] = {name: [f"${name}"] for name in sorted(names)}
    return spec | {"data": {"name": "points"}, "description": "$description"}


def _translated(spec: Specification) -> Specification:
    vega: Specification = vl_convert.vegalite_to_vega(spec, vl_version=VEGA_LITE, config=CONFIG)
    return vega


def _open(name: str, spec: Specification) -> Specification:
    """Leave open what the translation has to have in words or numbers: scale types and height."""
    scales = {scale["name"]: scale for scale in spec.get("scales", ())}
    for axis in CHOSEN.get(name, ()):
        layers = (layer["encoding"][axis]["scale"] for layer in spec.get("layer", ()))
        for scale in (*layers, *([scales[axis]] if scales else ())):
            scale["type"] = f"${axis}_type"
    return spec | ({"height": "$height"} if name in ROWS else {})


if __name__ == "__main__":
    TEMPLATES.write_text(made(), encoding="utf-8")
