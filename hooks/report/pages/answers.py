"""Answers to the questions of the questions page: one sentence for each leaderboard."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bench.analysis.leaderboard import Leaderboard
from bench.analysis.summary import CaseSummary
from bench.analysis.verdict import Ratio, ratio
from bench.operations.operation import Workload
from bench.pages.suites import is_selection
from bench.records.run_lines import LineKey
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import (
    SPACE,
    counted,
    duration,
    least_to_most,
    percent,
    signed_percent,
    significant,
    times,
)
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import board_link
from hooks.report.tables.planning import plans

Sentence = Callable[[Report, Leaderboard], h.Contents]
"""Makes the answer of a leaderboard to a question; None without results for the question."""

FASTEST = "the fastest line"

_LONGEST_NAME = 48
"""Largest number of characters of a kernel's name that are shown."""


def answers(report: Report) -> dict[str, h.Contents]:
    """The answer to each question, by the name of its placeholder."""
    return {f"answer-{name}": _answer(report, *answer) for name, answer in ANSWERS.items()}


def _answer(report: Report, sentence: Sentence, suite: str) -> h.Contents:
    items = [
        (board_link(report, board), ": ", text)
        for board in report.leaderboards
        if not is_selection(board.scope.suite)
        if (text := sentence(report, board))
    ]
    command = h.code(f"python -m bench all --suite {suite}")
    return h.listed(items) or h.element("p", "Not measured yet. Run ", command, " to answer it.")


@dataclass(frozen=True)
class Versus:
    """The ratio of the speeds of the lines of two pages on a leaderboard."""

    page: str
    """`FASTEST` stands for the fastest line at each workload."""
    other: str
    operation: str = "attention"
    group: str = ""
    """Beginning of the leaderboard's group; if empty, any group will do."""
    direction: str = ""

    def __call__(self, _: Report, board: Leaderboard) -> str | None:
        """The sentence about `board`; None if no workload has both lines."""
        scope = board.scope
        chosen = scope.operation == self.operation and scope.group.startswith(self.group)
        if not chosen or self.direction not in ("", scope.direction):
            return None
        first, second = _cases(board, self.page), _cases(board, self.other)
        ratios = [
            both
            for workload, case in second.items()
            if workload in first and (both := ratio(case, first[workload]))
        ]
        if not ratios:
            return None
        names = (_name(board, each) for each in (self.page, self.other))
        factor = least_to_most([each.value for each in ratios], times)
        return f" is {factor} as fast as ".join(names) + _counts(ratios)


def _counts(ratios: Sequence[Ratio]) -> str:
    """The end of the sentence: at how many workloads the first line is faster, slower or tied."""
    counts = Counter(map(_verdict, ratios))
    if len(ratios) == 1:
        return "; they are tied." if counts["tied"] else "."
    words = [f"{word} at {counts[word]}" for word in ("faster", "slower", "tied") if counts[word]]
    if len(counts) == 1 and words:
        return f": {words[0].replace(' at ', ' at all ')} workloads."
    return f": {', '.join(words)} of {len(ratios)} workloads." if words else "."


def _verdict(of: Ratio) -> str:
    """`faster`, `slower` or `tied`; nothing if a latency has no interval."""
    if of.indistinguishable is None:
        return ""
    return "tied" if of.indistinguishable else "faster" if of.value > 1 else "slower"


def _cases(board: Leaderboard, page: str) -> Mapping[Workload, CaseSummary]:
    if page == FASTEST:
        return {workload: line.cases[workload] for workload, line in board.fastest.items()}
    line = board.by_key.get(LineKey(page, None))
    return line.cases if line else {}


def _name(board: Leaderboard, page: str) -> str:
    return FASTEST.capitalize() if page == FASTEST else board.by_key[LineKey(page, None)].label


def _kernels(report: Report, board: Leaderboard, *, page: str) -> h.Contents:
    """The longest kernel of a line at each workload where CUPTI traced the line."""
    ran: Counter[str] = Counter()
    for case in _cases(board, page).values():
        traced = report.evidence(case).trace
        if traced and traced.kernels:
            ran[max(traced.kernels, key=lambda kernel: kernel.duration_us).name] += 1
    if not ran:
        return None
    names = ((_kernel(name), f" at {counted(count, 'workload')}") for name, count in ran.items())
    return [*h.joined(names), "."]


