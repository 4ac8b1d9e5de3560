"""The facts under an implementation's title: who ships it, how to install it, what was measured."""

import shlex
from collections.abc import Iterator, Mapping

from packaging.utils import canonicalize_name

from bench.pages.implementation import Implementation
from bench.text import one_line
from hooks.markup import escape, facts, link
from hooks.reading.report import Report


def about(report: Report, page: Implementation) -> str:
    """The front matter as a reader wants it, and the versions of the newest results."""
    words = page.about
    rows = [
        ("Provider", link(one_line(words.provider), words.homepage)),
        ("Precision", escape(words.precision)),
        ("Devices", ", ".join("GPU" if d == "cuda" else "CPU" for d in words.devices)),
        ("Measured", ", ".join(_measured(report, page))),
    ]
    return f"{_install(page)}{facts(rows)}"


def _install(page: Implementation) -> str:
    """The command that installs what the page needs; PyTorch alone, where it names nothing."""
    needed = page.about.dependencies or ("torch",)
    command = one_line(f"pip install {shlex.join(map(one_line, needed))}")
    return f'<pre class="report-install"><code>{escape(command)}</code></pre>'


def _measured(report: Report, page: Implementation) -> Iterator[str]:
    """The versions of the newest case of the first board that knows the page."""
    for _, lines in report.boards_of(page.slug)[:1]:
        cell = max((line.newest for line in lines), key=lambda cell: cell.newest.finished)
        where = cell.run.environment
        yield f"{cell.newest.finished:%Y-%m-%d}"
        versions = _own(page, cell.newest.packages) | {"PyTorch": where.torch}
        if where.cuda:
            versions["CUDA"] = where.cuda
        yield from (escape(one_line(f"{name} {text}")) for name, text in versions.items())


def _own(page: Implementation, packages: Mapping[str, str]) -> dict[str, str]:
    """The packages that the page itself names; what those brought is under its environment."""
    found = {name: text for name, text in sorted(packages.items()) if name != "torch"}
    return {name: text for name, text in found.items() if canonicalize_name(name) in page.packages}
