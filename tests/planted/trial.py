"""Plants one fault in a copy of the checkout and runs the tests that could notice it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

from faults import Fault
from reach import Test

_FIRST_FAILURE = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Verdict:
    """Whether a fault was caught, and by what."""

    caught: bool
    by: str
    """The test that failed first; of a survivor, how many tests ran."""


def choose(tests: Sequence[Test], seconds: float) -> list[Test]:
    """The fastest of `tests` that take `seconds` together, one at least; files stay together."""
    chosen: list[Test] = []
    for test in sorted(tests, key=lambda test: test.seconds):
        seconds -= test.seconds
        if chosen and seconds < 0:
            break
        chosen.append(test)
    order = list(dict.fromkeys(test.file for test in chosen))
    return sorted(chosen, key=lambda test: order.index(test.file))


def try_fault(fault: Fault, tests: Sequence[Test], tree: Path) -> Verdict:
    """Run `tests`, the first failure ends it, in `tree` with the fault; the fault is gone after."""
    if not tests:
        return Verdict(caught=False, by="no test reaches it")
    path = tree / fault.path
    before = path.read_text(encoding="utf-8")
    try:
        _write(path, fault.source)
        return _run(tests, tree)
    finally:
        _write(path, before)


def _write(path: Path, source: str) -> None:
    """Replace a module; Python tells an old compiled one by its second and size only."""
    path.write_text(source, encoding="utf-8")
    Path(cache_from_source(str(path))).unlink(missing_ok=True)


def _run(tests: Sequence[Test], tree: Path) -> Verdict:
    expected_s = sum(test.seconds for test in tests)
    words = ["-x", "-p", "no:xdist", "-p", "no:cacheprovider", *(test.id for test in tests)]
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", *words],
        cwd=tree,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=60 + 10 * expected_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return Verdict(caught=True, by="the tests did not end in time")
    if process.returncode == 0:
        return Verdict(caught=False, by=f"{len(tests)} tests passed")
    failure = _FIRST_FAILURE.search(output)
    return Verdict(caught=True, by=failure[1] if failure else "the tests could not be run")