def _kernel(name: str) -> h.Element:
    """The beginning of a kernel's name, without its arguments; hovering shows the whole name."""
    short = one_line(re.split(r"[<(]", name.removeprefix("void "), maxsplit=1)[0])
    cut = f"{short[:_LONGEST_NAME]}…" if len(short) > _LONGEST_NAME else short
    return h.element("code", cut, title=one_line(name))


def _plans(_: Report, board: Leaderboard, *, page: str) -> str | None:
    """The planning time of a line, and its ratio to the latency of one call."""
    of_page = [each for each in plans(board) if each.line.key.implementation == page]
    if not of_page:
        return None
    took = least_to_most([each.plan_us / 1e3 for each in of_page], significant, f"{SPACE}ms")
    calls = least_to_most([each.plan_us / each.latency_us for each in of_page], significant)
    return f"planning {of_page[0].line.label} takes {took}, {calls} times as long as one call."


def _first_calls(_: Report, board: Leaderboard) -> str | None:
    """The longest first call of any line, and the median over lines."""
    known = ((line, [case.first_call_ms for case in line.cases.values()]) for line in board.lines)
    calls = sorted((max(each), line.label) for line, ms in known if (each := [*filter(None, ms)]))
    if not calls:
        return None
    most, slow = calls[-1]
    half = calls[(len(calls) - 1) // 2][0]
    usual = duration(half)
    return f"up to {duration(most)} ({slow}); for half of the {len(calls)} lines, at most {usual}."


def _errors(_: Report, board: Leaderboard) -> str | None:
    """The smallest and the largest error on a leaderboard with inputs or caches in float8."""
    errors = [
        (case.relative_error, line.label)
        for line in board.lines
        for case in line.cases.values()
        if case.relative_error is not None
    ]
    if not errors or "float8" not in board.scope.name:
        return None
    (least, best), (most, worst) = min(errors), max(errors)
    return f"relative errors from {percent(least)} ({best}) to {percent(most)} ({worst})."


def _sustained(_: Report, board: Leaderboard) -> str | None:
    """Which lines lose most, and least, on a GPU that has been busy for seconds."""
    losses = sorted(
        (case.sustained.change, line.label)
        for line in board.lines
        for case in line.cases.values()
        if case.sustained
    )
    if len(losses) < 2:
        return None
    (least, steady), (most, falling) = losses[0], losses[-1]
    return (
        "compared with a call in a short burst, the time of a sustained call changes by "
        f"{signed_percent(least)} ({steady}) to {signed_percent(most)} ({falling})."
    )


ANSWERS: Mapping[str, tuple[Sentence, str]] = {
    "fa3-or-cudnn": (Versus("flash_attn3", "cudnn_attention"), "training"),
    "fa3-or-cudnn-backward": (
        Versus("hf_kernels_flash_attn3", "cudnn_attention", direction="backward"),
        "training",
    ),
    "fa4-or-cudnn-backward": (
        Versus("flash_attn4", "cudnn_attention", direction="backward"),
        "training",
    ),
    "sdpa-kernel": (partial(_kernels, page="sdpa"), "llama-prefill"),
    "packed-or-padded": (Versus(FASTEST, "packed_padded", "packed_attention"), "packed"),
    "fa3-or-flashinfer": (
        Versus("tokenspeed_fa3", "flashinfer", "cached_attention"),
        "decode-paged",
    ),
    "window": (Versus(FASTEST, "sdpa", group="window"), "window"),
    "block-mask": (partial(_plans, page="flex_attention"), "window"),
    "deterministic-fa2": (
        Versus("flash_attn", "flash_attn_deterministic", direction="backward"),
        "training",
    ),
    "deterministic-fa4": (
        Versus("flash_attn4", "flash_attn4_deterministic", direction="backward"),
        "training",
    ),
    "float8-error": (_errors, "llama-prefill"),
    "first-call": (_first_calls, "quick"),
    "sustained": (_sustained, "training"),
}
"""For each question, the function that makes its sentences, and the suite that answers it best."""
