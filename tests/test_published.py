"""The committed H200 data, as a visitor of the published site sees it."""

import pytest
from builds import Built
from seen import PUBLISHED, Seen

pytestmark = pytest.mark.browser

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

BESIDE = {
    "FlashAttention-2 (flash-attn)",
    "FlashAttention-3 (fa3-fwd)",
    "FlashAttention-4 (CuTe DSL)",
    "cuDNN (PyTorch SDPA)",
    "FlexAttention",
    "SageAttention",
    "Math (PyTorch SDPA)",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("arrival", ["click", "reload"])
def test_all_fourteen_lines_are_in_the_legend(seen: Seen, scheme: str, arrival: str) -> None:
    seen.page.emulate_media(color_scheme=scheme)
    if arrival == "click":
        seen.open("methodology/", BASE)
        seen.click_tab("Results")
    else:
        seen.open("", BASE)
        seen.wait_for_chart()
        seen.page.reload()
    seen.wait_for_chart()
    assert set(seen.legend()) == SEVEN | BESIDE
    assert seen.page.input_value("select[name=device]") == "NVIDIA H200"
    for name in ("Flash (PyTorch SDPA)", "SageAttention"):
        label = seen.labels.get_by_text(name, exact=True)
        assert label.is_visible()


def test_every_line_ran_every_workload_of_the_flux_suite(published: Built) -> None:
    rows = published.read("data/results.csv").splitlines()
    newest = max(row.split(",")[0] for row in rows[1:])
    assert sum(row.startswith(newest) for row in rows) == 14 * 6


def test_no_line_was_measured_with_other_code_than_its_page_shows(published: Built) -> None:
    assert published.output.count("✓ found") == 14
    assert "before the page's code changed" not in published.output
