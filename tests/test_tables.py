"""What the tables, the headline and the CSV say of cases, rounds, verdicts and selftests."""

import csv
import json
import re
from pathlib import Path

from markupsafe import escape
from outcomes import CAPPED, HOT, trace
from records import CPU, SUITES, Entry, run, write_old_run, write_run
from reports import Made, front, made, results, rows, selftests
from selftests import selftest, write_selftest

from bench.analysis.words_and_signs import MARKS, STATUSES
from bench.pages.suites import grid
from bench.records.outcome import (
    AlternateTiming,
    AlternateTimings,
    Burst,
    Clocks,
    Sustained,
    Unavailable,
)
from bench.records.run_lines import Protocol
from bench.selftest.fitness import Trial, figures
from hooks.report.elements import html
from hooks.report.pages.build_log import status_lines
from hooks.report.pages.headline import headline, plain
from hooks.report.tables.planning import planning_table
from hooks.report.tables.sustained import sustained_table


def test_the_headline_says_who_is_fastest_and_by_how_much(tmp_path: Path) -> None:
    lines = [Entry("fast", "Fast", 100), Entry("next", "Next", 110)]
    sentence = plain(made(tmp_path, [*lines, Entry("sdpa", "SDPA", 1000)]).board)
    assert "Fast is the fastest at 4,608 tokens" in sentence
    assert "Fast is first at 6 of 6 workloads." in sentence
    shares = r"(9|10|11)\.\d\u00a0% faster than Next and (9|10)\.\d× as fast as SDPA"
    assert re.search(shares, sentence)


def test_two_whose_intervals_overlap_are_level_in_headline_and_table(tmp_path: Path) -> None:
    level = [Entry(name, name.upper(), 100, paces=(1, 1.02, 0.98)) for name in ("a", "b")]
    build = made(tmp_path, [*level, Entry("c", "C", 200)])
    sentence = html(headline(build.board))
    assert re.search("<strong>A</strong> and <strong>B</strong> are tied at 4,608 ", sentence)
    latencies = r"with <strong>[\d.]+( – [\d.]+)?\u00a0µs</strong>"
    assert re.search(f"{latencies}: 2.0× as fast as C", sentence)
    assert "A is first at 6 of 6 workloads, tied at 6." in sentence
    found = rows(build)
    assert [">1<span>=</span></abbr>" in row for row in found] == [True, True, False]
    assert [row.count('class="number best"') for row in found] == [6, 6, 0]
    assert found[2].startswith('<td class="rank">3</td>')


def test_one_round_claims_neither_a_tie_nor_a_lead_nor_a_rank(tmp_path: Path) -> None:
    lines = [Entry("a", "A", 100), Entry("b", "B", 100.5), Entry("c", "C", 130)]
    build = made(tmp_path, lines, write=write_old_run, run=run(), noise=1e-6)
    sentence = plain(build.board)
    assert sentence.endswith("without intervals nobody can tell which is the fastest.")
    assert not re.search(r"\d", sentence.removeprefix("On NVIDIA H200"))
    assert all('<td class="rank">–</td>' in row for row in rows(build))
    assert not any('class="number best"' in row for row in rows(build))
    assert all("<small>one round</small>" in row for row in rows(build))
    assert all("one round: no interval; 1 round, 5 samples" in row for row in rows(build))


def test_a_line_of_one_round_is_named_beside_the_ranking_that_it_is_not_in(tmp_path: Path) -> None:
    one = run(day=1, protocol=Protocol(rounds=1))
    write_run(tmp_path, [Entry("quick", "Quick", 50)], run=one)
    build = made(tmp_path, [Entry("a", "A", 100), Entry("b", "B", 200)])
    sentence = plain(build.board)
    assert "A is the fastest at 4,608 tokens" in sentence
    assert sentence.endswith("Quick, timed in a single round, is not ranked.")
    quick, a, b = rows(build)
    assert [re.findall('class="rank">([^<]+)<', row) for row in (quick, a, b)] == [
        ["–"],
        ["1"],
        ["2"],
    ]


def test_a_slow_down_has_its_interval_and_a_latency_its_rounds(tmp_path: Path) -> None:
    best, other = rows(made(tmp_path, [Entry("a", "A", 100), Entry("b", "B", 150)]))
    assert re.search(r"1\.5\d× <small>±\d\.\d+\u00a0%</small>", other)
    assert re.search(r'title="95 % interval: 1\.\d{4} – 1\.\d{4}×; over 6 workloads"', other)
    assert "<small></small>" in best
    assert re.search(r'title="95 % interval: [\d.]+ – [\d.]+ µs; 3 rounds, 15 samples', other)
    assert '<td class="number">6 of 6</td>' in other


