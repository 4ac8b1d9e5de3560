"""The site in a real Chromium: charts, legend, selectors, palette and navigation."""

import pytest
from playwright.sync_api import Route
from seen import HOST, PUBLISHED, Seen
from site_fixtures import HOSTILE

pytestmark = pytest.mark.browser

SEVEN = {
    "Flash (PyTorch SDPA)",
    "MemEff (PyTorch SDPA)",
    "Compiled (default)",
    "Compiled (max-autotune)",
    "HF Kernels Flash Attn (local build)",
    "HF Kernels Flash Attn3",
    "xFormers",
}
"""The lines that the report exists for."""


@pytest.mark.parametrize(("scheme", "arrival"), [("light", "click"), ("dark", "reload")])
def test_the_chart_names_exactly_the_lines(
    seen: Seen, lines: list[str], scheme: str, arrival: str
) -> None:
    seen.page.emulate_media(color_scheme=scheme)
    if arrival == "click":
        seen.open("data/")
        seen.page.evaluate("window.sameDocument = true")
        seen.click_tab("Results")
    else:
        seen.open()
        seen.wait_for_chart()
        seen.page.reload()
    seen.wait_for_chart()
    assert seen.legend() == lines
    assert set(lines) >= SEVEN
    assert seen.page.evaluate("window.sameDocument === true") == (arrival == "click")
    ink = seen.page.locator(".names_marks text").first.get_attribute("fill")
    assert ink == {"light": "#434955", "dark": "#c3c8d3"}[scheme]


def test_a_chart_drawn_before_the_palette_is_chosen_is_drawn_again_in_its_colours(
    seen: Seen,
) -> None:
    held: list[Route] = []
    seen.page.route("**/bundle.*.min.js", lambda route: held.append(route))
    seen.page.emulate_media(color_scheme="dark")
    seen.page.goto(f"http://{HOST}/", wait_until="commit")
    seen.page.wait_for_selector(".report-chart:visible .names_marks text[fill='#434955']")
    held[0].continue_()
    seen.page.wait_for_selector(".report-chart:visible .names_marks text[fill='#c3c8d3']")


def test_a_click_on_a_name_picks_the_line_out_and_another_lets_it_go(
    seen: Seen, lines: list[str]
) -> None:
    seen.open()
    seen.wait_for_chart()
    labels = seen.labels
    labels.nth(1).click()
    assert _clear_lines(seen) == 1
    boxes = seen.page.locator(".report-board:visible .pick input")
    assert boxes.nth(1).is_checked()
    labels.nth(3).click()
    assert _clear_lines(seen) == 2
    labels.nth(1).click()
    assert _clear_lines(seen) == 1
    labels.nth(3).click()
    assert _clear_lines(seen) == len(lines)


def test_a_picked_line_has_its_colour_in_the_chart_and_its_key(
    seen: Seen, lines: list[str]
) -> None:
    seen.open()
    seen.wait_for_chart()
    row = seen.page.locator(".report-board:visible table.summary tr", has_text=lines[4])
    key, box = row.locator(".swatch path").last, row.locator(".pick input")
    colour = key.get_attribute("fill")
    drawn = _strokes(seen).count(str(colour))  # by a line that stands out with the same colour
    assert key.evaluate(FILL) == GREY
    box.check()
    seen.page.wait_for_timeout(150)
    assert _strokes(seen).count(str(colour)) == drawn + 1
    assert key.evaluate(FILL) != GREY


def test_a_line_beyond_the_axis_is_named_there_and_drawn_once_it_is_picked(seen: Seen) -> None:
    seen.open(base=f"http://{PUBLISHED}/")
    seen.wait_for_chart()
    before = len(_strokes(seen))
    assert any(text.startswith("Math (PyTorch SDPA) ") for text in seen.beyond())
    assert "Math (PyTorch SDPA)" not in seen.legend()
    seen.page.get_by_label("Highlight Math (PyTorch SDPA)").check()
    seen.page.wait_for_timeout(200)
    assert "Math (PyTorch SDPA)" in seen.legend()
    assert not any(text.startswith("Math") for text in seen.beyond())
    assert len(_strokes(seen)) == before + 1


def test_the_boxes_of_the_table_work_from_the_keyboard(seen: Seen) -> None:
    seen.open()
    seen.wait_for_chart()
    box = seen.page.locator(".report-board:visible .pick input").nth(2)
    box.focus()
    seen.page.keyboard.press("Space")
    assert _clear_lines(seen) == 1
    seen.page.keyboard.press("Space")
    assert _clear_lines(seen) > 2


