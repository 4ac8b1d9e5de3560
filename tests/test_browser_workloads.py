"""One workload at a time: the browser draws and writes what Python does, for any workload."""

import json

import pytest
from builds import Built
from playwright.sync_api import Browser, Page
from seen import HOST, PUBLISHED, Seen, same_chart, watch
from site_fixtures import HOSTILE

pytestmark = pytest.mark.browser

NEWEST = f"http://{PUBLISHED}/"

FILES = {"ranked": "workload", "accuracy": "accuracy", "memory": "memory"}
"""The file of each kind of chart."""

DRAWN = """async (name) => {
  const options = [...document.querySelectorAll(".report-chart")]
    .map(({ dataset }) => JSON.parse(dataset.chart)).find(({ chart }) => chart === name);
  const { data, params, description } = await report.kinds[options.kind](options);
  return { data, params, description };
}"""

TEXTS = """(table) => [...table.rows].map((row) => (
  [...row.cells].map((cell) => cell.textContent.trim().replace(/\\s+/g, " "))))"""


BOXES = """(texts) => texts.map((text) => {
  const { left, right } = text.getBoundingClientRect();
  return { text: text.textContent, left, right };
})"""


def _ready(page: Page) -> None:
    page.wait_for_selector(".report-workloads form:not([hidden])")


@pytest.mark.parametrize("host", [HOST, PUBLISHED])
def test_the_browser_draws_what_python_draws(
    seen: Seen, built: Built, published: Built, host: str
) -> None:
    site = built if host == HOST else published
    seen.open("workloads/", f"http://{host}/")
    _ready(seen.page)
    for kind, name in FILES.items():
        same_chart(seen.page.evaluate(DRAWN, kind), json.loads(site.read(f"charts/{name}.vl.json")))


