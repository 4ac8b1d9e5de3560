"""Copies of the project to build, one built site for all, and a Chromium to look at it with."""

import functools
import html
import http.server
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from builds import ROOT, Built, build, copy_project, entries
from chromium import NAMES
from filelock import FileLock
from outcomes import CAPPED, HOT, trace
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright
from records import CPU, H200, Entry, page, run, write_old_run, write_run
from seen import HOST, PUBLISHED, VIEWPORT, Seen, watch
from selftests import CHEAT, selftest, write_selftest

from bench.records.outcome import (
    AlternateTiming,
    AlternateTimings,
    Incorrect,
    Unavailable,
    Unsupported,
)
from bench.records.runfile import read_run
from bench.selftest.fitness import Trial

HOSTILE = "<img src=x onerror='window.hacked=1'> & \"q\" _x_ `y` </script>"
"""Text that must come out of every page as it went in."""

BREAKOUT = (
    "</script><script>window.hacked=2</script><svg onload=window.hacked=3> ]]> \u2028 "
    "`${window.hacked=5}` {{ 7 * 7 }} -->"
)
"""Text for places that records fill: what would end a script, a string, a comment or a line."""

FORMULA = "=HYPERLINK(window.hacked)"
"""Text that a spreadsheet would run."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the project without data."""
    return _short(copy_project(tmp_path / "checkout"))


@pytest.fixture
def measured(checkout: Path, drawn: Path) -> Path:
    """A copy of the project with one small run of every page, of which every picture is drawn."""
    write_run(checkout, entries(checkout), samples=5)
    return _with_pictures(checkout, drawn)


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build of `measured` keeps: to draw its pictures takes longer than all the rest."""
    return _once(tmp_path_factory, "measured", _build_measured).root / ".cache" / "site"


def _build_measured(root: Path) -> Built:
    write_run(_short(root), entries(root), samples=5)
    return build(root)


def _short(root: Path) -> Path:
    """The project without the selftest's code, which takes half of a build to be coloured."""
    for path in (root / "docs" / "selftest").glob("*.md"):
        path.write_text(f"# The page {path.stem}\n", encoding="utf-8")
    return root


def _with_pictures(root: Path, drawn: Path) -> Path:
    (root / ".cache" / "site").mkdir(parents=True, exist_ok=True)
    for path in [*drawn.glob("*.svg"), *drawn.glob("*.png")]:
        shutil.copy(path, root / ".cache" / "site")
    return root


STRANGE = {
    "name": f"NVIDIA {HOSTILE}",
    "torch": FORMULA,
    **dict.fromkeys(("python", "os", "driver", "cuda", "cudnn", "triton"), BREAKOUT),
}
"""An environment in which nothing is what it should be."""

SPECIAL = {
    "hostile": {
        "title": HOSTILE,
        "us": 900,
        "passed": {
            "trace": trace(900, HOSTILE, "void " + "a_long_name<128, 64>" * 20),
            "lanes": AlternateTimings(
                cold=AlternateTiming(latency_us=(900.0,)),
                wall=AlternateTiming(),
                graph=AlternateTiming(reason=HOSTILE),
            ),
            "trace_problem": HOSTILE,
        },
    },
    "flash_attn4": {"title": "FA4", "outcome": Unavailable(reason=HOSTILE)},
    "sage_attention": {"us": 310, "more": {"precision": "int8"}},
    "hf_kernels_flash_attn": {"us": 570, "more": {"local_kernels": ("k/f",)}},
    "mem_efficient_attention": {"ok": {"clocks": HOT}},
    "flash_attn": {"ok": {"clocks": CAPPED}},
    "xformers": {"noise": 0.05, "ok": {"late_samples": 30, "settled": False}},
}
"""What sets a line of the first board apart from an ordinary one."""


def _once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Built]) -> Built:
    """What `make` builds in a folder: once, though several processes test at once."""
    shared = "PYTEST_XDIST_WORKER" in os.environ
    folder = factory.getbasetemp().parent / name if shared else factory.mktemp(name)
    folder.mkdir(exist_ok=True)
    told = folder / "built.json"
    with FileLock(folder / "lock"):
        if not told.exists():
            built = make(copy_project(folder / "project"))
            told.write_bytes(msgspec.json.encode(built, enc_hook=str))
    return msgspec.json.decode(told.read_bytes(), type=Built, dec_hook=_path)


