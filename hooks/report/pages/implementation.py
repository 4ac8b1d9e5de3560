"""The additions to an implementation's page: facts, results, failures and environment."""

import shlex
from collections.abc import Callable, Iterator
from functools import partial

from packaging.utils import canonicalize_name

from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.words_and_signs import STATUSES
from bench.devices.discovery import KINDS
from bench.pages.implementation import Implementation
from bench.records.outcome import Status
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.charts.figure import latency_figure
from hooks.report.formats import markdown
from hooks.report.output import Additions, placeholder
from hooks.report.pages.compare import rivals
from hooks.report.pages.evidence import evidence
from hooks.report.reading.report import Boards, Report, outdated
from hooks.report.tables.audit import audit
from hooks.report.tables.environment import environments
from hooks.report.tables.implementation import accuracies, implementation_table
from hooks.report.tables.line_parts import workloads_named
from hooks.report.tables.other_clocks import clocks, kernels
from hooks.report.tables.standing import standing_table

_TABLES = (implementation_table, audit, accuracies, clocks, kernels)
"""The tables below the chart of a leaderboard, in order."""


def implementation(report: Report, page: Implementation) -> Additions:
    """The additions to an implementation's page."""
    boards = report.of_page(page.slug)
    failed = h.html(_under_names(boards, _failures))
    placed = {
        "standing": h.html(standing_table(report, boards)),
        "evidence": h.html(evidence(report, page)),
        "failures": failed,
        "environment": h.html(_under_names(boards, partial(environments, report))),
    }
    for place, (board, lines) in enumerate(boards):
        placed[f"results-{place}"] = h.html(_results(report, page, board, lines))
    appended = _appended(page, boards, failed=bool(failed))
    about = h.html(_about(report, page)) + placeholder("standing")
    return Additions(about=about, appended=appended, placed=placed)


def _about(report: Report, page: Implementation) -> tuple[h.Element, h.Element]:
    """The command that installs the packages, and facts from front matter and newest results."""
    about = page.about
    # A page without dependencies needs PyTorch alone.
    needed = about.dependencies or ("torch",)
    command = one_line(f"pip install {shlex.join(map(one_line, needed))}")
    devices = ", ".join(KINDS[device].word for device in about.devices)
    return (
        h.element("pre", h.element("code", command), class_="report-install"),
        h.facts(
            ("Provider", h.link(one_line(about.provider), about.homepage)),
            ("Precision", about.precision),
            ("Devices", devices),
            ("Measured", ", ".join(_measured(report, page))),
        ),
    )


def _measured(report: Report, page: Implementation) -> Iterator[str]:
    """The date and versions of the newest case on the first leaderboard with the page."""
    for _, lines in report.of_page(page.slug)[:1]:
        case = max((line.newest for line in lines), key=lambda case: case.finished)
        run = report.by_run[case.run]
        where = run.run.environment
        yield f"{case.finished:%Y-%m-%d}"
        # The packages that the page names; their dependencies are listed under Environment.
        for name, version in sorted(run.packages.get(case.line.name, {}).items()):
            if name != "torch" and canonicalize_name(name) in page.packages:
                yield one_line(f"{name} {version}")
        yield one_line(f"PyTorch {where.torch}")
        if where.cuda:
            yield one_line(f"CUDA {where.cuda}")


def _appended(page: Implementation, boards: Boards, *, failed: bool) -> str:
    """Markdown after the author's text: headings, and placeholders for everything else."""
    if not boards:
        return (
            f"\n\n## Results\n\nNot measured yet. `python -m bench run {page.slug}` measures this "
            "page and writes a file to `data/`; the next build shows the results here.\n"
        )
    text = "\n\n## Results\n"
    for place, (board, _) in enumerate(boards):
        if len(boards) > 1:
            text += f"\n### {markdown(board.scope.name)}\n"
        text += f"\n{placeholder(f'results-{place}')}\n"
    text += f"\n## Samples and history\n\n{placeholder('evidence')}\n"
    if failed:
        text += f"\n## Failures\n\n{placeholder('failures')}\n"
    return f"{text}\n## Environment\n\n{placeholder('environment')}\n"


def _under_names(
    boards: Boards, part: Callable[[tuple[Line, ...]], h.Contents]
) -> Iterator[h.Contents]:
    """A part of the page for each leaderboard, under the board's name if there are several."""
    for board, lines in boards:
        if content := part(lines):
            yield h.element("h3", one_line(board.scope.name)) if len(boards) > 1 else None
            yield content


def _failures(lines: tuple[Line, ...]) -> h.Element | None:
    """A list of failures with their reasons and workloads; None without failures."""
    grouped: dict[tuple[str, Status, str], list[str]] = {}
    for line in lines:
        for workload, case in line.cases.items():
            if case.status != "ok":
                key = (line.label, case.status, case.reason)
                grouped.setdefault(key, []).append(workload.name)
    return h.listed(
        [
            f"{label}, " if len(lines) > 1 else "",
            h.element("strong", STATUSES[status].word),
            f" ({workloads_named(names)}): ",
            h.code(reason),
        ]
        for (label, status, reason), names in grouped.items()
    )


def _results(
    report: Report, page: Implementation, board: Leaderboard, lines: tuple[Line, ...]
) -> Iterator[h.Contents]:
    yield _warnings(page, lines)
    yield latency_figure(board, lines, page.slug)
    yield (table_of(report, board, lines) for table_of in _TABLES)
    yield rivals(board, page.slug)


def _warnings(page: Implementation, lines: tuple[Line, ...]) -> Iterator[h.Element]:
    """Warnings about local builds and about code that changed after it was measured."""
    cases = [case for line in lines for case in line.cases.values()]
    kernels = sorted({kernel for case in cases for kernel in case.local_kernels})
    if kernels:
        yield _admonition(
            "warning",
            "Local build",
            "Measured with a local build in place of ",
            h.joined(map(h.code, kernels)),
            " from the Hub (",
            h.code("LOCAL_KERNELS"),
            "): the published kernel may be faster or slower.",
        )
    if any(outdated(page, line) for line in lines):
        yield _admonition(
            "note",
            "Measured before the code changed",
            "Some of these results are from an earlier version of the code above. Run ",
            h.code(f"python -m bench run {page.slug}"),
            " to measure it again.",
        )


def _admonition(kind: str, title: str, *content: h.Contents) -> h.Element:
    head = h.element("p", title, class_="admonition-title")
    return h.element("div", head, h.element("p", content), class_=f"admonition {kind}")
