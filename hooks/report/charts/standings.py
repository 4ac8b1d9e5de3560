"""The standings of lines and the verdicts on pairs, with their colours and markers."""

from hooks.report.reading.line_styles import SHAPES

_BLUE, _ORANGE, _GREY, _OLIVE = "#0077bb", "#d9541e", "#7c8492", "#7d7f00"
_CIRCLE, _SQUARE, _DIAMOND = SHAPES[0], SHAPES[1], SHAPES[3]

BEST, SLOWER = "may be the fastest", "slower"
QUANTISED, UNRANKED = "quantised, not ranked", "one round, not ranked"

STANDINGS = {
    BEST: (_BLUE, _CIRCLE),
    SLOWER: (_GREY, _CIRCLE),
    QUANTISED: (_ORANGE, _DIAMOND),
    UNRANKED: (_GREY, _DIAMOND),
}
"""Colour and marker of each standing of a line at a workload."""

EXACT, OTHER = (_BLUE, _CIRCLE), (_ORANGE, _DIAMOND)
"""Colour and marker of exact lines, and of all others."""

VERDICTS = {
    "A is faster": (_BLUE, "M-.9,-1.1L1.2,0L-.9,1.1Z"),
    "B is faster": (_ORANGE, "M.9,-1.1L-1.2,0L.9,1.1Z"),
    "indistinguishable": (_GREY, _CIRCLE),
    "undecided: one round": (_OLIVE, _SQUARE),
}
"""Colour and marker of each verdict on a pair."""
