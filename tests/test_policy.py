"""The Content-Security-Policy of every page, as built and as a browser enforces it."""

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import material
import pytest
from builds import ROOT, Built
from playwright.sync_api import BrowserContext
from seen import Seen, watch

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')

OUR_PARTIAL = "partials/javascripts/base.html"


@pytest.mark.slow
def test_every_page_has_the_same_policy_before_any_script(built: Built) -> None:
    policies = set()
    for path in built.site.rglob("*.html"):
        content = path.read_text(encoding="utf-8")
        (policy,) = POLICY.finditer(content)
        assert policy.start() < content.index("<script"), path
        policies.add(html.unescape(policy[1]))
    assert len(policies) == 1


@pytest.mark.slow
def test_the_policy_allows_the_site_alone_and_no_code_from_text(built: Built) -> None:
    match = POLICY.search(built.read("index.html"))
    assert match
    allowed = {name: sources for name, *sources in map(str.split, match[1].split(";"))}
    assert allowed["default-src"] == ["'none'"]
    sources = {source for each in allowed.values() for source in each}
    hashes = {source for source in sources if source.startswith("'sha256-")}
    assert hashes == set(allowed["script-src"]) - {"'self'"}
    assert sources - hashes == {"'none'", "'self'", "data:"}
    assert [name for name, each in allowed.items() if "data:" in each] == ["img-src"]


@pytest.mark.slow
def test_no_page_has_inline_styles_or_handlers(built: Built) -> None:
    """The policy would stop them: they are told here, where they are easier to find."""
    for path in built.site.rglob("*.html"):
        parser = _Inline()
        parser.feed(path.read_text(encoding="utf-8"))
        assert parser.found == [], path


class _Inline(HTMLParser):
    """Collects attributes that a browser would take for code or for style."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            (tag, *pair) for pair in attrs if pair[0] == "style" or pair[0].startswith("on")
        ]


def test_the_theme_s_first_script_is_its_own_but_for_where_the_root_is() -> None:
    """After a new Material this says what to take over."""
    theirs = Path(material.__file__).with_name("templates") / OUR_PARTIAL
    ours = ROOT / "hooks" / "theme" / OUR_PARTIAL
    script = _script(theirs).replace(
        '"{{ config.extra.scope | d(base_url) }}"', "document.currentScript.dataset.base"
    )
    assert _script(ours) == script


@pytest.mark.browser
def test_nothing_that_a_reader_does_is_against_the_policy(profile: BrowserContext) -> None:
    """Each violation is a complaint."""
    seen = watch(profile, search=True)
    seen.open("data/")
    seen.click_tab("Results")
    seen.wait_for_chart()
    seen.labels.nth(1).click()
    seen.chart.locator(".mark-symbol.role-mark:not(.keys_marks) path").last.hover(force=True)
    seen.page.wait_for_selector("#vg-tooltip-element.visible")
    seen.page.locator(".report-board:visible summary").first.focus()
    seen.page.keyboard.press("Enter")
    for name, start in (("Save as SVG", b"<svg"), ("Save as PNG", b"\x89PNG")):
        seen.page.keyboard.press("Tab")
        seen.page.locator(f'button:focus:text-is("{name}")').wait_for()
        with seen.page.expect_download() as download:
            seen.page.keyboard.press("Enter")
        assert Path(download.value.path()).read_bytes().startswith(start)
    seen.page.locator("form[data-md-component=palette] label:visible").click()
    seen.page.locator('.names_marks text[fill="#434955"]').first.wait_for()
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("warp")
    seen.page.locator(".md-search-result__link").first.wait_for()
    assert seen.complaints == seen.elsewhere == []
    seen.leave()
    seen.page.close()


@pytest.mark.browser
def test_the_policy_stops_what_hostile_text_would_do(seen: Seen) -> None:
    """Even where escaping failed: handlers, inline scripts, eval and other sites."""
    seen.open("")
    seen.page.evaluate(
        """() => {
            document.querySelector("main").insertAdjacentHTML("beforeend",
                "<img src=x onerror='window.hacked=1'><img src='//elsewhere.test/x.png'>");
            for (const text of ["window.hacked=2", ""]) {
                const script = document.createElement("script");
                if (text) script.textContent = text;
                else script.src = "//elsewhere.test/x.js";
                document.head.append(script);
            }
            setTimeout("window.hacked=3");
        }"""
    )
    seen.page.wait_for_timeout(300)
    assert seen.page.evaluate("window.hacked") is None
    told = "\n".join(seen.complaints)
    for stopped in ("elsewhere.test/x.png", "elsewhere.test/x.js", "script-src-attr", "eval"):
        assert stopped in told
    assert seen.elsewhere == []
    seen.complaints.clear()


def _script(path: Path) -> str:
    return re.findall(r"<script[^>]*>(.*?)</script>", path.read_text(encoding="utf-8"), re.DOTALL)[
        0
    ]
