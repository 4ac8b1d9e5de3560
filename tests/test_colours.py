"""Colours for every reader: lines told apart without them, and words that stand out enough."""

import itertools
import math
import re

import pytest
from builds import ROOT

from hooks.report.charts.figure import INK
from hooks.report.reading.line_styles import COLOURS, LineStyle, line_style

LINES = 21
"""As many lines as have a look of their own."""

CONFUSED = 15.0
"""CIEDE2000: below this, thin lines and small markers may be taken for one another."""

SIGHT = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""What each eye makes of linear RGB: Machado, Oliveira and Fernandes (2009), severity 1."""

PAGES = {"light": "#ffffff", "dark": "#1e2129"}
"""The page behind the words, and behind the charts."""


@pytest.mark.parametrize("sight", SIGHT)
def test_lines_whose_colours_may_be_confused_differ_in_dash_or_marker(sight: str) -> None:
    confused = [
        (one, other)
        for one, other in itertools.combinations(map(line_style, range(LINES)), 2)
        if difference(seen(one.colour, sight), seen(other.colour, sight)) < CONFUSED
    ]
    assert len(confused) >= LINES  # each colour is used three times: the test looks at something
    assert [pair for pair in confused if not _told_apart(*pair)] == []


@pytest.mark.parametrize(
    ("sight", "least", "safe"),
    [
        ("all colours", 19, 21),
        ("protanopia", 4.5, 17),
        ("deuteranopia", 5, 14),
        ("tritanopia", 6, 16),
    ],
)
def test_how_far_apart_the_colours_are(sight: str, least: float, safe: int) -> None:
    """`least`: CIEDE2000 of the closest two. `safe`: pairs, of 21, that nobody takes for one."""
    pairs = list(itertools.combinations([seen(colour, sight) for colour in COLOURS], 2))
    apart = [difference(*pair) for pair in pairs]
    assert min(apart) >= least
    assert sum(each >= CONFUSED for each in apart) >= safe


def test_the_difference_is_that_of_its_authors() -> None:
    """Three pairs of Sharma, Wu and Dalal's table (2005)."""
    for one, other, expected in (
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ):
        assert _ciede2000(one, other) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("scheme", PAGES)
def test_the_words_of_charts_and_tables_stand_out(scheme: str) -> None:
    """At least 4.5 to 1 (WCAG 2.1 AA); axe measures the rest of the text in a browser."""
    style = (ROOT / "hooks/theme/assets/report.css").read_text(encoding="utf-8")
    light, dark = (
        _variables(block) for block in re.findall(r"\{([^}]*--report-grey:[^}]*)\}", style)
    )
    words = {"light": light, "dark": light | dark}[scheme]
    for colour in (INK[scheme]["ink"], words["sign"]):
        assert contrast(colour, PAGES[scheme]) >= 4.5, colour
    assert words["grey"] == INK[scheme]["grey"]


@pytest.mark.parametrize("scheme", PAGES)
def test_lines_and_their_bars_stand_out(scheme: str) -> None:
    """At least 3 to 1, as WCAG 2.1 asks of graphics."""
    colours = (*COLOURS, INK[scheme]["grey"])
    assert [colour for colour in colours if contrast(colour, PAGES[scheme]) < 3] == []


def _told_apart(one: LineStyle, other: LineStyle) -> bool:
    return one.dash != other.dash or one.shape != other.shape


def _variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--report-(\w+): (#[0-9a-f]{6});", block))


Triple = tuple[float, float, float]


def linear(colour: str) -> Triple:
    """`#rrggbb` as linear light."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return red, green, blue


def seen(colour: str, sight: str) -> Triple:
    """`colour` in linear light as an eye sees it."""
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear(colour), strict=True))))
        for row in SIGHT[sight]
    )
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.1)."""
    shares = (0.2126, 0.7152, 0.0722)
    low, high = sorted(
        sum(a * b for a, b in zip(shares, linear(colour), strict=True)) for colour in (one, other)
    )
    return (high + 0.05) / (low + 0.05)


def difference(one: Triple, other: Triple) -> float:
    """CIEDE2000 between two colours in linear RGB."""
    return _ciede2000(_lab(one), _lab(other))


def _lab(rgb: Triple) -> Triple:
    rows = (
        (0.4124564, 0.3575761, 0.1804375, 0.95047),
        (0.2126729, 0.7151522, 0.0721750, 1.0),
        (0.0193339, 0.1191920, 0.9503041, 1.08883),
    )
    x, y, z = (_root(sum(a * b for a, b in zip(row, rgb, strict=False)) / row[3]) for row in rows)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(value: float) -> float:
    return value ** (1 / 3) if value > (6 / 29) ** 3 else value / (3 * (6 / 29) ** 2) + 4 / 29


def _ciede2000(one: Triple, other: Triple) -> float:
    """Sharma, Wu and Dalal (2005), with all weights 1."""
    mean = (math.hypot(*one[1:]) + math.hypot(*other[1:])) / 2
    grey = 1 + 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    (l1, c1, h1), (l2, c2, h2) = _polar(one, grey), _polar(other, grey)
    turn = h2 - h1 - 360 * ((h2 - h1) > 180) + 360 * ((h2 - h1) < -180) if c1 * c2 else 0.0
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = h1 + turn / 2 if c1 * c2 else h1 + h2
    spread = (
        1
        - 0.17 * _cos(hue - 30)
        + 0.24 * _cos(2 * hue)
        + 0.32 * _cos(3 * hue + 6)
        - 0.20 * _cos(4 * hue - 63)
    )
    dl = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * chroma * spread)
    around = math.exp(-((((hue % 360) - 275) / 25) ** 2))
    bend = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * math.sin(math.radians(60 * around))
    return math.sqrt(dl**2 + dc**2 + dh**2 + bend * dc * dh)


def _polar(lab: Triple, grey: float) -> Triple:
    a = lab[1] * grey
    return lab[0], math.hypot(a, lab[2]), math.degrees(math.atan2(lab[2], a)) % 360


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))
