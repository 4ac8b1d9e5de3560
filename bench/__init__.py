"""Measures implementations of operations: pages × workloads → records."""

__version__ = "0.1.0"
