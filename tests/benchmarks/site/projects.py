"""Projects to build: so many pages, so many result lines, and the same pages without the report."""

import re
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from records import START, Entry, page, run, write_run  # noqa: E402 -- from the checkout

from bench.pages.implementation import load_implementations  # noqa: E402
from bench.project import Project  # noqa: E402

_SAMPLES = 10
_LONGEST_NAV = 30
"""As in hooks/report/site_contents.py: with more pages the navigation has their index alone."""


def project(root: Path, *, pages: int, results: int | None = None) -> Path:
    """The project in `root` with so many implementation pages and one run of them all.

    With `results`, more runs of the first pages follow until there are that many result lines.
    """
    for name in ("docs", "hooks", "bench"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, root)
    impls = root / "docs" / "impls"
    for number in range(len([*impls.glob("*.md")]), pages):
        page(root, f"made_{number:04}", f"Made-up kernel {number}")
    for surplus in sorted(impls.glob("*.md"))[pages:]:
        surplus.unlink()
    entries = _entries(root)
    first = write_run(root, entries, samples=_SAMPLES)
    if results:
        _more_runs(root, entries[:14], first, results)
    return root


def _entries(root: Path) -> list[Entry]:
    return [
        Entry(one.slug, variant.title, us=300 + 5 * place, variant=variant.id)
        for place, one in enumerate(load_implementations(Project(root)))
        for variant in one.variants
    ]


def _more_runs(root: Path, entries: list[Entry], first: Path, results: int) -> None:
    """Copies of one run, each a day before the other: real ones would take hours to make up."""
    model = write_run(root, entries, run=run(day=-1), samples=_SAMPLES)
    content = model.read_bytes()
    lines = content.count(b'"type":"result"')
    have = first.read_bytes().count(b'"type":"result"') + lines
    for path, copy in _copies(content, model, (results - have) // lines):
        path.write_bytes(copy)


def _copies(content: bytes, model: Path, count: int) -> Iterator[tuple[Path, bytes]]:
    day = START - timedelta(days=1)
    for number in range(2, count + 2):
        other = START - timedelta(days=number)
        name = model.name.replace(f"{day:%Y%m%d}", f"{other:%Y%m%d}")
        copy = content.replace(f"{day:%Y%m%d}".encode(), f"{other:%Y%m%d}".encode())
        copy = copy.replace(f"{day:%Y-%m-%d}".encode(), f"{other:%Y-%m-%d}".encode())
        yield model.with_name(name), copy


def bare(full: Path, root: Path) -> Path:
    """The same pages with the same theme, and nothing of the report."""
    shutil.copytree(full / "docs", root / "docs")
    (root / "docs" / "impls" / "index.md").write_text("# Implementations\n")
    (root / "nothing").mkdir()
    for path in (root / "docs").glob("*.md"):
        # Links to generated files, which a bare build has none of.
        text = re.sub(r"\]\((?:data|charts|badge)/[^)]*\)", "](index.md)", path.read_text())
        path.write_text(re.sub(r"\]\(changelog\.md[^)]*\)", "](index.md)", text))
    slugs = [path.stem for path in sorted((root / "docs" / "impls").glob("*.md"))]
    listed = slugs if len(slugs) <= _LONGEST_NAV else ["index"]
    own = sorted(path.name for path in (root / "docs").glob("*.md"))
    nav = [*own, {"Implementations": [f"impls/{slug}.md" for slug in listed]}]
    (root / "mkdocs.yml").write_text(
        f"INHERIT: {full / 'mkdocs.yml'}\n"
        f"nav: {nav!r}\n"
        "plugins: [search]\nhooks: []\nextra_css: []\nextra_javascript: []\n"
        f"theme: {{custom_dir: '{root / 'nothing'}'}}\n"
        "validation: {links: {not_found: ignore, anchors: ignore, unrecognized_links: ignore}}\n"
    )
    return root
