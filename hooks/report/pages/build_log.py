"""The status of every line for the build's log: found, skipped with a reason, missing, retired."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Line
from bench.analysis.summary import retired
from bench.pages.implementation import Implementation, Variant
from bench.records.run_lines import LineKey
from bench.text import one_line
from hooks.report.reading.report import Report, outdated


def status_lines(report: Report) -> Iterator[str]:
    """A line of text for each variant of each page, then for each retired line of results."""
    lines: dict[LineKey, list[Line]] = {}
    for board in report.every_leaderboard:
        for line in board.lines:
            lines.setdefault(line.key, []).append(line)
    for page in report.implementations:
        for variant in page.variants:
            yield _of_page(page, variant, lines.get(LineKey(page.slug, variant.id), []))
    for key, gone in lines.items():
        if report.is_retired(key):
            ok = sum(len(line.measured) for line in gone)
            count = sum(len(line.cases) for line in gone)
            yield (
                f"⊘ retired  {gone[0].label}: {ok} of {count} workloads; "
                "its page was removed from docs/impls"
            )
    for operation, title in retired(report.runs):
        yield f"⊘ retired  {title}: its operation {operation} was removed"


def _of_page(page: Implementation, variant: Variant, lines: list[Line]) -> str:
    name = one_line(variant.title)
    if not lines:
        return f"✗ missing  {name}: run `python -m bench run {page.slug}`"
    cases = [case for line in lines for case in line.cases.values()]
    ok = sum(case.status == "ok" for case in cases)
    if ok:
        old = any(outdated(page, line) for line in lines)
        note = ", measured before the page's code changed" if old else ""
        return f"✓ found    {name}: {ok} of {len(cases)} workloads{note}"
    newest = max(cases, key=lambda case: case.finished)
    return f"⊘ skipped  {name} ({newest.status}: {newest.reason})"
