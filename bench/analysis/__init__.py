"""Computes latencies, intervals, marks and ranks from records, without torch; stores nothing."""
