"""What an implementation's page says after its author's words: results, failures, environment."""

from bench.pages.implementation import Implementation
from bench.text import one_line
from bench.verdicts.summary import Line
from hooks.charts.views import View, own_figure
from hooks.markup import escape, markdown
from hooks.pages.about import about
from hooks.pages.compare import rivals
from hooks.pages.evidence import evidence
from hooks.pages.failures import failures
from hooks.pages.parts import Parts, placeholder
from hooks.reading.report import Report, outdated
from hooks.tables.accuracy import accuracies
from hooks.tables.audit import audit
from hooks.tables.clocks import clocks
from hooks.tables.environment import environments
from hooks.tables.kernels import kernels
from hooks.tables.page import page_table

_TABLES = (page_table, audit, accuracies, clocks, kernels)
"""What follows the chart of a board, in this order."""


def implementation(report: Report, views: tuple[View, ...], page: Implementation) -> Parts:
    """All that is added to an implementation's page."""
    return Parts(
        about=about(report, page),
        appended=_appended(report, page),
        placed=_placed(report, views, page),
    )


def _appended(report: Report, page: Implementation) -> str:
    """Headings for the page's contents, placeholders for the rest."""
    boards = report.boards_of(page.slug)
    if not boards:
        return (
            f"\n\n## Results\n\nNot measured yet. `python -m bench run {page.slug}` measures this "
            "page and leaves a file in `data/`; the next build shows it here.\n"
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


def _placed(report: Report, views: tuple[View, ...], page: Implementation) -> dict[str, str]:
    """HTML for each placeholder of the page."""
    made: dict[str, str] = {}
    failed, where = "", ""
    by_scope = {view.board.scope: view for view in views}
    boards = report.boards_of(page.slug)
    for place, (board, lines) in enumerate(boards):
        view = by_scope[board.scope]
        tables = "".join(made_of(report, board, lines) for made_of in _TABLES)
        made[f"results-{place}"] = (
            f"{_local(lines)}{_old(page, lines)}{own_figure(view, lines)}{tables}"
            f"{rivals(view, page.slug)}"
        )
        name = f"<h3>{escape(one_line(view.name))}</h3>" if len(boards) > 1 else ""
        items = "".join(f"<li>{item}</li>" for item in failures(lines))
        failed += f"{name}<ul>{items}</ul>" if items else ""
        where += name + environments(report, lines)
    return made | {
        "evidence": evidence(report, page),
        "failures": failed,
        "environment": where,
    }


def _local(lines: tuple[Line, ...]) -> str:
    """The warning that goes with numbers of a local build."""
    kernels = sorted(
        {k for line in lines for c in line.cells.values() for k in c.newest.local_kernels}
    )
    if not kernels:
        return ""
    names = ", ".join(f"<code>{escape(one_line(kernel))}</code>" for kernel in kernels)
    return (
        '<div class="admonition warning"><p class="admonition-title">Local build</p><p>Measured '
        f"with a local build in place of {names} from the Hub (<code>LOCAL_KERNELS</code>): the "
        "published kernel may be faster or slower.</p></div>"
    )


def _old(page: Implementation, lines: tuple[Line, ...]) -> str:
    """A note where the code above is not the code that was measured."""
    if not any(outdated(page, line) for line in lines):
        return ""
    return (
        '<div class="admonition note"><p class="admonition-title">Measured before the code changed'
        "</p><p>Some of these results come from an earlier version of the code above: "
        f"<code>python -m bench run {page.slug}</code> measures it again.</p></div>"
    )
