"""The committed H200 data, as a visitor of the published site sees it."""

import re

import pytest
from builds import ROOT
from records import SUITES
from seen import PUBLISHED, Seen

from bench.records.runfile import read_run

pytestmark = pytest.mark.browser

H200_RUN = ROOT / "data" / "nvidia-h200" / "20261122T210836Z-flux.jsonl"

PAGES = {
    "cudnn_attention",
    "flash_attention",
    "flash_attn",
    "flash_attn3",
    "flash_attn4",
    "flex_attention",
    "hf_kernels_flash_attn",
    "hf_kernels_flash_attn3",
    "math_attention",
    "mem_efficient_attention",
    "sage_attention",
    "xformers",
}
"""The pages of that run with one line each; later pages and runs change nothing here."""

BASE = f"http://{PUBLISHED}/"

SEVEN = {
    "Flash (PyTorch SDPA)",
    "MemEff (PyTorch SDPA)",
    "xFormers",
    "Compiled (default)",
    "Compiled (max-autotune)",
    "HF Kernels Flash Attn (local build)",
    "HF Kernels Flash Attn3 (local build)",
}
"""The lines that the report exists for, as they were measured."""


@pytest.mark.parametrize(("scheme", "arrival"), [("light", "reload"), ("dark", "click")])
def test_the_seven_lines_are_in_the_legend(seen: Seen, scheme: str, arrival: str) -> None:
    seen.page.emulate_media(color_scheme=scheme)
    if arrival == "click":
        seen.open("methodology/", BASE)
        seen.click_tab("Results")
    else:
        seen.open("", BASE)
        seen.wait_for_chart()
        seen.page.reload()
    seen.wait_for_chart()
    named = {*seen.legend(), *(re.sub(r" [\d,.]+ µs ↑$", "", text) for text in seen.beyond())}
    assert named >= SEVEN
    assert seen.page.input_value("select[name=device]") == "NVIDIA H200"
    texts = seen.chart.locator(".names_marks text, .outliers_marks text")
    assert all(texts.filter(has_text=line).first.is_visible() for line in SEVEN)


def test_every_line_of_the_h200_run_is_ok_on_every_workload_of_the_flux_suite() -> None:
    results = read_run(H200_RUN).results
    lines = {(result.implementation, result.variant) for result in results}
    assert lines == {(name, None) for name in PAGES} | {
        ("compiled_variants", "default"),
        ("compiled_variants", "max-autotune"),
    }
    assert len(results) == 14 * len(SUITES["flux"].workloads)
    assert {result.status for result in results} == {"ok"}
