"""Every page of the site, whichever there are: from a file, and without being loaded anew.

`test_browser_access` loads each, wide and narrow, light and dark, and asks the same of it.
"""

from collections.abc import Iterator

import pytest
from builds import Built
from playwright.sync_api import Browser
from seen import HOST, Seen, watch

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def everywhere(chromium: Browser) -> Iterator[Seen]:
    """One browser page for all pages of the site."""
    context = chromium.new_context(viewport={"width": 1600, "height": 900})
    yield watch(context)
    context.close()


def test_every_page_is_whole_from_a_file(everywhere: Seen, built: Built) -> None:
    found = {}
    for path in built.pages:
        everywhere.open(f"{path}index.html", base=f"{built.site.as_uri()}/")
        found[path] = list(everywhere.problems())
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_instant_navigation_draws_every_page_and_leaves_no_view_behind(
    everywhere: Seen, built: Built
) -> None:
    everywhere.open("")
    everywhere.page.wait_for_load_state("networkidle")
    everywhere.page.evaluate("window.sameDocument = true")
    found = {}
    for path in [*filter(None, built.pages), ""]:
        everywhere.follow(path)
        found[path] = list(everywhere.problems())
        if not everywhere.page.evaluate("window.sameDocument === true"):
            found[path].append("the document was loaded anew")
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_the_site_is_discovered(built: Built) -> None:
    assert {"", "impls/", "methodology/", "impls/hostile/"} <= set(built.pages)
    assert len(built.pages) > 20
    assert HOST in built.read("sitemap.xml")
