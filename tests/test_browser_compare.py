"""Two side by side: every figure is Python's, and what nobody can tell apart is called so."""

import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from builds import ROOT, Built, build, copy_project
from playwright.sync_api import Browser
from reports import Made
from seen import PUBLISHED, Seen, watch
from site_fixtures import HOSTILE, serving

from bench.analysis.leaderboard import Cases, Line, leaderboards
from bench.analysis.verdict import Ratio, ratio, slowdown
from bench.records.run_lines import LineKey
from hooks.report.formats import times

pytestmark = pytest.mark.browser

NEWEST = f"http://{PUBLISHED}/"

TIE = ("flash_attn3", "hf_kernels_flash_attn3")
"""One kernel under two names, in every H200 run."""

H100, H200 = "20261125T213916Z-flux", "20261124T161051Z-flux"

PAIRS = [
    TIE,
    ("flash_attn3", "cudnn_attention"),
    ("math_attention", "sage_attention"),
    ("compiled_variants.default", "compiled_variants.max-autotune"),
    ("xformers", "flash_attention"),
]

TEXTS = """(table) => [...table.tBodies[0].rows].map((row) => (
  [...row.cells].map((cell) => cell.textContent.trim().replace(/\\s+/g, " "))))"""


def _rows(seen: Seen, a: str, b: str, more: str = "", base: str = NEWEST) -> list[list[str]]:
    seen.open(f"compare/?a={a}&b={b}{more}", base)
    seen.page.wait_for_selector("h2#differences")
    rows: list[list[str]] = seen.page.locator("table.pairs").evaluate(TEXTS)
    return rows


def _verdict(seen: Seen) -> str:
    return seen.page.locator(".report-outcome p").first.inner_text()


def _exact(value: float) -> str:
    return times(value, 4 if value < 2 else 3 if value < 10 else 2)


def _told(value: float, interval: tuple[float, float] | None) -> list[str]:
    if interval is None:
        return [_exact(value), "no interval"]
    return [_exact(value), " – ".join(map(_exact, interval))]


def _kind(found: Ratio) -> str:
    if found.indistinguishable is None:
        return "one round"
    return "indistinguishable" if found.indistinguishable else "AB"[found.value < 1]


@pytest.fixture(scope="session")
def lines(published: Built) -> dict[str, Line]:
    """The lines of the published board by their names in links."""
    (board,) = Made(published.root).report.leaderboards
    return {line.key.name: line for line in board.lines}


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_every_ratio_and_verdict_is_pythons(
    seen: Seen, lines: dict[str, Line], pair: tuple[str, str]
) -> None:
    a, b = (lines[name] for name in pair)
    rows = _rows(seen, *pair)
    assert len(rows) == len(a.cases)
    for row, workload in zip(rows, a.cases, strict=True):
        found = ratio(b.cases[workload], a.cases[workload])
        assert found
        assert row[1:3] == _told(found.value, found.interval)
        assert row[3].startswith(_kind(found))
    whole = slowdown(b.cases, a.cases)
    assert whole
    value, interval = _told(whole.value, whole.interval)
    note = seen.page.locator(".report-outcome p").nth(1).inner_text()
    assert f"{value}, 95 % interval {interval}." in note
    assert f"{whole.covered} of {len(a.cases)} workloads" in _verdict(seen)


def test_a_tie_is_indistinguishable_everywhere(seen: Seen) -> None:
    rows = _rows(seen, *TIE)
    assert {row[3] for row in rows} == {"indistinguishable"}
    assert "are indistinguishable over 6 of 6 workloads" in _verdict(seen)
    seen.wait_for_chart()
    assert seen.legend() == ["indistinguishable"]
    described = seen.chart.locator("[role=graphics-document]").first.get_attribute("aria-label")
    assert described
    assert "A table contains the same numbers" in described


def _cases(root: Path, run: str) -> dict[LineKey, Cases]:
    """The cases of each line in one run."""
    (board,) = leaderboards([Made(root).report.by_run[run]])
    return {line.key: line.cases for line in board.lines}


def test_every_run_is_compared_line_by_line_with_the_one_before_as_python_does(
    seen: Seen, published: Built
) -> None:
    runs = [one.run.id for one in Made(published.root).report.runs]
    found_in = {run: _cases(published.root, run) for run in runs}
    for one, other in itertools.pairwise(runs):
        rows = _rows(seen, f"run:{one}", f"run:{other}")
        own, its = found_in[one], found_in[other]
        expected = {
            tuple(_told(found.value, found.interval))
            for key in own.keys() & its.keys()
            if (found := slowdown(its[key], own[key]))
        }
        assert {tuple(row[1:3]) for row in rows if row[1] != "–"} == expected, (one, other)
        sizes = [max(size := float(row[1][:-1]), 1 / size) for row in rows if row[1] != "–"]
        assert sizes == sorted(sizes, reverse=True) or _nearly(sizes)


