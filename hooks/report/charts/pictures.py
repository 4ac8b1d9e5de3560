"""Still pictures for readers without JavaScript, for print and for a README.

They are rendered from the same specifications as the live charts.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

import msgspec
from markupsafe import escape

from bench.analysis.leaderboard import Leaderboard
from hooks.report.charts.chart import Chart
from hooks.report.charts.fastp import fastp_chart
from hooks.report.charts.figure import INK, SCHEMES, WIDTH, picture
from hooks.report.charts.lines import lines_chart, lines_with
from hooks.report.charts.specifications import VEGA_LITE, Specification, Specifications
from hooks.report.charts.workloads_page import SECTIONS, longest, workload_charts
from hooks.report.metrics import METRICS
from hooks.report.reading.cache import Cache
from hooks.report.reading.report import Report

_SIZE = {"width": WIDTH, "autosize": {"type": "fit-x", "contains": "padding"}}
"""The size of a still picture, in place of the width of its container."""
_SCALE = 1.2
"""Scale of PNGs: 1200 px wide, the size that link previews ask for."""


def files(
    report: Report, specifications: Specifications, cache: Cache, *, stills: bool
) -> dict[str, bytes]:
    """Each chart of the first leaderboard as Vega-Lite and, with `stills`, as pictures, by path.

    A PNG shows the light picture.
    """
    contents: dict[str, bytes] = {}
    for name, chart in _charts(report, report.leaderboards[0]).items():
        spec = specifications.filled(chart)
        contents[f"charts/{name}.vl.json"] = msgspec.json.encode(spec)
        if stills:
            svg = _svg(spec | _SIZE, chart, cache)
            contents |= {picture(name, scheme): _in_ink(svg, scheme) for scheme in SCHEMES}
            contents[f"charts/{name}.png"] = cache.get(".png", [svg], partial(_png, svg))
    return contents


def _charts(report: Report, board: Leaderboard) -> dict[str, Chart]:
    """Charts of each metric, of fast_p and of the longest workload, by their file names.

    Charts without points are left out, except latency, which the front page always shows.
    """
    charts = {
        name: lines_chart(report, board, metric)
        for name, metric in METRICS.items()
        if name == "latency" or lines_with(board, metric)
    }
    if curves := fastp_chart(report, board):
        charts["fastp"] = curves
    for kind, chart in workload_charts(report, board, longest(board)).items():
        charts[SECTIONS[kind].file] = chart
    return charts


def _in_ink(svg: bytes, scheme: str) -> bytes:
    """`svg`, drawn in the colours of the light scheme, in those of `scheme`."""
    inks = {ink.encode(): INK[scheme][name].encode() for name, ink in INK["light"].items()}
    return re.sub(b"|".join(inks), lambda match: inks[match[0]], svg)


def _png(svg: bytes) -> bytes:
    """`svg` rendered on white, with the same result on every machine."""
    import vl_convert

    paper = svg.replace(b"</desc>", b'</desc><rect width="100%" height="100%" fill="#fff"/>', 1)
    with _no_fonts_installed():
        image: bytes = vl_convert.svg_to_png(paper.decode(), scale=_SCALE)
    return image


def _svg(spec: Specification, chart: Chart, cache: Cache) -> bytes:
    def make() -> bytes:
        import vl_convert

        with _no_fonts_installed():
            svg: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
        head, _, body = svg.partition(">")
        text = f"<title>{escape(chart.title)}</title><desc>{escape(chart.description)}</desc>"
        return f'{head} role="img">{text}{body}'.encode()

    inputs = [msgspec.json.encode(spec), version("vl-convert-python").encode()]
    return cache.get(".svg", inputs, make)


_CONFIG = '<?xml version="1.0"?><fontconfig><dir>{}</dir></fontconfig>\n'
"""A Fontconfig file that names the only folder with fonts."""


@contextmanager
def _no_fonts_installed() -> Iterator[None]:
    """Hide the machine's fonts, so that vl-convert uses only its own (Liberation Sans).

    With installed fonts, pictures would differ between machines and take twice as long, because
    their files are opened again for each letter. vl-convert looks for fonts when it first renders
    in a process. The variable is then set back: a browser that this process starts needs fonts.
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
