"""Measures attention implementations: pages × workloads → records."""

__version__ = "0.1.0"
