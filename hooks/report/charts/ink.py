"""The colours of a page that a still picture cannot read from its style sheet."""

INK = {
    "light": {"ink": "#434955", "line": "#c5c9d1", "grid": "#eceef1", "grey": "#8b909b"},
    "dark": {"ink": "#c3c8d3", "line": "#4a5060", "grid": "#2a2e3a", "grey": "#6e7482"},
}
"""As in report.css: texts, axes, the lines across a plot, and results that do not stand out."""
