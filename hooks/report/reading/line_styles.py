"""How a line is drawn: colour, dash and marker, so that no two lines differ in colour alone."""

from dataclasses import dataclass

from bench.analysis.leaderboard import Leaderboard, Line
from hooks.report.elements import Element, element

COLOURS = ("#0077bb", "#d9541e", "#00917f", "#bb3aa3", "#7d7f00", "#7b68d9", "#c93a55")
"""Between 3 and 5.5 to 1 against both a white and a dark page; hues after Paul Tol's palettes."""

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
"""Markers as SVG paths about the origin: Vega draws charts with them, tables their keys."""


@dataclass(frozen=True)
class Look:
    """One way to draw a line."""

    colour: str
    dash: tuple[int, int]
    shape: str


def look(place: int) -> Look:
    """The look of the line at `place`: no two of the first 21 share colour and dash."""
    turn, step = divmod(place, len(COLOURS))
    shape = SHAPES[(step + 3 * turn) % len(SHAPES)]
    return Look(COLOURS[step], DASHES[turn % len(DASHES)], shape)


def stands_out(board: Leaderboard, line: Line) -> bool:
    """Whether a chart draws a line in its colour: the best, those level with it, the baseline."""
    return line is board.baseline or (line.rank is not None and line.rank.number == 1)


def swatch(look: Look) -> Element:
    """The key of a line in a table, as the chart draws it."""
    on, off = look.dash
    stroke = element(
        "path",
        d="M1 6H29",
        stroke=look.colour,
        stroke_width="2",
        stroke_dasharray=f"{on} {off}" if off else None,
    )
    marker = element("path", d=look.shape, transform="translate(15 6) scale(4.2)", fill=look.colour)
    return element(
        "svg",
        stroke,
        marker,
        class_="swatch",
        viewBox="0 0 30 12",
        width=30,
        height=12,
        aria_hidden="true",
    )
