"""Every page of the site, whichever there are: both schemes, every way to arrive, every width."""

from collections.abc import Iterator

import pytest
from builds import Built
from playwright.sync_api import Browser
from seen import HOST, Seen, watch

pytestmark = pytest.mark.browser

WIDE, NARROW = 1600, 360

SEARCH_WORKER = "assets/javascripts/workers/search"
"""Chromium starts no worker from a file: Material's search complains of it, the report does not."""


@pytest.fixture(scope="module", params=["light", "dark"])
def everywhere(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Seen]:
    """One browser page for all pages of the site in one scheme."""
    context = chromium.new_context(
        viewport={"width": WIDE, "height": 900}, color_scheme=request.param
    )
    yield watch(context)
    context.close()


def test_every_page_loads_draws_its_charts_and_fits(everywhere: Seen, built: Built) -> None:
    found = {path: list(_visited(everywhere, path)) for path in built.pages}
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_every_page_is_whole_from_a_file(everywhere: Seen, built: Built) -> None:
    found = {}
    everywhere.page.set_viewport_size({"width": WIDE, "height": 900})
    for path in built.pages:
        everywhere.open(f"{path}index.html", base=f"{built.site.as_uri()}/")
        found[path] = list(_problems(everywhere))
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_instant_navigation_draws_every_page_and_leaves_no_view_behind(
    everywhere: Seen, built: Built
) -> None:
    everywhere.page.set_viewport_size({"width": WIDE, "height": 900})
    everywhere.open("")
    everywhere.page.wait_for_load_state("networkidle")
    everywhere.page.evaluate("window.sameDocument = true")
    found = {}
    for path in [*filter(None, built.pages), ""]:
        everywhere.follow(path)
        found[path] = list(_problems(everywhere))
        if not everywhere.page.evaluate("window.sameDocument === true"):
            found[path].append("the document was loaded anew")
    assert {path: problems for path, problems in found.items() if problems} == {}


def _visited(seen: Seen, path: str) -> Iterator[str]:
    """What is wrong with a page that is loaded, wide and narrow."""
    for width in (WIDE, NARROW):
        seen.page.set_viewport_size({"width": width, "height": 900})
        if width == WIDE:
            seen.open(path)
        yield from _problems(seen)
        wide = seen.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"{wide} px wide on a screen of {width}"


def _problems(seen: Seen) -> Iterator[str]:
    """What a reader would see go wrong on the page that is open."""
    seen.unfold()
    seen.wait_for_charts()
    yield from seen.page.evaluate(
        """() => {
            const there = [...document.querySelectorAll(".report-chart[data-chart]")];
            const wanted = there.filter((figure) => figure.clientWidth);
            const views = window.report.figures();
            return [
                ...there.filter(({ dataset }) => dataset.failed)
                    .map(({ dataset }) => `a chart failed: ${dataset.failed}`),
                ...wanted.filter((figure) => !figure.querySelector(".marks"))
                    .map(({ dataset }) => `no marks: ${dataset.chart}`),
                ...views.filter((figure) => !there.includes(figure)).map(() => "a view was left"),
                ...("hacked" in window ? ["hostile text ran"] : []),
            ];
        }"""
    )
    yield from (text for text in seen.complaints if SEARCH_WORKER not in text)
    yield from seen.elsewhere
    seen.complaints.clear()
    seen.elsewhere.clear()


def test_the_site_is_discovered(built: Built) -> None:
    assert {"", "impls/", "methodology/", "impls/hostile/"} <= set(built.pages)
    assert len(built.pages) > 20
    assert HOST in built.read("sitemap.xml")
