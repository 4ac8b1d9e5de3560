"""The report by keyboard alone, at a phone's width: what is reached is in sight, and reacts."""

from urllib.parse import parse_qs, urlparse

import pytest
from seen import PUBLISHED, Seen

pytestmark = pytest.mark.browser

NEWEST = f"http://{PUBLISHED}/"

IN_SIGHT = """() => {
    const one = document.activeElement;
    const { x, y, width, height } = one.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    return one === top || one.contains(top) || Boolean(top?.contains(one));
}"""
"""Whether what has the focus is on the screen, and nothing lies over it."""

FOCUS = """() => {
    const one = document.activeElement;
    return {
        name: (one.getAttribute("aria-label") || one.textContent).trim().replace(/\\s+/g, " "),
        outlined: getComputedStyle(one).outlineStyle !== "none",
        page: one === document.body || one.matches(".md-skip"),
    };
}"""
"""What has the focus; after the last stop of the page it is the page itself."""

RESTING = "() => document.getAnimations().every((one) => one.playState !== 'running')"


@pytest.fixture
def phone(seen: Seen) -> Seen:
    seen.page.set_viewport_size({"width": 360, "height": 780})
    return seen


def focus(seen: Seen, *keys: str) -> dict:
    """What has the focus after these keys, once nothing moves any more."""
    for key in keys:
        seen.page.keyboard.press(key)
    seen.page.wait_for_function(RESTING)
    return seen.page.evaluate(FOCUS)


def opened_menu(phone: Seen, path: str) -> dict:
    phone.open(path)
    phone.page.wait_for_load_state("networkidle")
    assert focus(phone, "Tab", "Tab")["name"] == "Menu"
    return focus(phone, "Enter")


@pytest.mark.parametrize("path", ["", "contribute/", "impls/flash_attn3/"])
def test_all_that_the_menu_of_a_phone_reaches_is_in_sight(phone: Seen, path: str) -> None:
    found = opened_menu(phone, path)
    names = []
    while not found["page"]:
        phone.page.wait_for_function(IN_SIGHT)  # once it is scrolled to
        assert found["outlined"], found
        names.append(found["name"])
        found = focus(phone, "Tab")
        assert len(names) < 40
    assert len(names) > 2


def test_a_level_of_the_menu_is_entered_and_left(phone: Seen) -> None:
    found = opened_menu(phone, "design/")
    assert found["name"] == "Contribute"  # the way back from the level that the page is on
    assert focus(phone, "Enter")["name"] == "Contribute"
    assert phone.page.get_by_role("link", name="Methodology").first.is_visible()
    assert focus(phone, "Shift+Tab", "Shift+Tab")["name"] == "Evidence"
    focus(phone, "Enter", "Tab", "Enter")
    phone.page.wait_for_url("**/matrix/")


def test_of_two_levels_down_only_the_last_can_be_reached(phone: Seen) -> None:
    opened_menu(phone, "contribute/")
    assert focus(phone, "Tab")["name"] == "Add an implementation or a suite"
    assert focus(phone, "Enter")["name"] == "Table of contents"
    focus(phone, "Escape", "Enter")
    phone.page.wait_for_function(IN_SIGHT)
    assert focus(phone)["name"] == "Table of contents"
    assert focus(phone, "Enter")["name"] == "Add an implementation or a suite"


def test_escape_closes_the_menu_and_the_page_can_be_reached_again(phone: Seen) -> None:
    opened_menu(phone, "")
    assert focus(phone, "Escape")["name"] == "Menu"
    assert not phone.page.locator(".md-sidebar--primary").is_visible()
    assert phone.page.locator("[inert]").count() == 0


@pytest.mark.parametrize(("key", "way"), [("ArrowRight", 1), ("ArrowLeft", -1)])
def test_every_key_press_moves_p(phone: Seen, key: str, way: int) -> None:
    phone.open("?p=0.8", NEWEST)
    phone.wait_for_chart()
    slider = phone.page.locator(".report-p input")
    slider.focus()
    places, reached = [float(slider.input_value())], [0.8]
    for _ in range(20):
        phone.page.keyboard.press(key)
        places.append(float(slider.input_value()))
        reached.append(float(parse_qs(urlparse(phone.page.url).query)["p"][0]))
    one = way * float(slider.get_attribute("step") or 0)
    assert places == pytest.approx([places[0] + one * presses for presses in range(21)])
    assert reached == sorted(reached, key=lambda p: way * p)
    assert way * (reached[-1] - reached[0]) > 0.01


def test_escape_closes_the_menu_that_saves_a_chart(phone: Seen) -> None:
    phone.open(base=NEWEST)
    phone.wait_for_chart()
    menu = phone.chart.locator(".report-save")
    menu.locator("summary").focus()
    phone.page.keyboard.press("Enter")
    assert menu.get_by_text("Save as SVG").is_visible()
    focus(phone, "Tab")
    phone.page.wait_for_function(IN_SIGHT)
    assert focus(phone, "Escape")["name"] == "Save the chart as a picture"
    assert not menu.get_by_text("Save as SVG").is_visible()
    focus(phone, "Enter", "Tab", "Tab", "Tab")
    assert not menu.get_by_text("Save as SVG").is_visible()


def test_the_key_of_a_line_shows_that_it_has_the_focus(phone: Seen) -> None:
    phone.open("impls/flash_attn3/", NEWEST)
    phone.wait_for_chart()
    phone.unfold()
    box = phone.page.locator(".report-picks input").first
    box.focus()
    phone.page.keyboard.press("Tab")
    phone.page.keyboard.press("Shift+Tab")
    key = phone.page.locator(".pick:has(input:focus-visible)")
    assert key.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"


def test_hints_stay_stops_when_another_workload_is_chosen(phone: Seen) -> None:
    phone.open("workloads/", NEWEST)
    phone.page.wait_for_selector(".report-workloads form:not([hidden])")
    marks = phone.page.locator(".report-listed abbr[title]")
    chosen = phone.page.locator("select[name=workload]")
    chosen.select_option(index=0)
    phone.page.wait_for_url("**/?workload=*")
    assert marks.count() > 0
    assert marks.evaluate_all("(all) => all.every((one) => one.tabIndex === 0)")


def test_another_gpu_keeps_the_baseline_that_was_chosen(phone: Seen) -> None:
    phone.open()
    phone.wait_for_chart()
    baseline = phone.page.locator(".report-board:visible select[name=baseline]")
    baseline.select_option(index=1)
    chosen = baseline.input_value()
    phone.page.locator("select[name=device]").select_option(index=1)
    assert parse_qs(urlparse(phone.page.url).query)["baseline"] == [chosen]
    assert phone.page.locator(".report-board:visible select[name=baseline]").input_value() == chosen


def test_the_table_of_p_names_the_baseline_that_was_chosen(phone: Seen) -> None:
    phone.open(base=NEWEST)
    phone.wait_for_chart()
    baseline = phone.page.locator("select[name=baseline]")
    baseline.select_option(index=1)
    name = baseline.locator("option:checked").inner_text()
    told = f"Share of workloads more than p times as fast as {name}"
    phone.page.locator("table.fastp caption", has_text=told).wait_for()
    assert phone.page.locator(".report-scroll:has(table.fastp)").get_attribute("aria-label") == told