def test_a_legend_explains_the_signs_that_a_table_holds_and_no_others(tmp_path: Path) -> None:
    lines = [Entry("a", "A", 100, ok={"clocks": HOT}), Entry("b", "B", 200, ok={"clocks": CAPPED})]
    table = front(made(tmp_path, lines, samples=40))
    signs = set(re.findall(r'<abbr title="([\w-]+):', table))
    legend = re.search(r'<ul class="report-legend">.*</ul>', table)[0]
    assert signs == {"throttled"}
    assert set(re.findall(r"</b> ([\w-]+):", legend)) == signs
    assert f"In 6 of 12 cases {MARKS['power_capped'].meaning}" in legend


def test_every_mark_has_a_sign_but_the_one_that_is_no_worry() -> None:
    assert [mark for mark, label in MARKS.items() if not label.sign] == ["power_capped"]


def test_no_two_marks_and_no_two_statuses_have_the_same_sign() -> None:
    for labels in (MARKS, STATUSES):
        signs = [label.sign for label in labels.values() if label.sign]
        assert len(set(signs)) == len(signs)
        assert len({label.word for label in labels.values()}) == len(labels)


def test_a_point_has_the_ends_of_its_interval(tmp_path: Path) -> None:
    found = made(tmp_path, [Entry("a", "A", 100)])
    case = found.board.lines[0].cases[SUITES["flux"].workloads[0]]
    point = json.loads(found.file("charts/latency.vl.json"))["datasets"]["points"][0]
    low, high = case.interval_us
    assert (point["low"], point["us"], point["high"]) == (low, case.latency_us, high)
    assert f"{low:.1f} µs – {high:.1f} µs" in found.file("charts/latency.svg")


def test_other_clocks_stand_on_the_page_with_the_reason_where_there_are_none(
    tmp_path: Path,
) -> None:
    lanes = AlternateTimings(
        cold=AlternateTiming(latency_us=(101.0,)),
        wall=AlternateTiming(latency_us=(155.0,)),
        warm=AlternateTiming(latency_us=(88.0,)),
        graph=AlternateTiming(reason="it synchronises"),
    )
    passed = {"lanes": lanes, "trace": trace(100, "a_kernel", difference=-0.01)}
    content = results(made(tmp_path, [Entry("a", "A", 100, passed=passed)]), "a")
    clocks = re.search(r"<summary>Other clocks</summary>.*?</details>", content)[0]
    for value in ("101.0", "88.0", "155.0", "100.0", "−1.00\u00a0%"):
        assert f">{value}<" in clocks, value
    assert "<b>CUDA graph</b> (6 workloads): <code>it synchronises</code>" in clocks
    kernels = re.search(r"<summary>Kernels</summary>.*?</details>", content)[0]
    assert kernels.count("<code>a_kernel</code>") == 1


def test_the_environment_tells_the_clocks_during_the_rounds(tmp_path: Path) -> None:
    content = made(tmp_path, [Entry("a", "A", 100, ok={"clocks": CAPPED})])
    where = content.build.pages["impls/a.md"].placed["environment"]
    facts = dict(re.findall(r"<dt>([^<]+)</dt> <dd>([^<]+)</dd>", where))
    assert facts["SM clock"] == "1,620 – 1,725 MHz"
    assert facts["Power"] == "688 – 700 W"
    assert facts["Temperature"] == "58 – 61 °C"
    assert facts["Clock lowered"] == "power limit in 18 of 18 rounds"


def test_an_old_run_has_no_other_clocks(tmp_path: Path) -> None:
    content = results(made(tmp_path, [Entry("a", "A", 100)], write=write_old_run, run=run()), "a")
    assert "Other clocks" not in content
    published = re.findall(r'data-published="([^"]+)"', content)
    assert published
    assert all(", null, null, " in row for row in published)
    assert 'title="one round: no interval">–<' in content


def test_without_a_selftest_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    build = made(tmp_path, [Entry("a", "A", 100)])
    assert "<code>python -m bench selftest</code>" in selftests(build)


