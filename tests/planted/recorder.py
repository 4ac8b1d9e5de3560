"""A pytest plugin that records what each test reaches, in this process and in every other.

It runs in a copy of the checkout whose functions call `bench._reached.reached` first. A trace
function, which is what coverage has, will not do: the worker's guard refuses to measure under one,
and workers are killed before they could save anything.
"""

import json
import os
from pathlib import Path

import pytest

from bench import _reached  # type: ignore[attr-defined] # only in the instrumented copy

_tests: list[str] = []
_seconds: dict[str, float] = {}
_failed: set[str] = set()


def pytest_runtest_logstart(nodeid: str) -> None:
    """Let every process note from now on that it serves this test."""
    _tests.append(nodeid)
    _reached.begin(len(_tests))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up the time of the test and of its fixtures."""
    _seconds[report.nodeid] = _seconds.get(report.nodeid, 0.0) + report.duration
    if report.failed:
        _failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    """Write each test's time, whether it failed, and the numbers of the functions it reached."""
    found = [
        {
            "test": test,
            "seconds": _seconds.get(test, 0.0),
            "failed": test in _failed,
            "functions": _reached.functions(number),
        }
        for number, test in enumerate(_tests, 1)
    ]
    Path(os.environ["REACHED"]).write_text(json.dumps(found), encoding="utf-8")
