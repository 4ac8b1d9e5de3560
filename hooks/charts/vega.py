"""Writes the script that draws live charts, after a new vl-convert: `python -m hooks.charts.vega`.

It is kept in the repository because bundling costs more than the rest of a build together.
"""

import re
from importlib.metadata import version
from pathlib import Path

import vl_convert

from hooks.charts.templates import VEGA_LITE

TARGET = Path(__file__).parents[1] / "theme" / "assets" / "vega.js"

_HEADER = """\
/*! Vega {vega}, Vega-Lite {lite}, Vega-Embed {embed} and what they need: BSD-3-Clause, the
 *  University of Washington Interactive Data Lab; d3 and its parts: ISC, Mike Bostock.
 *  Bundled by vl-convert {bundler} (python -m hooks.charts.vega); not written by hand. */
"""


def bundle() -> str:
    """The script; all it leaves behind in a page is `vegaEmbed`."""
    code = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE)
    header = _HEADER.format(
        vega=vl_convert.get_vega_version(),
        lite=VEGA_LITE,
        embed=vl_convert.get_vega_embed_version(),
        bundler=version("vl-convert-python"),
    )
    # The bundle's own globals have one-letter names; a closing tag in a string would end a script.
    body = re.sub(r"</(?=script)", r"<\\/", code, flags=re.IGNORECASE)
    return f"{header}(function () {{\n{body}\n}})();\n"


if __name__ == "__main__":
    TARGET.write_text(bundle(), encoding="utf-8")
