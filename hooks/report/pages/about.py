"""The facts under an implementation's title: installation, provider, and measured versions."""

import shlex
from collections.abc import Iterator, Mapping

from packaging.utils import canonicalize_name

from bench.pages.implementation import Implementation
from bench.text import one_line
from hooks.report.elements import Element, element, facts, link
from hooks.report.reading.report import Report


def about(report: Report, page: Implementation) -> tuple[Element, Element]:
    """The command that installs it, and facts from the front matter and the newest results."""
    about = page.about
    # A page without dependencies needs PyTorch alone.
    needed = about.dependencies or ("torch",)
    command = one_line(f"pip install {shlex.join(map(one_line, needed))}")
    devices = ", ".join("GPU" if device == "cuda" else "CPU" for device in about.devices)
    return (
        element("pre", element("code", command), class_="report-install"),
        facts(
            [
                ("Provider", link(one_line(about.provider), about.homepage)),
                ("Precision", about.precision),
                ("Devices", devices),
                ("Measured", ", ".join(_measured(report, page))),
            ]
        ),
    )


def _measured(report: Report, page: Implementation) -> Iterator[str]:
    """The date and versions of the newest case on the first leaderboard with the page."""
    for _, lines in report.of_page(page.slug)[:1]:
        case = max((line.newest for line in lines), key=lambda case: case.finished)
        run = report.by_run[case.run]
        where = run.run.environment
        yield f"{case.finished:%Y-%m-%d}"
        versions = _named(page, run.packages.get(case.line.name, {})) | {"PyTorch": where.torch}
        if where.cuda:
            versions["CUDA"] = where.cuda
        yield from (one_line(f"{name} {version}") for name, version in versions.items())


def _named(page: Implementation, packages: Mapping[str, str]) -> dict[str, str]:
    """The packages that the page names; their dependencies are listed under Environment."""
    return {
        name: version
        for name, version in sorted(packages.items())
        if name != "torch" and canonicalize_name(name) in page.packages
    }
