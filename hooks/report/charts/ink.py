"""Colours of the page for still pictures, which cannot read them from the style sheet."""

INK = {
    "light": {"ink": "#434955", "line": "#c5c9d1", "grid": "#eceef1", "grey": "#8b909b"},
    "dark": {"ink": "#c3c8d3", "line": "#4a5060", "grid": "#2a2e3a", "grey": "#6e7482"},
}
"""Colours of text, axes, grid lines and lines that do not stand out; the same as in report.css."""
