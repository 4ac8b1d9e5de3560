"""The newest selftest of each device: its figures and their goals, then the details."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.analysis.alternate_timings import ClockPair
from bench.analysis.stats import median
from bench.devices.discovery import device_folder
from bench.selftest.fitness import Figure, SelfTest, Trial, figures, is_fit
from bench.selftest.fitness_runs import run_figures
from bench.text import one_line, signed
from hooks.report import elements as h
from hooks.report.formats import microseconds, signed_percent, unbroken
from hooks.report.reading.report import Report
from hooks.report.tables.environment import commit


def selftests(report: Report) -> Iterator[h.Contents]:
    """A section for each device, the most recently tested first."""
    newest = {one_line(test.environment.name): test for test in report.selftests}
    for test in sorted(newest.values(), key=lambda test: (test.started, test.id), reverse=True):
        yield _section(report, test)
    if not newest:
        command = h.code("python -m bench selftest")
        text = " makes one and leaves its file in ", h.code("data/"), "."
        yield h.element("p", "No selftest has been recorded yet: ", command, text)


def selftest_path(report: Report, test: SelfTest) -> str:
    """Path of a selftest's file on the site."""
    file = selftest_file(report, test).relative_to(report.project.data)
    return f"data/v1/selftests/{file.as_posix()}"


def selftest_file(report: Report, test: SelfTest) -> Path:
    """Path of the file with `test`, on disk."""
    return report.project.data / device_folder(test.environment) / f"{test.id}.json"


def _section(report: Report, test: SelfTest) -> Iterator[h.Contents]:
    device = one_line(test.environment.name)
    yield h.element("h3", device)
    yield h.element("p", _verdict(test))
    yield _figures(f"The harness on {device}, {test.started:%Y-%m-%d}", figures(test))
    runs = [run for run in report.runs if run.run.environment.name == test.environment.name]
    if figures_of_runs := run_figures(runs):
        yield _figures(f"Complete runs on {device}", figures_of_runs)
    cheats = "Cheats: kernels that try to look faster than they are"
    kinds = {cheats: test.cheats, "Crashes: kernels that fail": test.crashes}
    for name, trials in {**kinds, "Honest kernels": test.honest}.items():
        yield h.details(name, _trials(name, trials))
    yield h.details("The same calls by two clocks", _pairs(test))
    yield _facts(report, test)


_GOALS = "~/methodology/#goals-and-where-they-are-missed"


def _verdict(test: SelfTest) -> Iterator[h.Content]:
    if is_fit(test):
        yield "Fit: every figure of the selftest met its goal."
        return
    count, missed = len(figures(test)), sum(not figure.met for figure in figures(test))
    yield h.element("strong", "Not fit")
    yield f" in the selftest of {test.started:%Y-%m-%d}: {missed} of {count} figures missed their "
    yield "goal. "
    yield h.link("Why, and what has changed since.", _GOALS)


def _figures(caption: str, shown: Iterable[Figure]) -> h.Element:
    """A row for each figure; narrow pages show a row as a block, with column heads as labels."""
    columns = (*h.names("Figure"), *h.words("Met", "Found", "Goal"))
    rows = (
        (
            figure.name,
            h.cell(_met("met" if figure.met else "missed", met=figure.met), class_="short"),
            h.cell(unbroken(figure.value), data_head="Found"),
            h.cell(unbroken(figure.goal), data_head="Goal"),
        )
        for figure in shown
    )
    return h.table("fitness", caption, columns, rows)


def _met(word: str, *, met: bool) -> Iterator[h.Content]:
    yield h.element("span", "✓" if met else "✗", aria_hidden="true")
    yield f" {word}"


def _trials(name: str, trials: tuple[Trial, ...]) -> h.Element | None:
    outcome = h.words("Outcome", "As expected")
    columns = *h.names("Kernel", "What it tries"), *outcome, *h.names("Reason")
    return h.table("trials", name, columns, map(_trial, trials)) if trials else None


def _trial(trial: Trial) -> Iterator[h.Contents]:
    yield one_line(trial.title)
    yield one_line(trial.intent)
    yield one_line(trial.status)
    yield _met("yes" if trial.met else f"no, expected {one_line(trial.goal)}", met=trial.met)
    yield one_line(trial.reason or "–")


def _pairs(test: SelfTest) -> Iterator[h.Element | None]:
    """Tables that compare our events with NVBench and with CUPTI; a note if NVBench is missing."""
    for other, pairs in {"NVBench’s cold time": test.nvbench, "CUPTI’s span": test.cupti}.items():
        figures = h.numbers("Our events", other, "Difference", "in µs")
        columns = *h.names("Kernel"), *h.words("Workload"), *figures
        caption = f"Our events and {other}: medians in µs"
        yield h.table("pairs", caption, columns, map(_pair, pairs)) if pairs else None
    if test.nvbench_problem:
        yield h.element("p", f"No comparison with NVBench: {one_line(test.nvbench_problem)}")


def _pair(pair: ClockPair) -> Iterator[str]:
    yield one_line(pair.title)
    yield one_line(pair.workload)
    yield microseconds(median(pair.ours_us))
    yield microseconds(median(pair.theirs_us))
    yield signed_percent(pair.difference, 2)
    yield signed(pair.difference_us)


def _facts(report: Report, test: SelfTest) -> h.Element:
    where = test.environment
    earlier = [
        _link(report, other)
        for other in reversed(report.selftests)
        if other.environment.name == where.name and other is not test
    ]
    return h.facts(
        ("Made", f"{test.started:%Y-%m-%d %H:%M} UTC"),
        ("Driver", one_line(where.driver or "")),
        ("PyTorch", one_line(where.torch)),
        ("Commit", commit(test.commit, dirty=test.dirty)),
        ("Command", h.code(test.command)),
        ("Record", _link(report, test)),
        ("Earlier", tuple(h.joined(earlier))),
    )


def _link(report: Report, test: SelfTest) -> h.Content:
    return h.link(f"{one_line(test.id)}.json", f"~/{selftest_path(report, test)}")