def _path(_: type, value: str) -> Path:
    return Path(value)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A strict build of three boards: failures, every mark, an old run, and hostile text."""
    return _once(tmp_path_factory, "report", _build_report)


def _build_report(root: Path) -> Built:
    quoted = HOSTILE.replace('"', '\\"')
    told = dict.fromkeys(("provider", "description"), f'"{quoted}"')
    page(root, "hostile", f'"{quoted}"', **told, homepage="javascript:window.hacked=4")
    page(root, "unmeasured", "Not measured yet")
    gpu = [entry for entry in entries(root) if entry.slug != "unmeasured"]
    write_run(root, [replace(entry, **SPECIAL.get(entry.slug, {})) for entry in gpu])
    cpu = [
        Entry("math_attention", "Math (PyTorch SDPA)", 900),
        Entry("flash_attention", "Flash (PyTorch SDPA)", 700),
        Entry("flash_attn3", "FA3", outcome=Unsupported(reason="needs a Hopper GPU")),
        Entry("flex_attention", "FlexAttention", outcome=Incorrect(reason="is NaN"), fails_in=2),
        Entry("gone", "Page deleted", 800),
        Entry(f"../{HOSTILE}", HOSTILE, 850, variant=HOSTILE),
    ]
    write_run(root, cpu, run=run(CPU, suite="cpu", day=1))
    strange = msgspec.structs.replace(H200, **STRANGE)
    told = dict.fromkeys(("suite", "command", "commit", "bench"), BREAKOUT)
    old = [replace(entry, more={"packages": {BREAKOUT: BREAKOUT}}) for entry in gpu[:2]]
    write_old_run(root, old, run=run(strange, day=-1, id="20260313T092653Z-strange", **told))
    bad = Trial(title=HOSTILE, intent=HOSTILE, wanted="not ok", status="ok", reason=HOSTILE)
    write_selftest(root, selftest(day=2, cheats=(CHEAT, bad), nvbench=(), nvbench_problem=HOSTILE))
    write_selftest(root, selftest(day=1))
    write_selftest(root, selftest(CPU, day=1))
    return build(root, "--strict", blocked="torch bench.worker", SITE_URL=f"http://{HOST}/")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A strict build of the H200's runs of FLUX: what a visitor of the published site sees."""
    return _once(tmp_path_factory, "published", _build_published)


def _build_published(root: Path) -> Built:
    def others(_: str, names: list[str]) -> list[str]:
        """Runs of other suites, so that there is one board."""
        return [name for name in names if name.endswith(".jsonl") and "-flux" not in name]

    shutil.copytree(ROOT / "data" / "nvidia-h200", root / "data" / "nvidia-h200", ignore=others)
    return build(root, "--strict", SITE_URL=f"http://{PUBLISHED}/")


@pytest.fixture(scope="session")
def published_lines(published: Built) -> int:
    """The number of lines on the published board."""
    newest = max((published.root / "data").rglob("*-flux.jsonl"), key=lambda path: path.name)
    return len({record.key.line for record in read_run(newest).results})


@pytest.fixture(scope="session")
def ports(built: Built, published: Built) -> Iterator[dict[str, int]]:
    """The port that each of the two sites is served on, by its host."""
    with serving(built) as port, serving(published) as published_port:
        yield {HOST: port, PUBLISHED: published_port}


@contextmanager
def serving(built: Built) -> Iterator[int]:
    """The port that the site is served on."""
    assert built.code == 0, built.output
    handler = functools.partial(_Quiet, directory=str(built.site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: pytest reports what matters."""


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What starts browsers; a process can have one only."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver: Playwright, ports: dict[str, int]) -> Iterator[Browser]:
    """A Chromium that finds the built sites by their hosts."""
    sites = [f"MAP {host} 127.0.0.1:{port}" for host, port in ports.items()]
    with launched(driver, *sites) as browser:
        yield browser


@pytest.fixture(scope="session")
def bare(driver: Playwright) -> Iterator[Browser]:
    """A Chromium for what needs no site: none is built."""
    with launched(driver, "EXCLUDE 127.0.0.1") as browser:
        yield browser


@contextmanager
def launched(driver: Playwright, *hosts: str) -> Iterator[Browser]:
    """The Chromium of `make test`, else one on the PATH, else Playwright's own, else failure.

    It finds the `hosts` and no other.
    """
    names = (os.environ.get("CHROMIUM", ""), *NAMES)
    found = next(filter(None, map(shutil.which, names)), None)
    quiet = ("quic", "background-networking", "component-update", "sync", "gpu")
    rules = ", ".join([*hosts, "MAP * ~NOTFOUND"])
    options = ["--no-sandbox", "--no-first-run", f"--host-resolver-rules={rules}"]
    browser = driver.chromium.launch(
        executable_path=found, args=[*options, *(f"--disable-{name}" for name in quiet)]
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def profile(chromium: Browser) -> Iterator[BrowserContext]:
    """What a browser keeps between visits: it need not read the same scripts again and again."""
    context = chromium.new_context(viewport=VIEWPORT, color_scheme="light")
    yield context
    context.close()


@pytest.fixture(scope="session")
def tab(profile: BrowserContext) -> Seen:
    """The browser page of all visits, for `seen`."""
    return watch(profile)


@pytest.fixture
def seen(tab: Seen) -> Iterator[Seen]:
    """A wide, light browser page; the test fails on any complaint and any foreign request."""
    yield tab
    complaints, elsewhere = tab.complaints, tab.elsewhere
    tab.leave()
    assert complaints == []
    assert elsewhere == []


@pytest.fixture(scope="session")
def lines(built: Built) -> list[str]:
    """The lines that the chart of the first board names, in the order of their rank."""
    names = built.read("charts/latency.svg").partition("names_marks")[2].partition("</g>")[0]
    return [html.unescape(name) for name in re.findall(r"<text[^>]*>([^<]+)</text>", names)]
