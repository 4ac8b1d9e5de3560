"""What an implementation's page says after its author's words: results, failures, environment."""

from collections.abc import Iterator

from bench.pages.implementation import Implementation
from bench.text import one_line
from bench.verdicts.summary import Line
from hooks.charts.views import View, own_figure
from hooks.markup import escape, facts, link, markdown
from hooks.pages.compare import rivals
from hooks.pages.parts import Parts, placeholder
from hooks.reading.report import Report, outdated
from hooks.tables.cases import WORDS, workloads_named
from hooks.tables.clocks import clocks
from hooks.tables.environment import environments
from hooks.tables.kernels import kernels
from hooks.tables.page import page_table


def implementation(report: Report, views: tuple[View, ...], page: Implementation) -> Parts:
    """All that is added to an implementation's page."""
    return Parts(
        about=_about(page), appended=_appended(report, page), placed=_placed(report, views, page)
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
    if any(_failures(lines) for _, lines in boards):
        text += f"\n## Failures\n\n{placeholder('failures')}\n"
    return f"{text}\n## Environment\n\n{placeholder('environment')}\n"


def _placed(report: Report, views: tuple[View, ...], page: Implementation) -> dict[str, str]:
    """HTML for each placeholder of the page."""
    made: dict[str, str] = {}
    failures, where = "", ""
    by_scope = {view.board.scope: view for view in views}
    boards = report.boards_of(page.slug)
    for place, (board, lines) in enumerate(boards):
        view = by_scope[board.scope]
        tables = (made_of(report, board, lines) for made_of in (page_table, clocks, kernels))
        made[f"results-{place}"] = (
            f"{_local(lines)}{_old(page, lines)}{own_figure(view, lines)}{''.join(tables)}"
            f"{rivals(view, page.slug)}"
        )
        name = f"<h3>{escape(one_line(view.name))}</h3>" if len(boards) > 1 else ""
        items = "".join(f"<li>{item}</li>" for item in _failures(lines))
        failures += f"{name}<ul>{items}</ul>" if items else ""
        where += name + environments(report, lines)
    return made | {"failures": failures, "environment": where}


def _about(page: Implementation) -> str:
    """The facts of the front matter."""
    about = page.about
    packages = " ".join(f"<code>{escape(one_line(item))}</code>" for item in about.dependencies)
    return facts(
        [
            ("Provider", link(one_line(about.provider), about.homepage)),
            ("Precision", escape(about.precision)),
            ("Devices", ", ".join("GPU" if d == "cuda" else "CPU" for d in about.devices)),
            ("Needs", packages or "nothing beside PyTorch"),
        ]
    )


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


def _failures(lines: tuple[Line, ...]) -> list[str]:
    """Each way in which a case did not end well, with the workloads it happened to."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for line in lines:
        for workload, status, reason in _failed(line):
            grouped.setdefault((line.title, status, reason), []).append(workload)
    several = len(lines) > 1
    return [
        f"{f'{escape(one_line(title))}, ' if several else ''}<strong>{WORDS[status]}</strong> "
        f"({workloads_named(names)}): <code>{escape(one_line(reason))}</code>"
        for (title, status, reason), names in grouped.items()
    ]


def _failed(line: Line) -> Iterator[tuple[str, str, str]]:
    for workload, cell in line.cells.items():
        if cell.failure:
            yield workload.name, cell.status, cell.reason
