"""Other ways of reading: on a narrow page, from a file, without scripts, by a screen reader."""

from pathlib import Path

import pytest
from builds import Built
from playwright.sync_api import Browser
from seen import PUBLISHED, Seen, watch

from hooks.report.charts.specifications import specifications
from hooks.report.charts.vega import TARGET
from hooks.report.reading.cache import Cache

pytestmark = pytest.mark.browser


BELOW = """() => {
    const [chart] = [...document.querySelectorAll(".report-chart[data-drawn=tight]")]
        .filter((one) => one.clientWidth);
    const box = (one) => one.getBoundingClientRect();
    const inside = (what) => [...(chart?.querySelectorAll(what) ?? [])].map(box);
    const names = inside(".names_marks text, .role-legend-label text");
    const plots = inside(".mark-line path");
    return names.length && plots.length && names.every(({ top, right }) => (
        right <= 360 && plots.every(({ bottom }) => top > bottom)));
}"""
"""Whether the names of a chart are below its lines. The theme may have it drawn once more."""


@pytest.mark.parametrize("path", ["", "impls/compiled_variants/"])
def test_a_narrow_chart_has_the_names_below(seen: Seen, path: str) -> None:
    seen.page.set_viewport_size({"width": 360, "height": 800})
    seen.open(path)
    seen.page.wait_for_function(BELOW)


def test_the_site_works_from_a_file(seen: Seen, built: Built, lines: list[str]) -> None:
    seen.open("index.html", base=f"{built.site.as_uri()}/")
    seen.wait_for_chart()
    assert seen.legend() == lines


def test_without_scripts_there_are_pictures_and_every_board(chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    seen = watch(context)
    seen.open()
    assert seen.page.locator(".report-board:visible").count() == 3
    picture = seen.page.locator('.report-view img[src$="latency.svg#only-light"]')
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    assert box["height"] > 200
    context.close()
    assert seen.elsewhere == []


def test_what_is_folded_away_opens_from_the_keyboard(seen: Seen) -> None:
    seen.open("impls/compiled_variants/")
    table = seen.page.locator("details.report-more table.kernels").first
    assert not table.is_visible()
    seen.page.locator("summary", has_text="Kernels").first.focus()
    seen.page.keyboard.press("Enter")
    assert table.is_visible()


def test_a_mark_and_a_verdict_are_words_for_a_screen_reader(seen: Seen) -> None:
    seen.open()
    marked = seen.page.locator(".report-board:visible td:has(.signs)", has_text="throttled").first
    assert marked.locator('abbr[title^="throttled: "] [aria-hidden="true"]').count() == 1
    seen.open("methodology/")
    told = seen.page.locator("table.fitness td.short").all_inner_texts()
    assert {text.split()[-1] for text in told} == {"met", "missed"}


def test_every_chart_has_a_description_and_a_table(seen: Seen) -> None:
    seen.open()
    seen.wait_for_chart()
    described = seen.chart.locator("[role=graphics-document]").first.get_attribute("aria-label")
    assert described
    assert "NVIDIA H200" in described
    assert seen.page.locator(".report-board:visible table.summary caption").count() == 1


@pytest.mark.parametrize("path", ["", "workloads/", "compare/?a=flash_attn3&b=cudnn_attention"])
def test_nothing_that_is_read_moves_while_a_page_is_finished(seen: Seen, path: str) -> None:
    """Layout shifts as browsers sum them up; below 0.1 is good (web.dev on CLS)."""
    seen.open(path, f"http://{PUBLISHED}/")
    seen.wait_for_charts()
    moved = seen.page.evaluate(
        """() => new Promise((resolve) => {
          new PerformanceObserver((list) => resolve(list.getEntries()
            .reduce((sum, { value }) => sum + value, 0)))
            .observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(0), 500);
        })"""
    )
    assert moved < 0.1


def test_the_script_draws_every_kind_of_chart(chromium: Browser, tmp_path: Path) -> None:
    """It has only the transforms of Vega that charts use today."""
    page = chromium.new_page()
    page.evaluate(TARGET.read_text(encoding="utf-8"))
    for kind, specification in specifications(Cache(tmp_path)).vega.items():
        failure = page.evaluate(
            """(specification) => new vega.View(vega.parse(specification, null, { ast: true }), {
                expr: vega.expressionInterpreter, container: document.body,
            }).runAsync().then(() => null, (error) => error.message)""",
            specification,
        )
        assert failure is None, kind
    page.close()
