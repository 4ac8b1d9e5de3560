"""Drawings: plain values, which Vega-Lite and the still pictures both draw."""
