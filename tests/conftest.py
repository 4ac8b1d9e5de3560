"""Loads the fixtures of both halves."""

pytest_plugins = ["bench_fixtures", "site_fixtures"]
