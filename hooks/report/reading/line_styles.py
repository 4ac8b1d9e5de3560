"""Line styles: colour, dash and marker, so that no two lines differ in colour alone."""

from dataclasses import dataclass

from bench.analysis.leaderboard import Leaderboard, Line
from hooks.report import elements as h

COLOURS = ("#0077bb", "#d9541e", "#00917f", "#bb3aa3", "#7d7f00", "#7b68d9", "#c93a55")
"""Colours with a contrast of 3:1 to 5.5:1 on white and on dark pages; hues after Paul Tol."""

DASHES = ((1, 0), (6, 3), (2, 2))

SHAPES = (
    "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0Z",
    "M-.9,-.9H.9V.9H-.9Z",
    "M0,-1.1L1.1,.9H-1.1Z",
    "M0,-1.2L1.2,0L0,1.2L-1.2,0Z",
    "M0,1.1L1.1,-.9H-1.1Z",
    "M-.4,-1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z",
    "M-1,-1H1L-1,1H1Z",
)
"""Markers as SVG paths around the origin, used in charts and in the keys of lines in tables."""


@dataclass(frozen=True)
class LineStyle:
    """The colour, dash and marker of a line."""

    colour: str
    dash: tuple[int, int]
    shape: str


def line_style(place: int) -> LineStyle:
    """The style of the line at index `place`; no two of the first 21 share both colour and dash."""
    turn, step = divmod(place, len(COLOURS))
    shape = SHAPES[(step + 3 * turn) % len(SHAPES)]
    return LineStyle(COLOURS[step], DASHES[turn % len(DASHES)], shape)


def stands_out(board: Leaderboard, line: Line) -> bool:
    """Whether charts draw `line` in colour: the best line, those tied with it, and the baseline."""
    return line is board.baseline or (line.rank is not None and line.rank.number == 1)


def swatch(style: LineStyle) -> h.Element:
    """The key of a line in a table, drawn as in the chart."""
    on, off = style.dash
    line = {"stroke_width": "2", "stroke_dasharray": f"{on} {off}" if off else None}
    stroke = h.element("path", d="M1 6H29", stroke=style.colour, **line)
    place = "translate(15 6) scale(4.2)"
    marker = h.element("path", d=style.shape, transform=place, fill=style.colour)
    size = {"viewBox": "0 0 30 12", "width": "30", "height": "12"}
    return h.element("svg", stroke, marker, class_="swatch", **size, aria_hidden="true")
