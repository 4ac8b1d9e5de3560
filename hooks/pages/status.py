"""What a build says of every line: found, skipped with the reason, or missing."""

from collections.abc import Iterator

from bench.pages.implementation import Implementation, Variant
from bench.text import one_line
from bench.verdicts.summary import Line
from hooks.reading.report import Key, Report, outdated
from hooks.reading.retired import is_retired
from hooks.tables.cases import reason


def status_lines(report: Report) -> Iterator[str]:
    """One line of text for each variant of each page, then for what is retired."""
    for page in report.implementations:
        lines = [line for _, lines in report.boards_of(page.slug) for line in lines]
        for variant in page.variants:
            own = [line for line in lines if line.variant == variant.id]
            yield _verdict(page, variant, own)
    yield from _retired(report)


def _retired(report: Report) -> Iterator[str]:
    """One line for each variant that results exist of and no page holds."""
    gone: dict[Key, list[Line]] = {}
    for board in report.boards:
        for line in board.lines:
            if is_retired(report, line):
                gone.setdefault((line.implementation, line.variant), []).append(line)
    for lines in gone.values():
        found = sum(len(line.measured) for line in lines)
        all_of = sum(len(line.cells) for line in lines)
        yield (
            f"⊘ retired  {one_line(lines[0].title)}: {found} of {all_of} workloads; "
            "no page in docs/impls holds its code any more"
        )


def _verdict(page: Implementation, variant: Variant, lines: list[Line]) -> str:
    name = one_line(variant.title)
    if not lines:
        return f"✗ missing  {name}: run `python -m bench run {page.slug}`"
    cells = [cell for line in lines for cell in line.cells.values()]
    ok = sum(cell.status == "ok" for cell in cells)
    if ok:
        old = any(outdated(page, line) for line in lines)
        note = ", measured before the page's code changed" if old else ""
        return f"✓ found    {name}: {ok} of {len(cells)} workloads{note}"
    newest = max(lines, key=lambda line: line.newest.newest.finished).newest
    return f"⊘ skipped  {name} ({newest.status}: {reason(newest)})"
