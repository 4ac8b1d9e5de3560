"""The charts behind an implementation's figures, in a real Chromium: samples and history."""

import json

import pytest
from builds import ROOT, Built
from playwright.sync_api import Locator, Route
from seen import PUBLISHED, Seen
from site_fixtures import HOSTILE

pytestmark = pytest.mark.browser

SITE = f"http://{PUBLISHED}/"
PAGE = "impls/compiled_variants/"


def _drawn(seen: Seen, kind: str) -> Locator:
    """The figure of a kind, once it is drawn."""
    figure = seen.page.locator(
        f""".report-chart[data-chart*='"kind": "{kind}"'][data-drawn], """
        f""".report-chart[data-chart*='"kind":"{kind}"'][data-drawn]"""
    )
    figure.first.scroll_into_view_if_needed()
    return figure.first


def _said(figure: Locator) -> str:
    """What the chart tells who cannot see it."""
    return (
        figure.locator("svg[aria-label], [role=graphics-document]").first.get_attribute(
            "aria-label"
        )
        or ""
    )


@pytest.mark.parametrize(("way", "scheme"), [("http", "light"), ("file", "dark")])
def test_samples_and_history_are_drawn(seen: Seen, published: Built, way: str, scheme: str) -> None:
    seen.page.emulate_media(color_scheme=scheme)
    base = SITE if way == "http" else f"{published.site.as_uri()}/"
    seen.open(f"{PAGE}{'' if way == 'http' else 'index.html'}", base=base)
    samples, history = _drawn(seen, "samples"), _drawn(seen, "history")
    assert samples.locator(".mark-line path").count() == 3
    assert samples.locator(".role-legend-label text").all_text_contents() == [
        "Round 1",
        "Round 2",
        "Round 3",
    ]
    runs = len(list((published.root / "data" / "nvidia-h200").glob("*-flux.jsonl")))
    assert history.locator(".mark-symbol path").count() == runs
    seen.complaints = [text for text in seen.complaints if "file:" not in text]


def test_another_case_is_chosen_from_the_keyboard(seen: Seen) -> None:
    seen.open(PAGE, base=SITE)
    before = _said(_drawn(seen, "samples"))
    assert "Compiled (default), 4,224 tokens" in before
    select = seen.page.get_by_label("Case")
    select.focus()
    seen.page.keyboard.press("End")
    for kind in ("samples", "history"):
        chart = seen.page.locator(
            ".report-evidence [aria-label*='Compiled (max-autotune), 4,608 tokens']"
        )
        chart.nth(1).wait_for()
        assert _said(_drawn(seen, kind)) != before


def test_a_run_that_failed_is_a_mark_with_its_reason(seen: Seen, published: Built) -> None:
    name = "data/v1/history/flash_attn3.js"

    def fail(route: Route) -> None:
        head, _, body = published.read(name).partition(" = ")
        history = json.loads(body.removesuffix(";\n"))
        for moments in history["cases"].values():
            moments[1] = {"run": moments[1]["run"], "status": "out of memory", "reason": HOSTILE}
        route.fulfill(body=f"{head} = {json.dumps(history)};\n", content_type="text/javascript")

    seen.page.route(f"**/{name}", fail)
    seen.open("impls/flash_attn3/", base=SITE)
    history = _drawn(seen, "history")
    runs = [*(ROOT / "data" / "nvidia-h200").glob("*-flux.jsonl")]
    assert history.locator(".mark-symbol path").count() == len(runs) > 1
    history.locator(".layer_3_marks path, .mark-symbol.layer_3_marks path").last.hover(force=True)
    words = seen.page.wait_for_selector("#vg-tooltip-element.visible").inner_text()
    assert "out of memory" in words
    assert HOSTILE.split()[0] in words
    assert seen.page.evaluate("window.hacked") is None


def test_no_chart_is_left_behind_after_navigation(seen: Seen) -> None:
    seen.open(PAGE, base=SITE)
    for _ in range(2):
        _drawn(seen, "history")
        seen.click_tab("Implementations")
        seen.page.wait_for_selector("table.overview")
        assert seen.page.locator(".report-chart svg").count() == 0
        seen.page.click("table.overview >> text='FlexAttention'")
        seen.page.wait_for_selector(".report-evidence")
    _drawn(seen, "samples")


def test_a_line_of_an_implementation_s_chart_is_picked_out_from_the_keyboard(seen: Seen) -> None:
    seen.open("impls/flash_attn3/", base=SITE)
    seen.wait_for_chart()
    picks = seen.page.locator(".report-picks").first
    picks.locator("summary").focus()
    seen.page.keyboard.press("Enter")
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Space")
    faded = seen.chart.locator(".mark-line path[opacity='0.2'], path[stroke-opacity='0.2']")
    faded.first.wait_for(state="attached")
    assert picks.locator("input:checked").count() == 1
