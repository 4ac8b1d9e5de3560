"""A browser recomputes what a page says from its samples, and notices one that was changed."""

import json
import re

import pytest
from builds import Built
from playwright.sync_api import Browser, Locator, Route
from seen import PUBLISHED, Seen, watch

pytestmark = pytest.mark.browser

SITE = f"http://{PUBLISHED}/"
PAGE = "impls/flash_attn3/"


def _finding(seen: Seen) -> str:
    """The sentence under the results, once the browser has recomputed them."""
    finding = seen.page.locator(".report-audit-finding:is(.holds, .differs)").first
    finding.wait_for()
    return finding.inner_text()


def _marks(seen: Seen) -> Locator:
    return seen.page.locator("tr[data-case] .found")


def test_every_published_value_is_what_its_samples_say(seen: Seen, published: Built) -> None:
    pages = sorted(
        path.parent.name
        for path in published.site.glob("impls/*/index.html")
        if 'class="report-audit"' in path.read_text()
    )
    assert len(pages) >= 13
    for slug in pages:
        seen.open(f"impls/{slug}/", base=SITE)
        _holds(seen)


def test_samples_are_read_from_a_file_too(seen: Seen, published: Built) -> None:
    seen.open(f"{PAGE}index.html", base=f"{published.site.as_uri()}/")
    _holds(seen)
    assert seen.page.locator("[aria-live=polite].report-audit-finding").count() == 1, "read out"


def _holds(seen: Seen) -> None:
    assert _finding(seen).startswith("✓ Recomputed in your browser from"), seen.page.url
    marks = _marks(seen).all_text_contents()
    assert len(marks) >= 6
    says = r"✓ from [\d,]+ samples: median and interval match"
    assert all(re.fullmatch(says, text.strip()) for text in marks), (seen.page.url, marks)


@pytest.mark.parametrize("change", ["last digit", "left out", "one more round"])
def test_a_single_changed_sample_is_noticed(seen: Seen, published: Built, change: str) -> None:
    def corrupt(route: Route) -> None:
        text = published.read("data/v1/samples/flash_attn3.js")
        head, _, body = text.partition(" = ")
        samples = json.loads(body.removesuffix(";\n"))
        rounds = next(iter(samples.values()))
        if change == "last digit":
            rounds[1][7] = round(rounds[1][7] + 0.001, 3)
        elif change == "left out":
            rounds[0].pop()
        else:
            rounds.append(rounds[0])
        route.fulfill(body=f"{head} = {json.dumps(samples)};\n", content_type="text/javascript")

    seen.page.route("**/data/v1/samples/flash_attn3.js", corrupt)
    seen.open(PAGE, base=SITE)
    assert _finding(seen).startswith("✗ Recomputed in your browser from")
    assert "1 of 6 cases does not match" in _finding(seen)
    marks = _marks(seen)
    assert marks.first.is_visible()
    assert marks.first.inner_text().startswith("✗ ")
    assert "published" in marks.first.inner_text()
    assert all(text.startswith("✓") for text in marks.all_inner_texts()[1:])


def test_samples_that_do_not_come_are_no_finding(seen: Seen) -> None:
    seen.page.route("**/data/v1/samples/*.js", lambda route: route.abort())
    seen.open(PAGE, base=SITE)
    finding = seen.page.locator(".report-audit-finding", has_text="Nothing was recomputed")
    finding.wait_for()
    assert "✓" not in finding.inner_text()
    seen.page.wait_for_load_state("networkidle")  # every request for samples has been complained of
    seen.complaints = [
        text for text in seen.complaints if "ERR_FAILED" not in text and "cannot load" not in text
    ]


def test_samples_are_loaded_once_however_often_a_page_is_visited(seen: Seen) -> None:
    asked: list[str] = []
    seen.page.on("request", lambda r: asked.append(r.url) if "/samples/" in r.url else None)
    seen.open(PAGE, base=SITE)
    for _ in range(2):
        assert _finding(seen).startswith("✓")
        seen.click_tab("Implementations")
        seen.page.wait_for_selector("table.overview")
        seen.page.click("table.overview a[href$='/flash_attn3/']")
    assert _finding(seen).startswith("✓")
    assert len(asked) == 1


def test_without_scripts_the_page_says_where_the_samples_are(
    chromium: Browser, published: Built
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    seen = watch(context)
    seen.open(PAGE, base=SITE)
    finding = seen.page.locator(".report-audit-finding")
    assert "With JavaScript, your browser recomputes them" in finding.inner_text()
    link = finding.locator("a").get_attribute("href") or ""
    assert (published.site / PAGE / link).resolve().is_file()
    context.close()