def test_the_newest_selftest_of_each_device_is_told_figure_by_figure(tmp_path: Path) -> None:
    missed = Trial(title="Sly", intent="cheats", wanted="not ok", status="ok")
    write_selftest(tmp_path, selftest(day=1, cheats=(missed,)))
    older, newer, cpu = selftest(day=1, cheats=(missed,)), selftest(day=2), selftest(CPU, day=3)
    for test in (older, newer, cpu):
        write_selftest(tmp_path, test)
    told = selftests(made(tmp_path, [Entry("a", "A", 100)]))
    assert re.findall(r"<h3>([^<]+)</h3>", told) == ["AMD EPYC 9B14", "NVIDIA H200"]
    for figure in [*figures(newer), *figures(cpu)]:
        assert escape(figure.name) in told
    assert told.count('<span aria-hidden="true">✓</span> met') == 6 + 4 + 2
    assert "Complete runs on NVIDIA H200" in told
    assert "Complete runs on AMD EPYC 9B14" not in told
    assert "Sly" not in told
    write_selftest(tmp_path, selftest(day=4, cheats=(missed,)))
    told = selftests(Made(tmp_path))
    of = "<strong>Not fit</strong> in the selftest of 2026-03-18"
    assert f"{of}: 1 of 6 figures missed their goal." in told
    assert "✗</span> no, expected not ok" in told


def test_selftests_are_served_as_they_were_recorded(tmp_path: Path) -> None:
    path = write_selftest(tmp_path, selftest())
    found = made(tmp_path, [Entry("a", "A", 100)])
    assert found.file(f"data/v1/selftests/nvidia-h200/{path.name}") == path.read_text()


def test_a_leaderboard_where_nothing_ran_says_so(tmp_path: Path) -> None:
    failed = Entry("a", "A", outcome=Unavailable(reason="no package"))
    build = made(tmp_path, [failed])
    assert plain(build.board) == "Nothing ran on NVIDIA H200 yet."
    assert "<svg" in build.file("charts/latency.svg")
    assert [*status_lines(build.report)] == ["⊘ skipped  A (unavailable: no package)"]


def test_the_csv_has_a_row_for_each_case_of_each_run(tmp_path: Path) -> None:
    failed = Entry("c", "C", outcome=Unavailable(reason="no package"))
    write_old_run(tmp_path, [Entry("a", "A", 90)], run=run(day=-1))
    build = made(tmp_path, [Entry("a", "A", 100), Entry("b", "B", 200), failed])
    rows = list(csv.DictReader(build.file("data/v1/results.csv").splitlines()))
    assert [row["implementation"] for row in rows] == ["a"] * 12 + ["b"] * 6 + ["c"] * 6
    old, new, bad = rows[0], rows[6], rows[-1]
    assert (old["rounds"], old["latency_us_low"], old["warm_us"]) == ("1", "", "")
    assert (new["rounds"], new["samples"], new["marks"]) == ("3", "15", "noisy")
    assert float(new["latency_us_low"]) < float(new["latency_us"]) < float(new["latency_us_high"])
    assert (new["warm_us"], new["graph_us"], new["cupti_us"]) == ("98.5", "99", "100")
    assert float(new["peak_memory_bytes"]) == float(old["peak_memory_bytes"])
    assert (bad["status"], bad["reason"], bad["latency_us"]) == ("unavailable", "no package", "")


def test_the_csv_of_runs_of_several_operations_has_each_value_under_its_name(
    tmp_path: Path,
) -> None:
    rows = {"operation": "rms_norm", "rows": 512, "columns": 4096, "dtype": "bfloat16"}
    write_run(tmp_path, [Entry("norm", "Norm", 10)], run=run(workloads=tuple(grid(rows)), day=1))
    lines = made(tmp_path, [Entry("a", "A", 100)]).file("data/v1/results.csv").splitlines()
    *_, attention, norm = csv.DictReader(lines)
    assert {len(row) for row in csv.reader(lines)} == {len(norm)}
    assert (attention["head_dim"], attention["rows"], attention["status"]) == ("128", "", "ok")
    assert (norm["head_dim"], norm["rows"], norm["columns"]) == ("", "512", "4096")
    assert (norm["dtype"], norm["status"], norm["torch"]) == ("bfloat16", "ok", attention["torch"])


def test_no_cell_of_the_csv_is_a_formula(tmp_path: Path) -> None:
    lines = [Entry("a", "=1+1", 100), Entry("b", "@SUM(A1)", 200)]
    rows = csv.DictReader(made(tmp_path, lines).file("data/v1/results.csv").splitlines())
    assert {row["title"] for row in rows} == {"'=1+1", "'@SUM(A1)"}


