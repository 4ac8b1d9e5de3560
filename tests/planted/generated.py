"""Runs mutmut over the rooms that start no processes, and sums up what it found."""

import contextlib
import fnmatch
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from tree import CACHE, copy_tree

_CAUGHT = {"killed", "timeout", "segfault", "suspicious"}

_SURVIVED = {"survived", "no tests"}

TREE = CACHE / "tree"
"""Where mutmut works; it keeps its results there, and tries again only what has changed."""

SURVIVORS = CACHE / "survivors.txt"


def run_mutmut(jobs: int, only: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Caught and tried mutants of each room; survivors are written to `SURVIVORS` with their diffs.

    Args:
        jobs: How many mutants are tried at a time.
        only: Parts of mutants' names, such as `analysis.stats`; none for all.
    """
    copy_tree(TREE)
    patterns = [f"*{part}*" for part in only]
    mutmut = Path(sys.executable).with_name("mutmut")
    words = ["run", "--max-children", str(jobs), *patterns]
    shown = None if sys.stdout.isatty() else subprocess.PIPE  # its progress fills a log
    done = subprocess.run([mutmut, *words], cwd=TREE, stdout=shown, text=True, check=False)
    if done.returncode:
        sys.exit(f"{(done.stdout or '')[-10_000:]}\nmutmut could not try the mutants")
    found = {
        name: status
        for name, status in _results(mutmut).items()
        if not patterns or any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
    }
    _write_survivors([name for name, status in found.items() if status in _SURVIVED], found)
    rooms: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for name, status in found.items():
        if status in _CAUGHT | _SURVIVED:
            caught, tried = rooms[name.split(".")[1]]
            rooms[name.split(".")[1]] = caught + (status in _CAUGHT), tried + 1
    return dict(rooms)


def _results(mutmut: Path) -> dict[str, str]:
    """The status of each mutant by its name."""
    listed = subprocess.run(
        [mutmut, "results", "--all", "true"], cwd=TREE, capture_output=True, text=True, check=True
    )
    lines = (line.strip().partition(": ") for line in listed.stdout.splitlines())
    return {name: status for name, _, status in lines if status}


def _write_survivors(names: Sequence[str], statuses: dict[str, str]) -> None:
    from mutmut.mutation.diff_apply import find_mutant, get_diff_for_mutant

    texts = []
    with contextlib.chdir(TREE):
        for name in names:
            diff = get_diff_for_mutant(name, path=find_mutant(name).path)
            texts.append(f"# {name}: {statuses[name]}\n{diff}\n")
    SURVIVORS.write_text("\n".join(texts), encoding="utf-8")
