"""Prints what a build of the report costs beside a bare build of the same pages.

    python tests/benchmarks/build_time.py [--repeat 5]

CPU seconds, user and system, of `mkdocs build` in a process of its own; medians. *Bare* is the same
pages and theme without hooks and generated files, *cold* has no cache, *warm* has one. Data: what
`data/` holds, or, where it holds nothing, a made-up run of every page on the flux suite.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from records import Entry, write_run  # noqa: E402

from bench.pages.implementation import load_implementations  # noqa: E402 -- from the checkout
from bench.project import Project  # noqa: E402

GOALS = {"cold": 2.5, "warm": 1.5}


def main() -> None:
    """Print the three costs and the two ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    with tempfile.TemporaryDirectory() as folder:
        full, bare = _copies(Path(folder))
        seconds: dict[str, list[float]] = {"bare": [], "cold": [], "warm": []}
        _build(bare)  # fills the file system's cache and Python's, for all alike
        for _ in range(repeat):
            shutil.rmtree(full / ".cache", ignore_errors=True)
            seconds["bare"].append(_build(bare))
            seconds["cold"].append(_build(full))
            seconds["warm"].append(_build(full))
    _print({name: statistics.median(values) for name, values in seconds.items()})


def _copies(folder: Path) -> tuple[Path, Path]:
    """The project, and the same pages alone."""
    full, bare = folder / "full", folder / "bare"
    for name in ("docs", "hooks", "bench", "data"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, full / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, full)
    pages = load_implementations(Project(full))
    if not any(full.joinpath("data").rglob("*.jsonl")):
        entries = [
            Entry(page.slug, variant.title, us=300 + 50 * place, variant=variant.id)
            for place, page in enumerate(pages)
            for variant in page.variants
        ]
        write_run(full, entries, samples=300)
    shutil.copytree(full / "docs", bare / "docs")
    shutil.copy(full / "CHANGELOG.md", bare / "docs" / "changelog.md")
    for page in (bare / "docs").glob("*.md"):
        # Links to generated files, which a bare build has none of.
        page.write_text(re.sub(r"\]\((?:data|charts)/[^)]*\)", "](index.md)", page.read_text()))
    config = (full / "mkdocs.yml").read_text()
    config = re.sub(
        r"^  - gen-files:\n.*\n|^hooks:.*\n|^watch:.*\n", "", config, flags=re.MULTILINE
    )
    config = re.sub(r"^  custom_dir:.*\n|^extra_(?:css|java).*\n", "", config, flags=re.MULTILINE)
    listed = "".join(f"\n    - impls/{page.slug}.md" for page in pages)
    (bare / "mkdocs.yml").write_text(re.sub(r" impls/( .*)?$", listed, config, flags=re.MULTILINE))
    return full, bare


def _build(root: Path) -> float:
    """Build the site in `root`; returns the CPU seconds that took."""
    before = os.times()
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    subprocess.run(command, cwd=root, check=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    after = os.times()
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system


def _print(seconds: dict[str, float]) -> None:
    for name, value in seconds.items():
        ratio = value / seconds["bare"]
        goal = f"   {ratio:.2f}× bare, goal at most {GOALS[name]}×" if name in GOALS else ""
        print(f"{name}  {value:6.2f} s{goal}")  # noqa: T201


if __name__ == "__main__":
    main()
