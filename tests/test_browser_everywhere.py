"""Every page of the site, whichever there are, reached without loading the document again.

`test_browser_access` loads each, wide and narrow, light and dark, and asks the same of it.
"""

import pytest
from builds import Built
from playwright.sync_api import Browser
from seen import HOST, watch

pytestmark = pytest.mark.browser


def test_instant_navigation_draws_every_page_and_leaves_no_view_behind(
    chromium: Browser, built: Built
) -> None:
    context = chromium.new_context(viewport={"width": 1600, "height": 900})
    everywhere = watch(context, search=True)
    everywhere.open("")
    everywhere.page.wait_for_load_state("networkidle")
    everywhere.page.evaluate("window.sameDocument = true")
    found = {}
    for path in [*filter(None, built.pages), ""]:
        everywhere.follow(path)
        found[path] = list(everywhere.problems())
        if not everywhere.page.evaluate("window.sameDocument === true"):
            found[path].append("the document was loaded again")
    context.close()
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_the_site_is_discovered(built: Built) -> None:
    assert {"", "impls/", "methodology/", "impls/hostile/"} <= set(built.pages)
    assert len(built.pages) > 20
    assert HOST in built.read("sitemap.xml")
