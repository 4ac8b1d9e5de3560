"""Every page for those who do not see it, or not so well: axe-core finds nothing serious."""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from builds import Built
from playwright.sync_api import Browser
from seen import Seen, watch

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")

ONE_OF_EACH = """() => {
    for (const code of document.querySelectorAll("pre code")) {
        const kinds = new Set();
        for (const span of code.querySelectorAll("span[class]")) {
            if (kinds.has(span.className)) span.replaceWith(span.textContent);
            else kinds.add(span.className);
        }
    }
}"""
"""Of words in code that look alike, one is enough: pages of ten thousand take a minute each."""

RUN = """async () => {
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
        .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ target, failureSummary, html }) =>
            `${id} (${nodes.length}): ${target.join(" ")}: ${html.slice(0, 200)}: `
            + failureSummary));
}"""


@pytest.fixture(scope="module", params=["light", "dark"])
def reader(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Seen]:
    """One browser page for all pages of the site in one scheme."""
    context = chromium.new_context(color_scheme=request.param, reduced_motion="reduce")
    yield watch(context)
    context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious_on_any_page(reader: Seen, built: Built, width: int) -> None:
    reader.page.set_viewport_size({"width": width, "height": 900})
    found = {}
    for path in built.pages:
        reader.open(path)
        reader.unfold()
        reader.wait_for_charts()
        reader.page.evaluate(ONE_OF_EACH)
        reader.page.evaluate(AXE)
        found[path] = reader.page.evaluate(RUN)
    told = "\n".join(f"{path}: {each}" for path, violations in found.items() for each in violations)
    assert not told, told
