"""What a visit costs: bytes on the wire, the time to a chart on a slow processor, and memory."""

import functools
import gzip
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

from playwright.sync_api import Browser, Page, sync_playwright

HOST = "report.test"
THROTTLE = 4
VISITS = 160
FIRST_VISITS = 7
"""Each by a reader of their own; the browser runs already, as it does where a link is followed."""


@dataclass(frozen=True)
class FirstVisit:
    """The front page for a reader who has never been here."""

    bytes: int
    """Of all that was asked for, each gzipped."""
    vega_bytes: int
    fonts: int
    images_before: int
    """Images asked for before the static chart."""
    still_ms: float
    """From navigation start until the static chart is there, the processor slowed down."""
    chart_ms: float
    """Until the live chart is drawn."""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(site: Path) -> Iterator[Browser]:
    """A browser for which HOST is the site."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
        rules = f"MAP {HOST} 127.0.0.1:{server.server_address[1]}"
        quiet = ("background-networking", "component-update", "sync", "gpu")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=next(filter(None, map(shutil.which, names)), None),
                args=[
                    "--no-sandbox",
                    *(f"--disable-{name}" for name in quiet),
                    f"--host-resolver-rules={rules}",
                    "--js-flags=--expose-gc",
                ],
            )
            yield browser
            browser.close()
        server.shutdown()


_WATCH = """
  window.seen = {};
  const look = () => {
    const image = document.querySelector(".report-view img");
    if (image?.complete && image.naturalWidth && !seen.still) seen.still = performance.now();
    if (document.querySelector(".report-chart[data-drawn]")) seen.chart = performance.now();
    if (!seen.chart) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""


def first_visit(browser: Browser, site: Path) -> FirstVisit:
    """Open the front page in a fresh context."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.resource_type, request.url)))
    page.add_init_script(_WATCH)
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    page.goto(f"http://{HOST}/")
    page.wait_for_function("window.seen.chart", timeout=60_000)
    seen = page.evaluate("window.seen")
    page.wait_for_load_state("networkidle")
    context.close()
    sizes = {url: _gzipped(site, url) for _, url in asked if url.startswith("http")}
    images = [url for kind, url in asked if kind == "image" and not url.startswith("data:")]
    still = next((n for n, url in enumerate(images) if "charts/" in url), len(images))
    return FirstVisit(
        bytes=sum(sizes.values()),
        vega_bytes=sum(size for url, size in sizes.items() if "vega" in url),
        fonts=sum(kind == "font" for kind, _ in asked),
        images_before=still,
        still_ms=seen.get("still", float("inf")),
        chart_ms=seen["chart"],
    )


def _gzipped(site: Path, url: str) -> int:
    path = site / urlparse(url).path.lstrip("/")
    path = path / "index.html" if path.is_dir() else path
    return len(gzip.compress(path.read_bytes(), 6)) if path.is_file() else 0


def heap_after_visits(browser: Browser) -> float:
    """Megabytes of JavaScript's heap after going from page to page with charts."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(30_000)
    page.goto(f"http://{HOST}/")
    page.wait_for_load_state("networkidle")
    for visit in range(VISITS):
        _go(page, "Implementations" if visit % 2 == 0 else "Results")
    page.evaluate("window.gc()")
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def _go(page: Page, tab: str) -> None:
    page.click(f'.md-tabs >> text="{tab}"')
    if tab == "Implementations":
        page.wait_for_selector("table.overview")
        page.click("table.overview tbody a >> nth=0")
    page.wait_for_selector(".report-chart[data-drawn]:visible")
