"""Colours of the page for charts, in each of its two colour schemes."""

INK = {
    "light": {"ink": "#434955", "line": "#c5c9d1", "grid": "#eceef1", "grey": "#8b909b"},
    "dark": {"ink": "#c3c8d3", "line": "#4a5060", "grid": "#2a2e3a", "grey": "#6e7482"},
}
"""Colours of text, axes, grid lines and lines that do not stand out.

The style sheet has the last one too, for the keys of lines in tables.
"""
