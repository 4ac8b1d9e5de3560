"""What the newest selftest of each device found: figures beside their goals, then the details."""

from pathlib import Path

from bench.records.runwriter import device_folder
from bench.selftest.fitness import ClockPair, Figure, SelfTest, Trial, figures, is_fit
from bench.selftest.fitness_runs import run_figures
from bench.text import one_line, signed
from bench.verdicts.stats import median
from hooks.markup import details, escape, facts, microseconds, table, unbroken
from hooks.reading.digest import run_facts
from hooks.reading.report import Report
from hooks.tables.environment import commit

_NONE = (
    "<p>No selftest is recorded yet: <code>python -m bench selftest</code> makes one, and leaves "
    "its file in <code>data/</code>.</p>"
)


def selftests(report: Report) -> str:
    """A section for each device, the most recently tested first, as HTML."""
    newest = {_text(test.environment.name): test for test in report.selftests}
    latest = sorted(newest.values(), key=lambda test: (test.started, test.id), reverse=True)
    return "".join(_section(report, test) for test in latest) or _NONE


def selftest_path(report: Report, test: SelfTest) -> str:
    """Where the site serves the file of `test`, from its root."""
    file = selftest_file(report, test).relative_to(report.project.data)
    return f"data/v1/selftests/{file.as_posix()}"


def selftest_file(report: Report, test: SelfTest) -> Path:
    """The file that holds `test`."""
    return report.project.data / device_folder(test.environment) / f"{test.id}.json"


def _section(report: Report, test: SelfTest) -> str:
    trials = {
        "Cheats: kernels that look faster than they are": test.cheats,
        "Crashes: kernels that end badly": test.crashes,
        "Honest kernels": test.honest,
    }
    folded = [details(name, _trials(name, tried)) for name, tried in trials.items() if tried]
    folded += [details("The same calls by two clocks", _pairs(test))] if _pairs(test) else []
    return (
        f"<h3>{_text(test.environment.name)}</h3><p>{_verdict(test)}</p>"
        f"{_of_selftest(test)}{_of_runs(report, test)}{''.join(folded)}{_facts(report, test)}"
    )


_GOALS = "#goals-and-where-they-are-missed"


def _verdict(test: SelfTest) -> str:
    missed = sum(not figure.met for figure in figures(test))
    if is_fit(test):
        return "Fit: every figure of the selftest reached its goal."
    count = len(figures(test))
    return (
        f"<strong>Not fit</strong> in the selftest of {test.started:%Y-%m-%d}: {missed} of {count} "
        f'figures missed their goal. <a href="~/methodology/{_GOALS}">Why, and what has changed '
        "since.</a>"
    )


def _of_selftest(test: SelfTest) -> str:
    name = f"The harness on {one_line(test.environment.name)}, {test.started:%Y-%m-%d}"
    return _figures(escape(name), figures(test))


def _of_runs(report: Report, test: SelfTest) -> str:
    """What the complete runs on the same kind of device came to, where there are any."""
    device = test.environment.name
    own = [one for one in report.runs if one.run.environment.name == device]
    found = run_figures([run_facts(one) for one in own])
    return _figures(f"Complete runs on {_text(device)}", found) if found else ""


def _figures(name: str, found: tuple[Figure, ...]) -> str:
    """A row for each; on a phone a block, with the heads of the columns before the values."""
    head = [f'<th scope="col">{name}</th>' for name in ("Figure", "Met", "Found", "Goal")]
    body = (
        f'<tr><th scope="row" class="name">{escape(figure.name)}</th>'
        f'<td class="short">{_met(figure.met, "met", "missed")}</td>'
        f'<td data-head="Found">{unbroken(escape(figure.value))}</td>'
        f'<td data-head="Goal">{unbroken(escape(figure.goal))}</td></tr>'
        for figure in found
    )
    return table("fitness", name, head, body)


def _met(met: bool, yes: str, no: str) -> str:
    sign, word = ("✓", yes) if met else ("✗", no)
    return f'<span aria-hidden="true">{sign}</span> {word}'


def _trials(name: str, trials: tuple[Trial, ...]) -> str:
    columns = ("Kernel", "What it tries", "Ended", "As it has to", "Reason")
    head = [f'<th scope="col">{column}</th>' for column in columns]
    body = (
        f'<tr><th scope="row" class="name">{_text(trial.title)}</th>'
        f'<td class="name">{_text(trial.intent)}</td><td>{_text(trial.status)}</td>'
        f"<td>{_met(trial.met, 'yes', f'no, wanted {_text(trial.goal)}')}</td>"
        f'<td class="name">{_text(trial.reason or "–")}</td></tr>'
        for trial in trials
    )
    return table("trials", name, head, body)


def _pairs(test: SelfTest) -> str:
    """Our events beside NVBench and CUPTI, each in a table; why there is none of the former."""
    pairs = {"NVBench’s cold time": test.nvbench, "CUPTI’s span": test.cupti}
    tables = "".join(_pair_table(other, own) for other, own in pairs.items() if own)
    why = test.nvbench_problem
    return tables + (f"<p>No comparison with NVBench: {_text(why)}</p>" if why else "")


def _pair_table(other: str, pairs: tuple[ClockPair, ...]) -> str:
    head = [f'<th scope="col">{name}</th>' for name in ("Kernel", "Workload")]
    numbers = ("Our events", other, "Difference", "in µs")
    head += [f'<th scope="col" class="number">{name}</th>' for name in numbers]
    body = (
        f'<tr><th scope="row" class="name">{_text(pair.title)}</th>'
        f"<td>{_text(pair.workload)}</td>"
        f'<td class="number">{microseconds(median(pair.ours_us))}</td>'
        f'<td class="number">{microseconds(median(pair.theirs_us))}</td>'
        f'<td class="number">{signed(pair.difference * 100, 2)}&nbsp;%</td>'
        f'<td class="number">{signed(pair.difference_us)}</td></tr>'
        for pair in pairs
    )
    return table("pairs", f"Our events and {other}: medians in µs", head, body)


def _facts(report: Report, test: SelfTest) -> str:
    where = test.environment
    own = [other for other in report.selftests if other.environment.name == where.name]
    earlier = [_link(report, other) for other in own if other is not test]
    return facts(
        [
            ("Made", f"{test.started:%Y-%m-%d %H:%M} UTC"),
            ("Driver", _text(where.driver)),
            ("PyTorch", _text(where.torch)),
            ("Commit", commit(test.commit, dirty=test.dirty)),
            ("Command", f"<code>{_text(test.command)}</code>"),
            ("Record", _link(report, test)),
            ("Earlier", ", ".join(reversed(earlier))),
        ]
    )


def _link(report: Report, test: SelfTest) -> str:
    return f'<a href="~/{escape(selftest_path(report, test))}">{_text(test.id)}.json</a>'


def _text(text: str | None) -> str:
    return escape(one_line(text)) if text else ""
