"""Copies of the checkout: faults are planted there, never in the files that people edit."""

import shutil
import subprocess
from pathlib import Path

from faults import ROOT

CACHE = ROOT / ".cache" / "mutants"


def copy_tree(target: Path) -> Path:
    """Make `target` hold the files of the checkout that git does not ignore, as they are now.

    A file that is there with the same content keeps its time of modification.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        source, copy = ROOT / name, target / name
        if not source.is_file():
            copy.unlink(missing_ok=True)
        elif not copy.is_file() or copy.read_bytes() != source.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)
    return target
