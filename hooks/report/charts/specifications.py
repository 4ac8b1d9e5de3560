"""The specifications of all kinds of charts, made when one of them has changed.

Each in two languages: Vega-Lite, which Altair writes and downloads are in, and the Vega that it
stands for, which the browser and the still pictures draw from.
"""

from functools import cache as once
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from bench.files import files
from hooks.report.charts.chart import Chart
from hooks.report.reading.cache import Cache

VEGA_LITE = "6.4"
"""What Altair writes and vl-convert translates; a test holds that they are the same."""

Specification = dict[str, Any]

CONFIG = {
    "background": "transparent",
    "font": "Helvetica, Arial, sans-serif",
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
"""Sizes, and colours by the parameters that hold those of the page."""

_SUFFIX = ".charts"
_LOOKS = ("charts/standings.py", "reading/looks.py")
"""Besides the kinds themselves, what they are made from."""


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
    """All of them, from `cache` where nothing that they are made from has changed."""
    content = cache.get(_SUFFIX, _inputs(), lambda: msgspec.json.encode(_made()))
    return msgspec.json.decode(content, type=Specifications)


@once
def _inputs() -> tuple[bytes, ...]:
    hooks = Path(__file__).parents[1]
    paths = [Path(__file__), *files(hooks / "charts" / "kinds", ".py")]
    paths += [hooks / path for path in _LOOKS]
    versions = [version(package).encode() for package in ("altair", "vl-convert-python")]
    return (*versions, *(path.read_bytes() for path in paths))


def _made() -> Specifications:
    import vl_convert

    from hooks.report.charts.kinds import KINDS

    # The configuration takes the place of Altair's own theme. Validation, which a test does, would
    # take a second.
    lite = {
        kind: make().to_dict(validate=False) | {"config": CONFIG} for kind, make in KINDS.items()
    }
    return Specifications(
        vega={
            kind: vl_convert.vegalite_to_vega(spec, vl_version=VEGA_LITE)
            for kind, spec in lite.items()
        },
        vega_lite=lite,
    )
