"""The colours of a page that a still picture cannot read from its style sheet."""

INK = {
    "light": {"ink": "#434955", "line": "#c5c9d1", "grid": "#eceef1"},
    "dark": {"ink": "#c3c8d3", "line": "#4a5060", "grid": "#2a2e3a"},
}
"""As in report.css: of texts, of axes, and of the lines across a plot."""