def _nearly(sizes: list[float]) -> bool:
    """In order but for the digits that were rounded away."""
    return all(after < before + 2e-4 for before, after in itertools.pairwise(sizes))


def test_what_differs_between_runs_is_told_and_what_does_not_is_left_out(seen: Seen) -> None:
    _rows(seen, "run:20261122T193441Z-flux", "run:20261124T161051Z-flux")
    told = {row[0]: row[1:] for row in seen.page.locator("table.differences").evaluate(TEXTS)}
    assert told["Protocol: rounds"] == ["1", "3"]
    assert told["Clock limits"][0] == "–"
    assert "Code as measured: SageAttention 1 (INT8)" in told
    assert not {"Driver", "PyTorch", "Device", "Protocol: seed"} & told.keys()


@pytest.fixture(scope="module")
def two_gpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A site of a run on each of two GPUs, and its address."""
    root = copy_project(tmp_path_factory.mktemp("gpus") / "project")
    for run in (H100, H200):
        path = next((ROOT / "data").glob(f"*/{run}.jsonl")).relative_to(ROOT)
        (root / path).parent.mkdir(parents=True)
        shutil.copy(ROOT / path, root / path)
    with serving(build(root, "--strict")) as port:
        yield root, f"http://127.0.0.1:{port}/"


def test_runs_of_two_gpus_are_compared_and_each_is_named_with_its_own(
    two_gpus: tuple[Path, str], bare: Browser
) -> None:
    root, site = two_gpus
    context = bare.new_context()
    seen = watch(context, site)
    rows = _rows(seen, f"run:{H100}", f"run:{H200}", base=site)
    own, its = _cases(root, H100), _cases(root, H200)
    ratios = {found.value for key in own if (found := slowdown(its[key], own[key]))}
    assert {row[1] for row in rows} == set(map(_exact, ratios))
    told = _verdict(seen)
    assert re.match(r"The run of 2026-11-25 21:39 on NVIDIA H100 80GB HBM3 ", told)
    assert re.search(r"the run of 2026-11-24 16:10 on NVIDIA H200 .* of flux, bfloat16\.$", told)
    assert seen.page.locator("table.differences tr:has-text('Device')").count() == 1
    seen.page.click("table.pairs >> text=FlexAttention")
    seen.page.wait_for_selector("table.pairs th:has-text('4,608 tokens')")
    assert "FlexAttention, run of 2026-11-25 21:39 on NVIDIA H100" in _verdict(seen)
    # In one GPU's newest results an implementation has nothing of the other's run.
    seen.open(
        f"compare/?a=flash_attn3&b=run:{H200}&board=NVIDIA H100 80GB HBM3, flux, bfloat16", site
    )
    seen.page.wait_for_selector(".report-outcome p")
    assert "has no results on NVIDIA H100" in _verdict(seen)
    context.close()
    assert seen.complaints == seen.elsewhere == []


def test_one_line_of_two_runs_is_a_click_away_and_a_link_restores_it(seen: Seen) -> None:
    _rows(seen, "run:20261124T161051Z-flux", "run:20261122T233016Z-flux")
    seen.page.click("table.pairs >> text=FlexAttention")
    seen.page.wait_for_selector("table.pairs th:has-text('4,608 tokens')")
    assert "line=flex_attention" in seen.page.url
    shown = [seen.page.locator("table.pairs").inner_text(), _verdict(seen)]
    seen.page.reload()
    seen.page.wait_for_selector("h2#differences")
    assert [seen.page.locator("table.pairs").inner_text(), _verdict(seen)] == shown
    assert seen.page.input_value("select[name=line]") == "flex_attention"
    assert "FlexAttention, run of 2026-11-24" in shown[1]


def test_a_line_beside_a_run_is_its_newest_results_beside_the_older(seen: Seen) -> None:
    rows = _rows(seen, "flash_attn3", "run:20261122T193441Z-flux")
    assert len(rows) == 6
    assert {row[3] for row in rows} == {"undecided: one round"}
    assert "newest results" in _verdict(seen)


def test_a_failure_is_told_with_its_side_and_reason(seen: Seen) -> None:
    base = "http://report.test/"
    rows = _rows(seen, "flash_attn4", "flash_attn3", base=base)
    assert {row[1] for row in rows} == {"–"}
    reasons = seen.page.locator(".report-pairs li").all_inner_texts()
    assert len(reasons) == 1
    assert reasons[0].startswith("A: unavailable: ")
    assert HOSTILE in reasons[0]
    assert "no workload in common" in _verdict(seen)
    assert seen.page.evaluate("window.hacked") is None


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("a=nope&b=flash_attn3", "no implementation called “nope”"),
        ("a=flash_attn3&b=run:19700101T000000Z-flux", "no run called “19700101T000000Z-flux”"),
        ("a=run:../../x&b=flash_attn3", "no run called “../../x”"),
        ("a=<img src=x>&b=__proto__", "no implementation called “<img src=x>”"),
        ("a=flash_attn3&b=cudnn_attention&board=Abacus", "no results called “Abacus”"),
        ("a=run:20261124T161051Z-flux&b=run:20261122T233016Z-flux&line=no", "no “no” in run"),
    ],
)
def test_what_is_unknown_is_told_in_words_and_another_choice_helps(
    seen: Seen, query: str, told: str
) -> None:
    seen.open(f"compare/?{query}", NEWEST)
    seen.page.wait_for_selector(".report-outcome p")
    assert told in seen.page.locator(".report-outcome").inner_text()
    seen.page.wait_for_selector(".report-compare form:not([hidden])")
    seen.page.select_option("select[name=a]", "flash_attn3")
    seen.page.select_option("select[name=b]", "cudnn_attention")
    if "board=" not in query:
        seen.page.wait_for_selector("h2#differences")
        assert "as fast as" in _verdict(seen)


def test_boards_are_chosen_and_names_that_one_lacks_are_told(seen: Seen) -> None:
    seen.open("compare/?a=flash_attention&b=math_attention")
    seen.page.wait_for_selector("h2#differences")
    seen.page.select_option("select[name=board]", label="AMD EPYC 9B14, cpu, float32")
    seen.page.wait_for_selector("caption:has-text('AMD EPYC 9B14')")
    assert "board=AMD" in seen.page.url
    seen.page.select_option("select[name=b]", "xformers")
    seen.page.wait_for_selector(".report-outcome:has-text('There is no “xformers” in')")


def test_without_a_choice_the_first_two_are_compared_and_swapped_by_keyboard(seen: Seen) -> None:
    seen.open("compare/", NEWEST)
    seen.page.wait_for_selector("h2#differences")
    picked = [seen.page.input_value(f"select[name={side}]") for side in "ab"]
    assert sorted(picked) == sorted(TIE)
    seen.page.locator("select[name=a]").focus()
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_function(
        "([a]) => document.querySelector('select[name=a]').value !== a", arg=picked
    )
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("ArrowDown")
    seen.page.wait_for_selector("h2#differences")
    third = seen.page.input_value("select[name=b]")
    assert third not in picked[:1]
    assert f"a={picked[1]}&b={third}" in seen.page.url
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_function("() => document.querySelector('.report-copied').childNodes.length")


def test_a_page_leads_to_its_comparisons(seen: Seen) -> None:
    seen.open("impls/cudnn_attention/", NEWEST)
    seen.page.evaluate("window.sameDocument = true")
    seen.page.wait_for_load_state("networkidle")
    seen.page.click("p:has-text('Compare with') >> a >> nth=0")
    seen.page.wait_for_selector("h2#differences")
    assert seen.page.evaluate("window.sameDocument === true")
    assert seen.page.input_value("select[name=a]") == "cudnn_attention"
    assert seen.page.input_value("select[name=b]") == "flash_attn3"


def test_the_page_works_from_a_file_and_says_what_it_needs_without_scripts(
    seen: Seen, built: Built, chromium: Browser
) -> None:
    base = f"{built.site.as_uri()}/"
    seen.open("compare/index.html?a=flash_attention&b=math_attention", base=base)
    seen.page.wait_for_selector("h2#differences")
    seen.wait_for_chart()
    context = chromium.new_context(java_script_enabled=False)
    plain = watch(context).page
    plain.goto(f"{NEWEST}compare/")
    assert "needs JavaScript" in plain.locator(".report-compare").inner_text()
    assert plain.locator('.report-compare a[href$="data/v1/results.csv"]').is_visible()
    context.close()