def _cells(table: str) -> list[list[str]]:
    """The words of each row below the head of a table."""
    found = re.findall(r"<tr>(.*?)</tr>", table, re.S)
    return [re.sub(r"<[^>]+>", " ", row).split() for row in found][1:]


def test_sustained_calls_have_a_table_with_their_change_energy_power_and_clock(
    tmp_path: Path,
) -> None:
    clocks = Clocks(sm_mhz=(1980, 1425, 1400), power_w=(400.0, 690.0, 698.0), temperature_c=(60,))
    burst = Burst(calls=100, wall_us=10_000.0)
    hot = Sustained(calls=1000, wall_us=119_400.0, energy_j=250.0, clocks=clocks)
    cool = Sustained(calls=1000, wall_us=101_000.0)
    lines = [
        Entry("a", "A", 100, ok={"burst": burst, "sustained": hot}),
        Entry("b", "B", 110, ok={"burst": burst, "sustained": cool}),
        Entry("c", "C", 120),
    ]
    build = made(tmp_path, lines)
    table = html(sustained_table(build.report, build.board))
    found = _cells(table)
    b, a = ([word for word in row if word != "%"] for row in found[:2])
    assert (b[0], b[1], b[-5:]) == ("4224", "B", ["101.0", "+1.0", "–", "–", "–"])
    assert (a[0], a[1], a[-5:]) == ("4224", "A", ["119.4", "+19.4", "0.250", "690", "1,425"])
    assert not any("C" in row for row in found)
    first = next(csv.DictReader(build.file("data/v1/results.csv").splitlines()))
    assert (float(first["sustained_us"]), float(first["energy_j"])) == (119.4, 0.25)


def test_a_leaderboard_without_sustained_calls_has_no_such_table(tmp_path: Path) -> None:
    build = made(tmp_path, [Entry("a", "A", 100)])
    assert sustained_table(build.report, build.board) is None


def test_planning_is_shown_with_its_line_and_beside_the_others_of_its_suite(
    tmp_path: Path,
) -> None:
    lines = [
        Entry("a", "A", 100, paces=(1.0,), passed={"plan_us": (900.0, 420.0, 400.0)}),
        Entry("b", "B", 110, passed={"plan_us": (22.0, 22.0, 22.0)}),
        Entry("c", "C", 120),
    ]
    build = made(tmp_path, lines, noise=1e-9)
    a, c = results(build, "a"), results(build, "c")
    assert ">Planning, µs</th>" in a
    assert "Planning" not in c
    assert re.search(r'<td class="number">420\.0</td></tr>', a)
    found = _cells(html(planning_table(build.report, build.board)))
    assert [row[:2] for row in found[:3]] == [["4224", "B"], ["4224", "A"], ["4352", "B"]]
    assert (found[1][-3], found[1][-1]) == ("420.0", "4.20×")
    row = next(csv.DictReader(build.file("data/v1/results.csv").splitlines()))
    assert float(row["plan_us"]) == 420


def test_a_sentence_says_how_many_times_longer_than_a_call_planning_takes_if_it_does(
    tmp_path: Path,
) -> None:
    lines = [
        Entry("a", "A", 100, paces=(1.0,), passed={"plan_us": (430.0,) * 3}),
        Entry("b", "B", 110, passed={"plan_us": (22.0,) * 3}),
    ]
    build = made(tmp_path, lines, noise=1e-9)
    sentence = "A: planning takes up to 4.30 times as long as one call, at 4,224 tokens"
    assert sentence in results(build, "a")
    assert "times as long" not in results(build, "b")
    table = html(planning_table(build.report, build.board))
    assert re.findall(r"\w: planning takes", table) == ["A: planning takes"]
    assert sentence in table


def test_a_report_of_lines_that_plan_nothing_does_not_mention_planning(tmp_path: Path) -> None:
    build = made(tmp_path, [Entry("a", "A", 100)])
    assert planning_table(build.report, build.board) is None
    assert "<th>Planning" not in results(build, "a")
    assert next(csv.DictReader(build.file("data/v1/results.csv").splitlines()))["plan_us"] == ""


def test_a_plan_that_failed_is_shown_with_its_reason_among_the_other_clocks(
    tmp_path: Path,
) -> None:
    lines = [Entry("a", "A", 100, passed={"plan_problem": "RuntimeError: no workspace"})]
    page = results(made(tmp_path, lines), "a")
    assert "<b>Planning</b> (6 workloads): <code>RuntimeError: no workspace</code>" in page
