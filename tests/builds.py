"""Copies of the project and builds of them, each in a process of its own."""

import functools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from records import CPU_SUITE, Entry

from bench.pages.implementation import load_implementations
from bench.project import Project
from hooks.report.charts.specifications import specifications
from hooks.report.reading.cache import Cache

ROOT = Path(__file__).resolve().parents[1]

_BLOCKER = """\
import os, sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name in os.environ["BLOCKED"].split():
            raise RuntimeError(f"{name} was imported")
sys.meta_path.insert(0, Blocker())
"""


@dataclass(frozen=True)
class Built:
    """What a build came to."""

    root: Path
    code: int
    output: str

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def pages(self) -> list[str]:
        """Every page by its address on the site: what was built, not a list kept by hand."""
        found = sorted(self.site.rglob("index.html"))
        return [
            "" if path.parent == self.site else f"{path.parent.relative_to(self.site).as_posix()}/"
            for path in found
        ]

    def read(self, path: str) -> str:
        return (self.site / path).read_text(encoding="utf-8")


@functools.cache
def drawn_once() -> Path:
    """A cache with what is slow to make and the same for every project: how charts are drawn.

    Processes that test side by side share it, with whatever else reports in them have drawn.
    """
    folder = Path(os.environ["DRAWN"])
    with FileLock(folder / "lock"):
        specifications(Cache(folder))
    return folder


def copy_project(target: Path) -> Path:
    """The project in `target`, without its data.

    What Python has compiled comes too, so that no copy compiles it again; not what another process
    is about to rename.
    """
    ignore = shutil.ignore_patterns("*.pyc.*")
    for name in ("docs", "hooks", "bench"):
        shutil.copytree(ROOT / name, target / name, ignore=ignore)
    for name in ("mkdocs.yml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, target)
    (target / "docs" / "suites" / "cpu.md").write_text(CPU_SUITE, encoding="utf-8")
    for path in drawn_once().glob("*.charts"):
        (target / ".cache" / "site").mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target / ".cache" / "site")
    return target


def build(root: Path, *arguments: str, blocked: str = "", **environment: str) -> Built:
    """Run `mkdocs build` in `root`; a module named in `blocked` fails the build if imported."""
    guard = root.parent / f"{root.name}-guard"
    guard.mkdir(exist_ok=True)
    (guard / "sitecustomize.py").write_text(_BLOCKER)
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", *arguments],
        cwd=root,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=clean_environment() | environment | {"PYTHONPATH": str(guard), "BLOCKED": blocked},
    )
    return Built(root, done.returncode, done.stdout)


def clean_environment() -> dict[str, str]:
    """The environment of the tests, less what would change a build."""
    drop = ("SITE_URL", "REPO_URL", "EDIT_URI", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if name not in drop}
    return kept | {"NO_MKDOCS_2_WARNING": "1", "PYTHONIOENCODING": "utf-8"}


def entries(root: Path) -> list[Entry]:
    """A line for each variant in `root` that has attention, each slower than the one before."""
    return [
        Entry(implementation.slug, variant.title, us=300 + 20 * place, variant=variant.id)
        for place, implementation in enumerate(load_implementations(Project(root)))
        for variant in implementation.variants
        if "attention" in variant.functions
    ]
