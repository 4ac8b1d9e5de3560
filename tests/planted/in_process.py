"""A pytest plugin that leaves out tests that start processes of `bench`, and empties caches.

mutmut follows calls in its own process alone: any other fails while it finds out which tests reach
which function. It forks that process for each mutant, so that a cached function would give what it
had computed before the mutant.
"""

import sys

import pytest

_STARTERS = {"bench", "run_context", "timed", "built", "published", "ports", "checkout", "measured"}
"""Fixtures that run the command line, a worker or a build."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests by the fixtures that they use."""
    out = [item for item in items if _STARTERS & set(getattr(item, "fixturenames", ()))]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]


def pytest_sessionstart() -> None:
    """Empty the caches of every function of the harness."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "bench":
            for one in list(vars(module).values()):
                if callable(clear := getattr(one, "cache_clear", None)):
                    clear()
