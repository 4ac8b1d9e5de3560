"""The additions to an implementation's page: facts, results, failures and environment."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard, Line
from bench.pages.implementation import Implementation
from bench.text import one_line
from hooks.report.charts.figure import page_figure
from hooks.report.elements import Content, Contents, Element, code, element, html, joined
from hooks.report.output import Additions, placeholder
from hooks.report.pages.about import about
from hooks.report.pages.compare import rivals
from hooks.report.pages.evidence import evidence
from hooks.report.pages.failures import failures
from hooks.report.pages.markdown import markdown
from hooks.report.reading.report import Report, outdated
from hooks.report.tables.accuracy import accuracies
from hooks.report.tables.audit import audit
from hooks.report.tables.clocks import clocks
from hooks.report.tables.environment import environments
from hooks.report.tables.implementation import implementation_table
from hooks.report.tables.kernels import kernels

_TABLES = (implementation_table, audit, accuracies, clocks, kernels)
"""The tables below the chart of a leaderboard, in order."""


def implementation(report: Report, page: Implementation) -> Additions:
    """The additions to an implementation's page."""
    return Additions(
        about=html(about(report, page)),
        appended=_appended(report, page),
        placed=_placed(report, page),
    )


def _appended(report: Report, page: Implementation) -> str:
    """Markdown after the author's text: headings, and placeholders for everything else."""
    boards = report.of_page(page.slug)
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
    if any(failures(lines) for _, lines in boards):
        text += f"\n## Failures\n\n{placeholder('failures')}\n"
    return f"{text}\n## Environment\n\n{placeholder('environment')}\n"


def _placed(report: Report, page: Implementation) -> dict[str, str]:
    """HTML for the placeholders of the page."""
    placed: dict[str, str] = {}
    failed: list[Content] = []
    where: list[Content] = []
    boards = report.of_page(page.slug)
    for place, (board, lines) in enumerate(boards):
        placed[f"results-{place}"] = html(_results(report, page, board, lines))
        title = [element("h3", one_line(board.scope.name))] if len(boards) > 1 else []
        if reasons := failures(lines):
            failed += [*title, reasons]
        where += [*title, *environments(report, lines)]
    return placed | {
        "evidence": html(evidence(report, page)),
        "failures": html(failed),
        "environment": html(where),
    }


def _results(
    report: Report, page: Implementation, board: Leaderboard, lines: tuple[Line, ...]
) -> Iterator[Contents]:
    yield _warnings(page, lines)
    yield page_figure(board, lines)
    yield (table_of(report, board, lines) for table_of in _TABLES)
    yield rivals(board, page.slug)


def _warnings(page: Implementation, lines: tuple[Line, ...]) -> Iterator[Element]:
    """Warnings about local builds and about code that changed after it was measured."""
    cases = [case for line in lines for case in line.cases.values()]
    kernels = sorted({kernel for case in cases for kernel in case.local_kernels})
    if kernels:
        yield _admonition(
            "warning",
            "Local build",
            "Measured with a local build in place of ",
            joined(map(code, kernels)),
            " from the Hub (",
            code("LOCAL_KERNELS"),
            "): the published kernel may be faster or slower.",
        )
    if any(outdated(page, line) for line in lines):
        yield _admonition(
            "note",
            "Measured before the code changed",
            "Some of these results are from an earlier version of the code above. Run ",
            code(f"python -m bench run {page.slug}"),
            " to measure it again.",
        )


def _admonition(kind: str, title: str, *content: Contents) -> Element:
    head = element("p", title, class_="admonition-title")
    return element("div", head, element("p", content), class_=f"admonition {kind}")
