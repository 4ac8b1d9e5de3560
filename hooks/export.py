"""Writes the report into a folder, for site generators other than MkDocs.

    python -m hooks.export FOLDER

The folder gets every page as Markdown, with the report's tables and charts in it as HTML, and every
other file of the site. A generator has to serve each page as a folder (`runs.md` as `runs/`) and to
load `assets/report.css` and `assets/report.js` in every page.
"""

import sys
from pathlib import Path

from bench.errors import BenchError, Problem
from bench.files import files, read_text, write
from bench.pages.markdown import fences, split_front_matter
from bench.project import Project
from hooks.report.build_cache import cached_build
from hooks.report.output import CHART, Additions, Build, chart_name, fill, placeholder

_ASSETS = Path(__file__).with_name("theme") / "assets"


def export(project: Project, folder: Path) -> int:
    """Write the report of `project` into an empty `folder`, and return the number of files.

    Raises:
        BenchError: with every problem of the project, or because the folder is not empty or cannot
            be written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BenchError(f"{folder} is not empty: name an empty folder or a new one")
    build = cached_build(project.root)
    docs = project.root / "docs"
    pages = {_name(path, docs): read_text(path, project) for path in files(docs, ".md")}
    contents = {
        name: _page(project, build, name, text).encode()
        for name, text in (pages | build.generated).items()
    }
    copies = {_name(path, docs): path for path in files(docs, ".csv")}
    copies |= {f"assets/{path.name}": path for path in _ASSETS.iterdir()}
    copies |= {name: Path(path) for name, path in build.copies.items()}
    contents |= {name: path.read_bytes() for name, path in copies.items()} | build.files
    for name, content in contents.items():
        write(folder / name, content)
    return len(contents)


def _name(path: Path, docs: Path) -> str:
    return path.relative_to(docs).as_posix()


def _page(project: Project, build: Build, name: str, text: str) -> str:
    """A page with everything that the report adds to it."""
    parts = build.pages.get(name, Additions())
    body = _with_charts(project, text) + parts.appended
    head, title, rest = body.partition("\n# ")
    if title and parts.about:
        line, end, after = rest.partition("\n")
        body = f"{head}{title}{line}{end}\n{parts.about}\n{after}"
    levels = 0 if name == "index.md" else name.removesuffix("index.md").rstrip("/").count("/") + 1
    try:
        return fill(body, build.shared | parts.placed, "../" * levels)
    except BenchError as error:
        problems = (Problem(problem.message, Path("docs", name)) for problem in error.problems)
        raise BenchError(*problems) from None


def _with_charts(project: Project, text: str) -> str:
    """`text` with a placeholder for each fence that asks for a chart."""
    lines = text.split("\n")
    _, body = split_front_matter(text)
    for fence in reversed(fences(body, project)):
        if fence.words[0] == CHART and fence.shown:
            lines[fence.first - 1 : fence.last] = [placeholder(chart_name(fence.text))]
    return "\n".join(lines)


def main() -> None:
    """Write the report into the folder that the command line names."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(f"usage: python -m {__spec__.name if __spec__ else 'hooks.export'} FOLDER")
    folder = Path(sys.argv[1])
    try:
        count = export(Project.find(), folder)
    except BenchError as error:
        sys.exit("\n".join(f"error: {problem}" for problem in error.problems))
    print(f"wrote {count} files into {folder}")  # noqa: T201 the command's answer


if __name__ == "__main__":
    main()
