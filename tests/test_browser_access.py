"""Every page at each width in each scheme, also for those who do not see it, or not so well."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import axe_playwright_python
import pytest
from builds import Built
from playwright.sync_api import Browser
from seen import PUBLISHED, Seen, watch

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")

ONE_OF_EACH = """() => {
    const kinds = new Set();
    for (const code of document.querySelectorAll("pre code")) {
        for (const span of code.querySelectorAll("span[class]")) {
            if (kinds.has(span.className)) span.replaceWith(span.textContent);
            else kinds.add(span.className);
        }
    }
}"""
"""Of words in code that look alike, one is enough: pages of ten thousand take a minute each."""

SETTLED = """() => [...document.querySelectorAll("pre code")]
    .every((one) => one.scrollWidth <= one.clientWidth || one.tabIndex === 0)"""
"""Code wider than its box can be scrolled by keys: the theme sees to it once it knows the width."""

RUN = """async ([where, rules]) => {
    const { violations } = await axe.run(where, { resultTypes: ["violations"], ...rules });
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
        .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ target, failureSummary, html }) =>
            `${id} (${nodes.length}): ${target.join(" ")}: ${html.slice(0, 200)}: `
            + failureSummary));
}"""


Rules = dict[str, object]
COLOURS: Rules = {"runOnly": ["color-contrast"]}
OTHERS: Rules = {"rules": {"color-contrast": {"enabled": False}}}

ALL, CONTENT = "html", "article"
"""Where axe looks: header, navigation and footer are those of one template on every page."""

WIDE, NARROW = 1600, 360


@dataclass(frozen=True)
class Reader:
    """Who visits every page: in a scheme, with the site on a server or as files."""

    scheme: Literal["light", "dark"]
    served: bool


READERS = {"light, served": Reader("light", True), "dark, from a file": Reader("dark", False)}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_every_page_draws_its_charts_and_fits_and_axe_finds_nothing_serious(
    reader: Reader, chromium: Browser, built: Built
) -> None:
    """Axe looks at the largest page of each kind, which are all that is visited in the dark."""
    context = chromium.new_context(color_scheme=reader.scheme, reduced_motion="reduce")
    seen, whole = watch(context), _largest(built)
    told = [
        f"{path}: {each}"
        for path in (built.pages if reader.scheme == "light" else sorted(whole))
        for each in _visited(seen, built, path, reader, whole=path in whole)
    ]
    context.close()
    assert not told, "\n".join(told)


def _largest(built: Built) -> set[str]:
    """Of each folder the largest page: those of a folder are made from one template."""
    largest: dict[str, str] = {}
    for path in sorted(built.pages, key=lambda path: len(built.read(f"{path}index.html"))):
        largest[path.rpartition("/")[0].rpartition("/")[0] or path] = path
    return {*largest.values(), "impls/hostile/"}


def _visited(seen: Seen, built: Built, path: str, reader: Reader, *, whole: bool) -> Iterator[str]:
    """What is wrong with a page: wide, and in the light narrow.

    Colours do not change with the width, and nothing but them with the scheme. Axe takes most of
    the time of a visit, so it looks at the largest of each kind alone; what people write into the
    others is text, whose structure `test_page_structure` checks.
    """
    seen.page.set_viewport_size({"width": WIDE, "height": 900})
    if reader.served:
        seen.open(path)
    else:
        seen.open(f"{path}index.html", base=f"{built.site.as_uri()}/")
    yield from _problems(seen, WIDE)
    front = ALL if path == "" else CONTENT
    if whole:
        seen.page.evaluate(ONE_OF_EACH)
        seen.page.evaluate(AXE)
        yield from _violations(seen, COLOURS, front)
    if reader.scheme == "light":
        if whole:
            seen.page.wait_for_function(SETTLED)
            yield from _violations(seen, OTHERS, ALL)
        seen.page.set_viewport_size({"width": NARROW, "height": 900})
        yield from _problems(seen, NARROW)
        if whole:
            seen.page.wait_for_function(SETTLED)
            yield from _violations(seen, OTHERS, front)


def _problems(seen: Seen, width: int) -> Iterator[str]:
    yield from seen.problems()
    wide = seen.page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        yield f"{wide} px wide on a screen of {width}"


def _violations(seen: Seen, rules: Rules, where: str) -> Iterator[str]:
    """What axe finds; of a chart's words it cannot see the colour, which `test_colours` can."""
    exclude = ["svg"] if rules is COLOURS else []
    yield from seen.page.evaluate(RUN, [{"include": [where], "exclude": exclude}, rules])


def test_what_a_reader_chose_is_announced_once_it_is_drawn(seen: Seen) -> None:
    seen.open()
    seen.wait_for_chart()
    assert seen.page.locator("body > output[aria-live=polite]").count() == 0
    seen.page.locator(".report-board:visible input[name=metric][value=tflops]").focus()
    seen.page.keyboard.press("Space")
    status = seen.page.locator("body > output[aria-live=polite]")
    status.wait_for(state="attached")
    assert "TFLOP/s against sequence length on NVIDIA H200" in status.inner_text()


def test_every_control_of_the_front_page_is_reached_and_seen_by_keyboard(seen: Seen) -> None:
    seen.open()
    seen.wait_for_chart()
    wanted = seen.page.evaluate(f"() => {CONTROLS}.length")
    reached = set()
    for _ in range(wanted + 80):
        seen.page.keyboard.press("Tab")
        place, outlined = seen.page.evaluate(FOCUSED)
        if place >= 0:
            assert outlined, seen.page.evaluate("() => document.activeElement.outerHTML")
            reached.add(place)
        if len(reached) == wanted:
            break
    unreached = "filter((_, place) => !reached.includes(place)).map((one) => one.outerHTML)"
    missing = seen.page.evaluate(f"(reached) => {CONTROLS}.{unreached}", list(reached))
    assert missing == []


def test_what_a_mouse_is_told_by_resting_is_told_by_a_tap_and_by_the_tab_key(seen: Seen) -> None:
    seen.open("impls/flash_attn3/", f"http://{PUBLISHED}/")
    seen.wait_for_chart()
    seen.unfold()
    rounds = seen.page.locator('table abbr[title^="Median of each round"]')
    hint = seen.page.locator("[role=tooltip]")
    rounds.first.click()
    assert hint.inner_text() == rounds.first.get_attribute("title")
    box, edge = hint.bounding_box(), seen.page.evaluate("innerWidth")
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= edge
    seen.page.keyboard.press("Escape")
    assert hint.count() == 0
    rounds.nth(1).focus()
    assert hint.inner_text() == rounds.nth(1).get_attribute("title")
    assert rounds.nth(1).get_attribute("aria-describedby") == hint.get_attribute("id")
    seen.page.keyboard.press("Tab")
    assert hint.count() == 0 or hint.inner_text() != rounds.nth(1).get_attribute("title")


CONTROLS = """[...document.querySelectorAll("main :is(a[href], button, select, summary, input)")]
    .filter((one) => one.checkVisibility() && one.tabIndex >= 0
        && !one.closest(".report-save div, .headerlink")
        && !(one.type === "radio" && !one.checked))"""
"""What can be operated; of radio buttons, the arrow keys reach the others."""

FOCUSED = f"""() => {{
    const one = document.activeElement;
    const outlined = [one, one.parentElement, one.nextElementSibling].some((each) => each
        && (getComputedStyle(each).outlineStyle !== "none"));
    return [{CONTROLS}.indexOf(one), outlined];
}}"""
