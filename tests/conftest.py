"""Fixtures of both halves, the usual Ctrl-C, one thread for every process, the order."""

import atexit
import os
import shutil
import signal
import tempfile

import pytest

pytest_plugins = ["bench_fixtures", "site_fixtures"]

# A shell that starts the tests in the background has them ignore it, and what they start too.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests run side by side: threads of torch that wait for each other, spinning, take three times as
# long as one. Before torch is imported, and for what the tests start.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The folder of `drawn_once`: the first process makes it, and those that it starts inherit it.
if "DRAWN" not in os.environ:
    os.environ["DRAWN"] = tempfile.mkdtemp(prefix="attention-bench-")
    atexit.register(shutil.rmtree, os.environ["DRAWN"], ignore_errors=True)

LONGEST = (
    *("test_selftest", "test_browser_access", "test_cli", "test_virtual_environments"),
    *("test_files", "test_resume", "test_setup"),
)
"""Files that take minutes: begun last, one of them would run alone in the end."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests wait for time-outs, browsers and children."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; nothing else changes its place."""
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))
