"""Copies of the project to build, one built site for all, and a Chromium to look at it with."""

import functools
import http.server
import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from builds import ROOT, Built, build, copy_project, entries
from playwright.sync_api import Browser, sync_playwright
from records import CPU, H200, Entry, page, run, write_run
from seen import HOST, PUBLISHED, Seen, watch

from bench.outcome import Incorrect, Unavailable, Unsupported

HOSTILE = "<img src=x onerror='window.hacked=1'> & \"q\" _x_ `y` </script>"
"""Text that must come out of every page as it went in."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the project without data."""
    return copy_project(tmp_path / "checkout")


@pytest.fixture
def measured(checkout: Path) -> Path:
    """A copy of the project with one small run of every page."""
    write_run(checkout, entries(checkout), samples=5)
    return checkout


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A strict build of three boards, with failures, a local build and hostile text in them."""
    root = copy_project(tmp_path_factory.mktemp("report") / "project")
    quoted = HOSTILE.replace('"', '\\"')
    page(root, "hostile", f'"{quoted}"', provider=f'"{quoted}"', description=f'"{quoted}"')
    page(root, "unmeasured", "Not measured yet")
    gpu = [entry for entry in entries(root) if entry.slug != "unmeasured"]
    special = {
        "hostile": Entry("hostile", HOSTILE, 900),
        "flash_attn4": Entry("flash_attn4", "FA4", outcome=Unavailable(reason=HOSTILE)),
        "sage_attention": Entry("sage_attention", "SageAttention", 310, more={"precision": "int8"}),
        "hf_kernels_flash_attn": Entry(
            "hf_kernels_flash_attn", "HF Kernels Flash Attn", 570, more={"local_kernels": ("k/f",)}
        ),
    }
    write_run(root, [special.get(entry.slug, entry) for entry in gpu])
    cpu = [
        Entry("math_attention", "Math (PyTorch SDPA)", 900),
        Entry("flash_attention", "Flash (PyTorch SDPA)", 700),
        Entry("flash_attn3", "FA3", outcome=Unsupported(reason="needs a Hopper GPU")),
        Entry("flex_attention", "FlexAttention", outcome=Incorrect(reason="is NaN")),
    ]
    write_run(root, cpu, run=run(CPU, suite="cpu", day=1))
    strange = H200.__class__(**{n: getattr(H200, n) for n in H200.__struct_fields__} | STRANGE)
    write_run(root, gpu[:2], run=run(strange, day=-1))
    return build(root, "--strict", blocked="torch bench.worker", SITE_URL=f"http://{HOST}/")


STRANGE = {"name": f"NVIDIA {HOSTILE}"}


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A strict build of the H200 runs: what a visitor of the published site sees."""
    root = copy_project(tmp_path_factory.mktemp("published") / "project")
    shutil.copytree(ROOT / "data" / "nvidia-h200", root / "data" / "nvidia-h200")
    return build(root, "--strict", SITE_URL=f"http://{PUBLISHED}/")


@pytest.fixture(scope="session")
def ports(built: Built, published: Built) -> Iterator[dict[str, int]]:
    """The port that each of the two sites is served on, by its host."""
    with _served(built) as port, _served(published) as published_port:
        yield {HOST: port, PUBLISHED: published_port}


@contextmanager
def _served(built: Built) -> Iterator[int]:
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
def chromium(ports: dict[str, int]) -> Iterator[Browser]:
    """The Chromium of `make test`, else one on the PATH, else Playwright's own, else failure."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    hosts = ", ".join(f"MAP {host} 127.0.0.1:{port}" for host, port in ports.items())
    quiet = ("quic", "background-networking", "component-update", "sync", "gpu")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=[
                "--no-sandbox",
                "--no-first-run",
                *(f"--disable-{name}" for name in quiet),
                f"--host-resolver-rules={hosts}",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def seen(chromium: Browser) -> Iterator[Seen]:
    """A wide, light browser page; the test fails on any complaint and any foreign request."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    seen = watch(context)
    yield seen
    context.close()
    assert seen.complaints == []
    assert seen.elsewhere == []


@pytest.fixture(scope="session")
def lines(built: Built) -> list[str]:
    """The lines of the first board, in the order of their rank."""
    spec = json.loads(built.read("charts/latency.vl.json"))
    return list(dict.fromkeys(point["line"] for point in spec["data"]["values"]))
