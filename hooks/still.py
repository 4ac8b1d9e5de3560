"""The chart as a still picture: SVG for readers without JavaScript, for print and for a README.

vl-convert draws it from the same specification as the live chart, once and in the light ink; the
picture for dark pages is the same one in other ink, because starting vl-convert costs as much CPU
as building all the pages.
"""

import json
from typing import Any

from hooks.cache import Cache, versions
from hooks.markup import escape
from hooks.specification import VEGA_LITE

WIDTH, HEIGHT = 640, 420

INK = {
    "light": {"text": "#434955", "line": "#c5c9d1", "grid": "#eceef1"},
    "dark": {"text": "#c3c8d3", "line": "#4a5060", "grid": "#2a2e3a"},
}
"""As in the style sheet, for a picture cannot read a page's own."""


def still(cache: Cache, specification: bytes, scheme: str) -> bytes:
    """The SVG of `specification`, without a background, for pages of the colour scheme."""

    def make() -> bytes:
        import vl_convert

        spec = {**json.loads(specification), "width": WIDTH, "height": HEIGHT}
        picture: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, config=_config())
        # Vega writes the description into a live chart only.
        return picture.replace(">", f"><desc>{escape(spec['description'])}</desc>", 1).encode()

    inputs = [specification, json.dumps(_config()).encode(), versions("vl-convert-python")]
    picture = cache.get(".svg", inputs, make)
    for part, ink in INK["light"].items():
        picture = picture.replace(ink.encode(), INK[scheme][part].encode())
    return picture


def _config() -> dict[str, Any]:
    ink = INK["light"]
    return {
        "background": None,
        "font": "Helvetica, Arial, sans-serif",
        "view": {"stroke": None},
        "axis": {
            "labelColor": ink["text"],
            "titleColor": ink["text"],
            "domainColor": ink["line"],
            "tickColor": ink["line"],
            "gridColor": ink["grid"],
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "titlePadding": 12,
        },
        "legend": {
            "labelColor": ink["text"],
            "labelFontSize": 12,
            "labelLimit": 320,
            "rowPadding": 5,
            "offset": 24,
        },
    }
