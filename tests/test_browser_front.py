"""The combined page: what a reader chooses is shown, is in the address, and agrees with Python."""

import json

import pytest
from builds import Built
from seen import HOST, PUBLISHED, Seen, same_chart

pytestmark = pytest.mark.browser

NEWEST = f"http://{PUBLISHED}/"
CHARTS = ("latency", "tflops", "limit", "speedup", "fastp")

DRAWN = """async (name) => {
  const kind = name === "fastp" ? "fastp" : "lines";
  const [board] = await report.boards.all();
  const options = { board: board.name, metric: name };
  const { data, params, description } = await report.kinds[kind](options);
  return { data, params, description };
}"""


@pytest.mark.parametrize("host", [HOST, PUBLISHED])
def test_the_browser_draws_what_python_draws(
    seen: Seen, built: Built, published: Built, host: str
) -> None:
    site = built if host == HOST else published
    seen.open(base=f"http://{host}/")
    for name in CHARTS:
        same_chart(seen.page.evaluate(DRAWN, name), json.loads(site.read(f"charts/{name}.vl.json")))


def test_the_table_reads_as_it_arrived_once_a_baseline_is_let_go(seen: Seen) -> None:
    """And with the usual baseline chosen, the browser writes the speed-ups that Python wrote."""
    seen.open(base=NEWEST)
    seen.wait_for_chart()
    table, boxes = (
        seen.page.locator("table.summary"),
        seen.page.locator(".report-board .pick input"),
    )
    before = table.inner_text()
    boxes.nth(2).check()
    seen.page.select_option("select[name=baseline]", "cudnn_attention")
    seen.page.wait_for_function(
        "(text) => document.querySelector('table.summary').innerText !== text", arg=before
    )
    usual = seen.page.locator("select[name=baseline] option[selected]").get_attribute("value")
    seen.page.select_option("select[name=baseline]", usual)
    seen.page.wait_for_function(
        "(text) => document.querySelector('table.summary').innerText === text", arg=before
    )
    assert boxes.nth(2).is_checked()
    rewritten = seen.page.evaluate(
        """async (usual) => {
          const table = document.querySelector("table.summary");
          const board = await report.boards.named(table.closest("section").dataset.board);
          report.ranking.fill(table, table.cloneNode(true), board, usual);
          return table.innerText;
        }""",
        usual,
    )
    assert rewritten == before


def test_a_metric_and_a_baseline_are_shown_and_a_link_restores_them(seen: Seen) -> None:
    seen.open(base=NEWEST)
    seen.wait_for_chart()
    seen.page.locator("label", has_text="Speed-up").first.click()
    seen.page.select_option("select[name=baseline]", "cudnn_attention")
    seen.page.wait_for_function(
        "() => /cuDNN/.test(document.querySelector('svg.marks').textContent)"
    )
    assert "metric=speedup" in seen.page.url
    assert "baseline=cudnn_attention" in seen.page.url
    row = seen.page.locator("table.summary tbody tr", has_text="cuDNN")
    assert row.locator("td").nth(3).inner_text().startswith("1.00×")
    before = seen.page.locator("table.summary").inner_text()
    seen.page.reload()
    seen.wait_for_chart()
    seen.page.wait_for_function(
        "() => /cuDNN/.test(document.querySelector('svg.marks').textContent)"
    )
    assert seen.page.locator("table.summary").inner_text() == before
    assert seen.page.locator('input[value="speedup"]').is_checked()


def test_a_view_is_pinned_to_a_run(seen: Seen) -> None:
    run = "20261122T193441Z-flux"
    seen.open(f"?run={run}", base=NEWEST)
    seen.page.wait_for_selector(".report-pinned")
    assert run in seen.page.locator(".report-pinned").inner_text()
    assert seen.page.locator(".report-headline").is_hidden()
    text = seen.page.locator("table.summary").inner_text()
    assert text.count("incorrect: ") == 1, "SageAttention was, in that run"
    seen.page.get_by_role("button", name="Show the newest").click()
    seen.page.wait_for_selector(".report-headline", state="visible")
    assert "incorrect" not in seen.page.locator("table.summary").inner_text()
    assert "run=" not in seen.page.url


def test_an_unknown_state_in_the_address_shows_the_usual_one(
    seen: Seen, published_lines: int
) -> None:
    seen.open("?metric=beauty&baseline=nobody&p=abc&device=Abacus", base=NEWEST)
    seen.wait_for_chart()
    assert seen.page.locator('input[value="latency"]').is_checked()
    assert seen.page.locator("table.summary tbody tr").count() == published_lines


def test_the_copied_link_says_all_of_the_state(seen: Seen) -> None:
    seen.open("?metric=limit", base=NEWEST)
    seen.wait_for_chart()
    seen.page.get_by_role("button", name="Copy link").click()
    link = seen.page.get_by_label("Link to this view").input_value()
    for part in ("metric=limit", "device=NVIDIA+H200", "suite=flux", "dtype=bfloat16"):
        assert part in link


def test_p_is_pinned_from_the_keyboard_and_by_a_click(seen: Seen) -> None:
    seen.open(base=NEWEST)
    seen.wait_for_chart()
    slider = seen.page.locator(".report-p input")
    slider.focus()
    for _ in range(10):
        seen.page.keyboard.press("PageUp")
    shares = _shares(seen)
    assert "p=" in seen.page.url
    assert shares[-1] == "0 %"
    curve = seen.page.locator(".report-chart").nth(1)
    curve.scroll_into_view_if_needed()
    seen.page.wait_for_function("() => document.querySelectorAll('[data-drawn]').length == 2")
    box = curve.locator("svg.marks").bounding_box()
    seen.page.mouse.click(box["x"] + 90, box["y"] + box["height"] / 2)
    seen.page.wait_for_function(
        "() => !/p=/.test(location) || +new URL(location).searchParams.get('p') < 2"
    )
    assert _shares(seen) != shares


def test_no_workload_is_faster_than_itself_in_the_browser_either(seen: Seen) -> None:
    seen.open()
    assert seen.page.evaluate("() => report.fastp.share([0.5, 1, 1, 2], 1, 4)") == 25


def _shares(seen: Seen) -> list[str]:
    return seen.page.locator("table.fastp tbody td:nth-child(2)").all_inner_texts()
