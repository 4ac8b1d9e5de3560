"""The charts of the first board as files: Vega-Lite, and pictures for light and dark pages."""

from collections.abc import Mapping

import msgspec

from hooks.charts.drawing import Drawing
from hooks.charts.filling import drawing_values, kind_of
from hooks.charts.still import HEIGHT, still
from hooks.charts.svg import WIDTH
from hooks.charts.templates import Specification, fill
from hooks.markup import escape

SCHEMES = {"light": "", "dark": "-dark"}


def picture(name: str, scheme: str) -> str:
    """Where the site has the picture of a chart."""
    return f"charts/{name}{SCHEMES[scheme]}.svg"


def images(name: str, alternative: str, *, height: int = HEIGHT, lazy: bool = True) -> str:
    """The picture of a chart for each scheme, of which the theme shows one; HTML.

    `height` in px for `WIDTH`: a browser keeps the room for it.
    """
    more = f' width="{WIDTH}" height="{height}"' + (' loading="lazy"' if lazy else "")
    return "".join(
        f'<img src="~/{picture(name, scheme)}#only-{scheme}" alt="{escape(alternative)}"{more}>'
        for scheme in SCHEMES
    )


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