@pytest.mark.parametrize("host", [HOST, PUBLISHED])
def test_the_browser_writes_the_tables_that_python_writes(
    seen: Seen, chromium: Browser, host: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    unscripted = watch(context)
    unscripted.open("workloads/", f"http://{host}/")
    unscripted.unfold()
    plain = unscripted.page
    tables = plain.locator("table.workload")
    assert tables.count() > 2
    seen.open("workloads/", f"http://{host}/")
    _ready(seen.page)
    for table in reversed(tables.all()):  # the one that is there first is written again at last
        caption = table.locator("caption").inner_text()
        name = caption.split(" on ")[0]
        seen.page.select_option("select[name=workload]", name)
        live = seen.page.locator("table.workload").first
        seen.page.wait_for_function(
            "(text) => document.querySelector('table.workload caption').innerText === text",
            arg=caption,
        )
        assert live.evaluate(TEXTS) == table.evaluate(TEXTS)
        legends = [p.locator(".report-listed .report-legend") for p in (seen.page, plain)]
        if name in (plain.locator(".report-told").inner_text()):
            assert legends[0].all_inner_texts() == legends[1].all_inner_texts()
    context.close()


def test_the_longest_workload_comes_first_and_a_link_restores_any_other(seen: Seen) -> None:
    seen.open("workloads/", NEWEST)
    _ready(seen.page)
    seen.wait_for_chart()
    assert seen.page.input_value("select[name=workload]").startswith("b1-s4608-")
    seen.page.select_option("select[name=workload]", index=1)
    seen.page.check("input[value=near]")
    seen.page.wait_for_selector("caption:has-text('b1-s4352-')")
    before = seen.page.locator("table.workload").first.inner_text()
    assert "workload=b1-s4352-h24-d128-bfloat16" in seen.page.url
    assert "span=near" in seen.page.url
    seen.page.reload()
    _ready(seen.page)
    seen.wait_for_chart()
    assert seen.page.locator("table.workload").first.inner_text() == before
    assert seen.page.is_checked("input[value=near]")
    assert "Math" not in (seen.chart.inner_text())


def test_another_board_has_its_own_workloads_and_no_memory_where_none_is_known(seen: Seen) -> None:
    seen.open("workloads/")
    _ready(seen.page)
    seen.page.select_option("select[name=board]", label="AMD EPYC 9B14, cpu, float32")
    seen.page.wait_for_selector("caption:has-text('AMD EPYC 9B14')")
    assert seen.page.locator("select[name=workload] option").count() == 3
    seen.page.wait_for_selector("h2:has-text('Memory')", state="hidden")
    assert seen.page.locator("td.status", has_text="is NaN").count() == 1


def test_a_name_that_is_unknown_is_told_and_something_is_shown(seen: Seen) -> None:
    seen.open("workloads/?board=Abacus&workload=<img src=x>")
    _ready(seen.page)
    told = seen.page.locator(".report-told").inner_text()
    assert "no results called “Abacus”" in told
    assert "no workload “<img src=x>” here" in told
    seen.wait_for_chart()


def test_exact_and_quantised_lines_are_told_apart_and_each_has_its_bound(
    seen: Seen, published_lines: int
) -> None:
    seen.open("workloads/", NEWEST)
    _ready(seen.page)
    chart = seen.page.locator(
        "section:has-text('Accuracy against speed') .report-chart[data-drawn]"
    )
    chart.scroll_into_view_if_needed()
    texts = chart.locator(".role-mark.mark-text:not(.names_marks) text").all_text_contents()
    assert sorted(filter(None, texts)) == ["bound of exact", "bound of int8", "int8"]
    fills = chart.locator(".mark-symbol.role-mark:not(.keys_marks) path").evaluate_all(
        "paths => paths.map((path) => path.getAttribute('fill'))"
    )
    assert sum(fill in (None, "none", "transparent") for fill in fills) == 1
    assert len(fills) == published_lines


def test_every_control_is_reached_and_used_from_the_keyboard(seen: Seen) -> None:
    seen.open("workloads/", NEWEST)
    _ready(seen.page)
    seen.page.locator("select[name=workload]").focus()
    seen.page.keyboard.press("ArrowUp")
    seen.page.wait_for_selector("caption:has-text('b1-s4544-')")
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("ArrowRight")
    assert seen.page.is_checked("input[value=near]")
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_function("() => document.querySelector('.report-copied').childNodes.length")


def test_the_page_works_from_a_file_and_hostile_names_do_nothing(seen: Seen, built: Built) -> None:
    seen.open("workloads/index.html", base=f"{built.site.as_uri()}/")
    _ready(seen.page)
    seen.wait_for_chart()
    assert HOSTILE in seen.page.locator("table.workload").first.inner_text()
    assert seen.page.evaluate("window.hacked") is None


def test_on_a_phone_every_name_and_number_of_a_chart_of_rows_is_whole(seen: Seen) -> None:
    seen.page.set_viewport_size({"width": 360, "height": 800})
    seen.open("workloads/", NEWEST)
    _ready(seen.page)
    for kind in ("ranked", "memory"):
        chart = seen.page.locator(f".report-chart[data-chart*='\"{kind}\"']")
        chart.scroll_into_view_if_needed()
        chart.locator("svg.marks").wait_for()
        wanted = {point["line"] for point in seen.page.evaluate(DRAWN, kind)["data"]["points"]}
        assert wanted <= set(chart.locator(".role-axis-label text").all_text_contents())
        boxes = chart.locator("svg.marks text").evaluate_all(BOXES)
        assert boxes
        assert [box for box in boxes if box["left"] < 0 or box["right"] > 360] == []


@pytest.mark.parametrize("path", ["workloads/", "compare/?a=flash_attn3&b=math_attention"])
def test_a_narrow_page_does_not_scroll_sideways(seen: Seen, path: str) -> None:
    seen.page.set_viewport_size({"width": 360, "height": 800})
    seen.open(path, NEWEST)
    seen.wait_for_charts()
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
