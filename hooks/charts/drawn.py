"""The charts of the first board as files: Vega-Lite, and pictures for light and dark pages."""

from collections.abc import Mapping

import msgspec

from hooks.charts.drawing import Drawing
from hooks.charts.figure import SCHEMES, picture
from hooks.charts.filling import drawing_values, kind_of
from hooks.charts.still import still
from hooks.charts.templates import Specification, fill


def drawn(drawings: Mapping[str, Drawing], forms: Mapping[str, Specification]) -> dict[str, bytes]:
    """Each drawing in every form, by its path on the site."""
    made: dict[str, bytes] = {}
    for name, drawing in drawings.items():
        made[f"charts/{name}.vl.json"] = msgspec.json.encode(
            fill(forms[kind_of(drawing)], drawing_values(drawing))
        )
        for scheme in SCHEMES:
            made[picture(name, scheme)] = still(drawing, scheme)
    return made
