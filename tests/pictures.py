"""Takes the pictures of the README anew: `python tests/pictures.py`, after `mkdocs build`.

As on a screen of common size, so that a reader of the README sees what a visitor of the site sees.
"""

from dataclasses import dataclass

from builds import ROOT, Built
from playwright.sync_api import Browser, sync_playwright
from site_fixtures import launched, serving

HOST = "report.test"


@dataclass(frozen=True)
class Shot:
    """One picture: of which page, how wide, in which scheme, from which element on."""

    name: str
    path: str
    width: int
    height: int
    scheme: str
    first: str = "body"


SHOTS = (
    Shot("report-light", "?metric=tflops", 1280, 1010, "light", ".report-boards"),
    Shot("report-dark", "?metric=tflops", 1280, 1010, "dark", ".report-boards"),
    Shot("evidence", "impls/flash_attn3/", 1280, 900, "light", "#samples-and-history"),
    Shot("compare", "compare/?a=flash_attn3&b=cudnn_attention", 1280, 900, "light"),
    Shot("phone", "workloads/", 390, 844, "dark"),
)


_TO_THE_TOP = """(element) => {
  element.scrollIntoView({ block: "start" });
  window.scrollBy(0, -64); // the theme's header stays in front of the page
}"""


def main() -> None:
    """Serve the built site and take every picture."""
    with (
        serving(Built(ROOT, 0, "")) as port,
        sync_playwright() as playwright,
        launched(playwright, f"MAP {HOST} 127.0.0.1:{port}") as browser,
    ):
        for shot in SHOTS:
            _take(browser, shot)


def _take(browser: Browser, shot: Shot) -> None:
    size = {"width": shot.width, "height": shot.height}
    page = browser.new_page(viewport=size, color_scheme=shot.scheme)
    page.goto(f"http://{HOST}/{shot.path}")
    page.wait_for_selector(".report-chart[data-drawn]:visible")
    page.locator(shot.first).evaluate(_TO_THE_TOP)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)  # what comes into view is drawn then
    page.screenshot(path=ROOT / ".github" / f"{shot.name}.png")
    page.close()


if __name__ == "__main__":
    main()
