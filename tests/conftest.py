"""Loads the fixtures of both halves, and gives every process its usual Ctrl-C."""

import signal

pytest_plugins = ["bench_fixtures", "site_fixtures"]

# A shell that starts the tests in the background has them ignore it, and what they start too.
signal.signal(signal.SIGINT, signal.default_int_handler)
