"""The specifications of all kinds of charts, made again only when code has changed.

Each exists in two languages: Vega-Lite, which Altair writes and which is offered for download, and
Vega, its translation, from which the browser draws.
"""

from importlib.metadata import version
from typing import Any

import msgspec

from hooks.report.charts.chart import Chart
from hooks.report.reading.cache import Cache, sources

VEGA_LITE = "6.4"
"""Version that Altair writes and vl-convert translates; a test checks that the two agree."""

Specification = dict[str, Any]

CONFIG = {
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelColor": {"expr": "ink"},
        "titleColor": {"expr": "ink"},
        "domainColor": {"expr": "line"},
        "tickColor": {"expr": "line"},
        "gridColor": {"expr": "grid"},
        "labelFontSize": 12,
        "labelSeparation": 6,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 12,
    },
    "axisY": {"domain": False, "ticks": False, "labelPadding": 8},
    "title": {"color": {"expr": "ink"}, "fontSize": 12, "fontWeight": "normal", "offset": 10},
    "legend": {"labelColor": {"expr": "ink"}, "labelFontSize": 12.5, "rowPadding": 5},
}
"""Sizes, and colours as parameters that are set to the page's colours."""

_FONT = "Helvetica, Arial, sans-serif"
"""The font of downloads and still pictures; the browser draws in the page's font."""

_SUFFIX = ".charts"


class Specifications(msgspec.Struct, frozen=True):
    """The specification of each kind in both languages."""

    vega: dict[str, Specification]
    vega_lite: dict[str, Specification]

    def filled(self, chart: Chart) -> Specification:
        """`chart` in Vega-Lite, with its data."""
        spec = self.vega_lite[chart.kind]
        params = [
            param
            | ({"value": chart.params[param["name"]]} if param["name"] in chart.params else {})
            for param in spec["params"]
        ]
        data = {name: list(rows) for name, rows in chart.data.items()}
        return spec | {"description": chart.description, "params": params, "datasets": data}


def specifications(cache: Cache) -> Specifications:
    """All specifications, from `cache` if neither the code nor a package has changed."""
    versions = [version(package).encode() for package in ("altair", "vl-convert-python")]
    content = cache.get(_SUFFIX, [sources(), *versions], lambda: msgspec.json.encode(_made()))
    return msgspec.json.decode(content, type=Specifications)


def _made() -> Specifications:
    import vl_convert
    from altair.utils.schemapi import debug_mode

    from hooks.report.charts.kinds.catalogue import KINDS

    # CONFIG replaces the configuration of Altair's own theme. A test validates the specifications,
    # which takes as long as making them.
    with debug_mode(False):
        specs = {
            kind: make().to_dict(validate=False) | {"config": CONFIG}
            for kind, make in KINDS.items()
        }
    return Specifications(
        vega={
            kind: vl_convert.vegalite_to_vega(spec, vl_version=VEGA_LITE)
            for kind, spec in specs.items()
        },
        vega_lite={
            kind: spec | {"config": CONFIG | {"font": _FONT}} for kind, spec in specs.items()
        },
    )