def test_the_selectors_switch_chart_and_table_together(seen: Seen) -> None:
    seen.open()
    seen.wait_for_chart()
    assert seen.page.locator(".report-board:visible").count() == 1
    seen.page.select_option("select[name=device]", "AMD EPYC 9B14")
    seen.page.wait_for_selector(".report-board[data-suite=cpu] [data-drawn]")
    assert seen.page.input_value("select[name=suite]") == "cpu"
    lines = ["Flash (PyTorch SDPA)", "Page deleted", HOSTILE, "Math (PyTorch SDPA)"]
    assert seen.legend() == lines
    rows = seen.page.locator(".report-board:visible table.summary tbody tr")
    assert rows.count() == 6
    assert "device=AMD" in seen.page.url
    seen.page.reload()
    seen.wait_for_chart()
    assert seen.legend() == lines


def test_the_palette_toggle_draws_again_and_keeps_the_choice(seen: Seen) -> None:
    seen.open()
    seen.wait_for_chart()
    seen.labels.nth(1).click()
    for expected in ("#434955", "#c3c8d3"):
        seen.page.locator("form[data-md-component=palette] label:visible").click()
        label = seen.page.locator(f'.names_marks text[fill="{expected}"]').first
        label.wait_for()
    seen.page.wait_for_function("() => document.querySelectorAll('.report-view > svg').length")
    assert _clear_lines(seen) == 1


def test_charts_survive_instant_navigation_and_load_vega_once(seen: Seen) -> None:
    seen.open()
    seen.wait_for_chart()
    seen.page.evaluate("window.sameDocument = window.vega.first = true")
    for _ in range(3):
        seen.click_tab("Implementations")
        seen.page.wait_for_selector("table.overview")
        seen.page.click('table.overview >> text="FlexAttention"')
        seen.wait_for_chart()
        seen.click_tab("Results")
        seen.page.wait_for_selector("table.summary")
        seen.wait_for_chart()
    assert seen.page.evaluate("window.sameDocument === true")
    assert seen.page.evaluate("window.vega.first === true"), "it was run again"
    drawn = seen.page.locator(".report-chart:visible svg.marks").count()
    assert drawn == seen.page.locator(".report-chart:visible").count() == 2


def test_vega_is_loaded_only_where_there_is_a_chart(seen: Seen) -> None:
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    seen.open("data/")
    seen.page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "vega" in url]


def test_a_page_shows_its_own_lines_among_the_others(seen: Seen, lines: list[str]) -> None:
    seen.open("impls/compiled_variants/")
    seen.wait_for_chart()
    bold = seen.chart.locator(".names_marks text[font-weight='600']").all_text_contents()
    assert bold == [name for name in lines if name.startswith("Compiled")]
    assert sum(stroke != "#8b909b" for stroke in _strokes(seen)) == 2


def test_hostile_text_is_shown_and_does_nothing(seen: Seen) -> None:
    seen.open("impls/hostile/")
    seen.wait_for_chart()
    assert HOSTILE in seen.legend()
    assert seen.page.title().startswith(HOSTILE)
    seen.open("")
    seen.wait_for_chart()
    marker = seen.chart.locator(".mark-symbol.role-mark:not(.keys_marks) path").last
    marker.hover(force=True)
    tooltip = seen.page.wait_for_selector("#vg-tooltip-element.visible")
    assert "95 % interval" in tooltip.inner_text()
    assert seen.page.evaluate("window.hacked") is None
    assert seen.page.locator("img[src=x]").count() == 0


GREY = "rgb(139, 144, 155)"
FILL = "path => getComputedStyle(path).fill"


def _strokes(seen: Seen) -> list[str]:
    """The colour of each line of the visible chart."""
    strokes: list[str] = seen.chart.locator(".mark-line path").evaluate_all(
        "paths => paths.map(path => path.getAttribute('stroke'))"
    )
    return strokes


def _clear_lines(seen: Seen) -> int:
    """How many lines of the visible chart are not faded."""
    seen.page.wait_for_timeout(150)
    values: list[str | None] = seen.chart.locator(".mark-line path").evaluate_all(
        "paths => paths.map(p => p.getAttribute('stroke-opacity') ?? p.getAttribute('opacity'))"
    )
    return sum(value is None or float(value) > 0.5 for value in values)
