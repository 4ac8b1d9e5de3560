"""Takes the pictures of the README anew: `python tests/pictures.py`, after `mkdocs build`.

As on a screen of common size, so that a reader of the README sees what a visitor of the site sees.
"""

import functools
import http.server
import os
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
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
    Shot("report-light", "", 1280, 1010, "light"),
    Shot("report-dark", "", 1280, 1010, "dark"),
    Shot("evidence", "impls/flash_attn3/", 1280, 900, "light", "#samples-and-history"),
    Shot("compare", "compare/?a=flash_attn3&b=cudnn_attention", 1280, 900, "light"),
    Shot("phone", "workloads/", 390, 844, "dark"),
)


def main() -> None:
    """Serve the built site and take every picture."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=ROOT / "site")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        rules = f"--host-resolver-rules=MAP {HOST} 127.0.0.1:{server.server_address[1]}"
        names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=next(filter(None, map(shutil.which, names)), None),
                args=["--no-sandbox", "--disable-gpu", rules],
            )
            for shot in SHOTS:
                _take(browser, shot)
            browser.close()
        server.shutdown()


def _take(browser: Browser, shot: Shot) -> None:
    size = {"width": shot.width, "height": shot.height}
    page = browser.new_page(viewport=size, color_scheme=shot.scheme)
    page.goto(f"http://{HOST}/{shot.path}")
    page.wait_for_selector(".report-chart[data-drawn]:visible")
    page.locator(shot.first).evaluate("element => element.scrollIntoView({ block: 'start' })")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)  # what comes into view is drawn then
    page.screenshot(path=ROOT / ".github" / f"{shot.name}.png")
    page.close()


if __name__ == "__main__":
    main()
