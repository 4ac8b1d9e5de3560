"""Still pictures for readers without JavaScript, for print and for a README.

They are rendered from the same specifications as the live charts.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import msgspec
from markupsafe import escape

from hooks.report.charts.chart import Chart
from hooks.report.charts.figure import SCHEMES, WIDTH, picture
from hooks.report.charts.ink import INK
from hooks.report.charts.specifications import Specification, Specifications
from hooks.report.reading.cache import Cache

_SVG = ".svg"
_SCALE = 1.2
"""Scale of PNGs: 1200 px wide, the size that link previews ask for."""


def files(
    charts: Mapping[str, Chart], specifications: Specifications, cache: Cache, *, stills: bool
) -> dict[str, bytes]:
    """Each chart as Vega-Lite and, with `stills`, as a picture for each scheme, by their paths."""
    contents: dict[str, bytes] = {}
    for name, chart in charts.items():
        contents[f"charts/{name}.vl.json"] = msgspec.json.encode(specifications.filled(chart))
        if not stills:
            continue
        svg = _svg(_still(specifications.vega[chart.kind], chart), chart, cache)
        for scheme in SCHEMES:
            contents[picture(name, scheme)] = _in_ink(svg, scheme)
    return contents


def _in_ink(svg: bytes, scheme: str) -> bytes:
    """`svg`, drawn in the colours of the light scheme, in those of `scheme`."""
    for name, ink in INK["light"].items():
        svg = svg.replace(ink.encode(), INK[scheme][name].encode())
    return svg


def png(svg: bytes) -> bytes:
    """`svg` rendered on white, with the same result on every machine."""
    import vl_convert

    paper = svg.replace(b"</desc>", b'</desc><rect width="100%" height="100%" fill="#fff"/>', 1)
    with _no_fonts_installed():
        image: bytes = vl_convert.svg_to_png(paper.decode(), scale=_SCALE)
    return image


def _still(vega: Specification, chart: Chart) -> Specification:
    """The Vega specification of `chart` with its data and width, in the colours it begins with."""
    return vega | {
        "width": WIDTH,
        "signals": [
            signal
            | ({"value": chart.params[signal["name"]]} if signal["name"] in chart.params else {})
            for signal in vega["signals"]
            if signal["name"] != "width"
        ],
        "data": [
            data
            | ({"values": list(chart.data[data["name"]])} if data["name"] in chart.data else {})
            for data in vega["data"]
        ],
    }


def _svg(spec: Specification, chart: Chart, cache: Cache) -> bytes:
    def make() -> bytes:
        import vl_convert

        with _no_fonts_installed():
            svg: str = vl_convert.vega_to_svg(spec)
        head, _, body = svg.partition(">")
        text = f"<title>{escape(chart.title)}</title><desc>{escape(chart.description)}</desc>"
        return f'{head} role="img">{text}{body}'.encode()

    inputs = [msgspec.json.encode(spec), chart.description.encode()]
    return cache.get(_SVG, [*inputs, version("vl-convert-python").encode()], make)


_CONFIG = '<?xml version="1.0"?><fontconfig><dir>{}</dir></fontconfig>\n'
"""A Fontconfig file that names the only folder with fonts."""


@contextmanager
def _no_fonts_installed() -> Iterator[None]:
    """Hide the machine's fonts, so that vl-convert uses only its own (Liberation Sans).

    With installed fonts, pictures would differ between machines and take twice as long, because
    their files are opened again for each letter. vl-convert looks for fonts when it first renders
    in a process.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "fonts.conf")
        config.write_text(_CONFIG.format(folder), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(config)
        try:
            yield
        finally:
            del os.environ["FONTCONFIG_FILE"]
            if before is not None:
                os.environ["FONTCONFIG_FILE"] = before
