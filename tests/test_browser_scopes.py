"""Selectors for what is never ranked together: dtypes and masks of one device and suite."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from builds import Built, build, copy_project
from outcomes import ok
from playwright.sync_api import Browser
from records import START, SUITES, Entry, result, run, write
from seen import Seen, watch

from bench.operations.operation import Workload

pytestmark = pytest.mark.browser

LINES = (Entry("flash_attention", "Flash"), Entry("math_attention", "Math"))


def _workloads() -> Iterator[Workload]:
    """bfloat16 with and without a mask, float16 without one only."""
    for workload in SUITES["flux"].workloads[:2]:
        yield workload
        yield msgspec.structs.replace(workload, causal=True)
        yield msgspec.structs.replace(workload, dtype="float16")


@pytest.fixture(scope="module")
def scoped(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = copy_project(tmp_path_factory.mktemp("scopes") / "project")
    write(
        root,
        run(),
        [
            result(entry, workload, ok(100.0 * (1 + place)), START, round=number)
            for number in (1, 2, 3)
            for place, entry in enumerate(LINES)
            for workload in _workloads()
        ],
    )
    return build(root, "--strict")


@pytest.fixture
def reader(bare: Browser, scoped: Built) -> Iterator[Seen]:
    assert scoped.code == 0, scoped.output
    context = bare.new_context(viewport={"width": 1280, "height": 900})
    seen = watch(context)
    seen.open("index.html", base=f"{scoped.site.as_uri()}/")
    seen.wait_for_chart()
    yield seen
    context.close()


def _shown(seen: Seen) -> str:
    (name,) = seen.page.locator(".report-board:visible").evaluate_all(
        "sections => sections.map(section => section.dataset.board)"
    )
    return str(name)


def test_each_part_that_differs_has_a_selector_and_the_others_none(reader: Seen) -> None:
    shown = reader.page.locator(".report-select select:visible")
    assert shown.evaluate_all("all => all.map(one => one.name)") == ["dtype", "mask"]


def test_a_choice_shows_its_board_and_stays_in_the_address(reader: Seen) -> None:
    assert _shown(reader) == "NVIDIA H200, flux, bfloat16"
    reader.page.select_option("select[name=mask]", "causal")
    assert _shown(reader) == "NVIDIA H200, flux, bfloat16, causal"
    reader.page.select_option("select[name=dtype]", "float16")
    assert _shown(reader) == "NVIDIA H200, flux, float16", "there is no causal one"
    reader.wait_for_chart()
    assert "dtype=float16" in reader.page.url
    reader.page.reload()
    reader.wait_for_chart()
    assert _shown(reader) == "NVIDIA H200, flux, float16"


def test_what_no_board_has_cannot_be_chosen(reader: Seen) -> None:
    reader.page.select_option("select[name=dtype]", "float16")
    masks = reader.page.locator("select[name=mask] option")
    assert masks.evaluate_all("all => all.filter(one => one.disabled).map(one => one.value)") == [
        "causal"
    ]


def test_the_static_pictures_are_those_of_the_first_board(scoped: Built) -> None:
    assert "NVIDIA H200, flux, bfloat16:" in scoped.read("charts/latency.svg")
    names = {path.name for path in Path(scoped.site / "charts").glob("*.png")}
    assert {"latency.png", "speedup.png", "fastp.png"} <= names
