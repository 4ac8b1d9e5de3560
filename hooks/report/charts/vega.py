"""Writes the script that draws live charts; to be run after an update of vl-convert.

    python -m hooks.report.charts.vega

The script is in the repository because bundling takes longer than the rest of a build.
"""

import re
from importlib.metadata import version
from pathlib import Path

import vl_convert

from hooks.report.charts.specifications import VEGA_LITE

TARGET = Path(__file__).parents[2] / "theme" / "assets" / "vega.js"

_HEADER = """\
/*! Vega {vega}, with its interpreter and tooltips: BSD-3-Clause, the University of Washington
 *  Interactive Data Lab; d3 and its parts: ISC, Mike Bostock.
 *  Bundled by vl-convert {bundler} (python -m hooks.report.charts.vega); not written by hand. */
"""

# The paths are those of vl-convert's own copies. Vega-Lite and Vega-Embed, a third of the size, are
# not needed, because the build translates specifications into Vega. Of Vega's transforms these are
# the ones that charts use; the others (maps, forces, trees, regressions, word clouds and so on) are
# a quarter of it.
_WANTED = """
import {transforms} from "/npm/vega-dataflow@6.1.0/+esm";
import * as data from "/npm/vega-transforms@5.1.0/+esm";
import * as layout from "/npm/vega-view-transforms@5.1.0/+esm";
import * as encoding from "/npm/vega-encode@5.1.0/+esm";
import {View} from "/npm/vega-view@6.1.0/+esm";
import {parse} from "/npm/vega-parser@7.1.0/+esm";
import {expressionInterpreter} from "/npm/vega-interpreter@2.0.0/+esm";
import {Handler} from "/npm/vega-tooltip@1.0.0/+esm";
Object.assign(transforms, data, layout, encoding);
window.vega = {parse, View, expressionInterpreter, Handler};
"""


def bundle() -> str:
    """The script; it defines one global, `vega`, with the functions that browser/draw.js needs."""
    code = vl_convert.javascript_bundle(_WANTED, vl_version=VEGA_LITE)
    bundler = version("vl-convert-python")
    header = _HEADER.format(vega=vl_convert.get_vega_version(), bundler=bundler)
    # The function hides one-letter globals; a closing tag in a string would end an inline script.
    body = re.sub(r"</(?=script)", r"<\\/", code, flags=re.IGNORECASE)
    return f"{header}(function () {{\n{body}\n}})();\n"


if __name__ == "__main__":
    TARGET.write_text(bundle(), encoding="utf-8")
