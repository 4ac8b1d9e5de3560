"""A browser page with what a reader's console and network would show."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Request, ViewportSize

HOST = "report.test"
"""Mapped to the local server, so that the site is on port 80: Material's instant navigation
rewrites the host of a sitemap but not its port."""

PUBLISHED = "published.test"
"""The same for the site of the committed data."""


VIEWPORT: ViewportSize = {"width": 1440, "height": 900}

_NO_SEARCH = "window.Worker = class extends EventTarget { postMessage() {} terminate() {} };"
"""Stands for Material's search, which makes its index at each visit: a fifth of a visit's time."""

_DRAWN = """(one.clientWidth && (one.dataset.drawn === "tight"
    || (one.dataset.drawn && innerWidth > 500)))"""

_TELL = """
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) =>
    console.error("against the policy:", effectiveDirective, blockedURI, sample));
"""


@dataclass
class Seen:
    """A browser page, with what a reader's console and network would show."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def open(self, path: str = "", base: str = f"http://{HOST}/") -> None:
        self.page.goto(base + path)

    def click_tab(self, name: str) -> None:
        """Navigate as a reader does, once the theme knows the sitemap it navigates by."""
        self.page.wait_for_load_state("networkidle")
        self.page.click(f'.md-tabs >> text="{name}"')

    def wait_for_chart(self) -> None:
        """Until a chart is drawn, for its width where the page is narrow."""
        self.page.wait_for_function(
            f"() => [...document.querySelectorAll('.report-chart')].some((one) => {_DRAWN})"
        )

    def wait_for_charts(self) -> None:
        """Until every chart that has a place to be in is drawn for its width, or has failed."""
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('.report-chart[data-chart]')].every((one) =>"
            f" !one.clientWidth || one.dataset.failed || {_DRAWN})"
        )

    def follow(self, path: str) -> None:
        """Go to a page as a click on a link to it does, without loading the document anew."""
        self.page.evaluate(
            """(path) => {
                const link = document.createElement("a");
                link.href = path;
                document.querySelector("main").append(link);
                link.click();
            }""",
            f"/{path}",
        )
        self.page.wait_for_function(
            """(path) => location.pathname === path
                && document.querySelector("link[rel=canonical]").href === location.href""",
            arg=f"/{path}",
        )

    def unfold(self) -> None:
        """Open all that is folded away."""
        self.page.evaluate(
            "() => document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
        )

    def problems(self) -> Iterator[str]:
        """What a reader would see go wrong on the page that is open."""
        self.unfold()
        self.wait_for_charts()
        yield from self.page.evaluate(
            """() => {
                const there = [...document.querySelectorAll(".report-chart[data-chart]")];
                const wanted = there.filter((figure) => figure.clientWidth);
                const views = window.report.figures();
                return [
                    ...there.filter(({ dataset }) => dataset.failed)
                        .map(({ dataset }) => `a chart failed: ${dataset.failed}`),
                    ...wanted.filter((figure) => !figure.querySelector(".marks"))
                        .map(({ dataset }) => `no marks: ${dataset.chart}`),
                    ...views.filter((figure) => !there.includes(figure))
                        .map(() => "a view was left"),
                    ...("hacked" in window ? ["hostile text ran"] : []),
                ];
            }"""
        )
        yield from self.complaints
        yield from self.elsewhere
        self.complaints.clear()
        self.elsewhere.clear()

    def leave(self) -> None:
        """Leave the site as if nobody had been there: what was chosen, set and said is forgotten.

        The page stays for the next visit, whose process has the scripts already.
        """
        self.page.unroute_all(behavior="ignoreErrors")
        self.page.evaluate("sessionStorage.clear()")
        self.page.goto("about:blank")
        session = self.page.context.new_cdp_session(self.page)
        for origin in (f"http://{HOST}", f"http://{PUBLISHED}", "file://"):
            session.send(
                "Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage"}
            )
        session.detach()
        self.page.mouse.move(0, 0)
        self.page.set_viewport_size(VIEWPORT)
        self.page.emulate_media(color_scheme="light")
        self.complaints, self.elsewhere = [], []

    def legend(self) -> list[str]:
        """The lines that the visible chart names."""
        return self.labels.all_text_contents()

    def beyond(self) -> list[str]:
        """What the visible chart says of lines beyond its axis."""
        return self.chart.locator(".outliers_marks text").all_text_contents()

    @property
    def chart(self) -> Locator:
        """The first visible chart."""
        return self.page.locator(".report-chart:visible").first

    @property
    def labels(self) -> Locator:
        """The names in it: of lines, or of what its legend tells apart."""
        return self.chart.locator(".names_marks text, .role-legend-label text")


def watch(context: BrowserContext, *sites: str, search: bool = False) -> Seen:
    """A new page of `context`, with Material's search only where `search` asks for it.

    Requests to any but ours and `sites` are noted.

    The browser finds no other host (`launched`), so that they are stopped too. They are not stopped
    here: with a route, Chromium keeps nothing that it has loaded and each request waits for us.
    """
    page = context.new_page()
    page.set_default_timeout(15_000)
    seen = Seen(page)
    own = (f"http://{HOST}/", f"http://{PUBLISHED}/", *sites, "file://", "data:", "blob:")

    def note(request: Request) -> None:
        if not request.url.startswith(own):
            seen.elsewhere.append(request.url)

    def forget(request: Request) -> None:
        if request.failure == "csp" and request.url in seen.elsewhere:
            seen.elsewhere.remove(request.url)  # it never left the browser

    page.on("request", note)
    page.on("requestfailed", forget)
    page.add_init_script(_TELL)
    if not search:
        page.add_init_script(_NO_SEARCH)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            seen.complaints.append(message.text) if message.type in {"error", "warning"} else None
        ),
    )
    return seen


def same(one: Any, other: Any, where: str = "") -> None:
    """Equal, numbers up to the last digits."""
    if isinstance(other, dict):
        assert one.keys() == other.keys(), where
        for key in other:
            same(one[key], other[key], f"{where}.{key}")
    elif isinstance(other, list):
        assert len(one) == len(other), where
        for place, value in enumerate(other):
            same(one[place], value, f"{where}[{place}]")
    elif isinstance(other, float):
        assert one == pytest.approx(other, rel=1e-12), where
    else:
        assert one == other, where


def same_chart(drawn: dict[str, Any], spec: dict[str, Any]) -> None:
    """A chart as the browser fills it is the one in the specification, data and words alike."""
    same(drawn["data"], spec["datasets"])
    assert drawn["description"] == spec["description"]
    params = {param["name"]: param.get("value") for param in spec["params"]}
    for name, value in (drawn.get("params") or {}).items():
        assert params[name] == value, name
