"""The report's plain functions: from records to text, charts, specifications and pictures."""

import json
import re
from html import unescape
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import altair
import pytest
import vl_convert
from builds import drawn_once
from records import CPU, SUITES, Entry, page, run, write_run
from reports import Made, made

from bench.pages.suites import Suite, grid
from bench.records.outcome import Incorrect
from bench.records.run_lines import LineKey
from bench.text import one_line
from hooks.report.charts.fastp import share, speedups
from hooks.report.charts.figure import INK
from hooks.report.charts.kinds import common
from hooks.report.charts.kinds.common import MOST_LABELS
from hooks.report.charts.kinds.lines import HEIGHT
from hooks.report.charts.specifications import VEGA_LITE, specifications
from hooks.report.charts.vega import TARGET, bundle
from hooks.report.formats import (
    duration,
    least_to_most,
    markdown,
    microseconds,
    significant,
    times,
)
from hooks.report.metrics import METRICS
from hooks.report.pages.suites import suite_page
from hooks.report.reading.cache import Cache
from hooks.report.reading.line_styles import COLOURS, line_style
from hooks.report.reading.report import outdated
from hooks.report.site_contents import make_build


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (703.4, "703"),
        (24.83, "24.8"),
        (1.2345, "1.23"),
        (0.0123, "0.012"),
        (4.2e-5, "0.000042"),
        (4e-7, "0.00000040"),
        (12345.6, "12,346"),
    ],
)
def test_numbers_have_three_digits_at_most_and_no_exponent(value: float, text: str) -> None:
    assert significant(value) == text


def test_a_range_is_one_number_if_both_ends_read_the_same() -> None:
    assert least_to_most([2.5, 1.2, 1.9], times) == "1.20× to 2.50×"
    assert least_to_most([1.2, 1.2001], times) == "1.20×"
    assert least_to_most([4, 1], significant, " ms") == "1.00 to 4.00 ms"


def test_a_time_is_in_seconds_from_a_second_on() -> None:
    assert [duration(ms) for ms in (24.83, 999, 1000)] == [
        "24.8\u00a0ms",
        "999\u00a0ms",
        "1.00\u00a0s",
    ]


def test_text_is_one_line_without_control_characters() -> None:
    assert one_line("a\x1b[31m\nb\u2028c\a d") == "a b c d"


def test_markdown_means_nothing_once_escaped() -> None:
    assert markdown("*a* <b> `c` [d](e) {#f}\n# g") == (
        r"\*a\* &lt;b&gt; \`c\` \[d\]\(e\) \{\#f\} \# g"
    )


def test_no_two_of_many_lines_look_alike() -> None:
    looks = [line_style(place) for place in range(21)]
    assert len({(one.colour, one.dash) for one in looks}) == 21
    assert len({(one.colour, one.shape) for one in looks}) == 21


def test_every_colour_can_be_seen_on_white_and_on_the_dark_page() -> None:
    """At least 3 to 1, as WCAG 2.1 asks of graphics."""
    for colour in COLOURS:
        assert _contrast(colour, "#ffffff") >= 3, colour
        assert _contrast(colour, "#1e2129") >= 3, colour


def test_a_line_looks_the_same_on_every_leaderboard(tmp_path: Path) -> None:
    (tmp_path / "docs/impls").mkdir(parents=True)
    write_run(
        tmp_path, [Entry("a", "A", 1), Entry("z", "Z", 2)], run=run(CPU, suite="cpu"), samples=5
    )
    report = made(tmp_path, [Entry("m", "M", 3), Entry("z", "Z", 2)]).report
    looks = [
        report.styles[line.key]
        for board in report.leaderboards
        for line in board.lines
        if line.key.name == "z"
    ]
    assert len(looks) == 2
    assert looks[0] == looks[1]


def test_lines_of_one_title_are_told_apart_by_their_page(tmp_path: Path) -> None:
    found = made(tmp_path, [Entry("a", "Same", 100), Entry("b", "Same", 200)])
    points = _spec(found, "latency")["datasets"]["points"]
    assert {point["line"] for point in points} == {"Same [a]", "Same [b]"}


OVER_LENGTHS = ["latency", "tflops", "limit", "speedup", "fastp"]
PICTURES = [*OVER_LENGTHS, "workload", "accuracy", "memory"]
BASE = "flash_attention"
"""The page of a baseline."""


@pytest.mark.parametrize("name", PICTURES)
def test_a_specification_is_valid_and_holds_every_line(tmp_path: Path, name: str) -> None:
    spec = _spec(made(tmp_path, [Entry("a", "A", 100), Entry(BASE, "Flash", 200)]), name)
    altair.Chart.from_dict(spec, validate=True)
    assert {point["line"] for point in spec["datasets"]["points"]} == {"A", "Flash"}
    assert spec["description"]


@pytest.mark.parametrize("name", PICTURES)
def test_a_specification_draws_what_the_still_picture_shows(tmp_path: Path, name: str) -> None:
    """Whoever opens the download elsewhere sees the same names and numbers."""
    found = made(tmp_path, [Entry("a", "A", 100), Entry(BASE, "Flash", 200)])
    spec = {**_spec(found, name), "width": 1000}
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
    assert _texts(drawn) == _texts(found.file(f"charts/{name}.svg"))


def test_every_kind_of_chart_is_valid() -> None:
    for kind, spec in specifications(Cache(drawn_once())).vega_lite.items():
        altair.Chart.from_dict(spec, validate=True)
        assert spec["layer"], kind


@pytest.mark.parametrize("name", ["latency", "fastp"])
def test_the_best_and_the_baseline_are_in_colour_and_all_others_in_grey(
    tmp_path: Path, name: str
) -> None:
    entries = [Entry("a", "A", 100), Entry("b", "B", 150), Entry(BASE, "Flash", 200)]
    found = made(tmp_path, entries)
    points = _spec(found, name)["datasets"]["points"]
    colours = {point["line"]: point["colour"] for point in points}
    picture = found.file(f"charts/{name}.svg")
    strokes = re.findall(r'stroke="(#\w+)" stroke-width="(?:1.4|2.2)"', picture)
    assert set(strokes) == {colours["A"], colours["Flash"], INK["light"]["grey"]}
    assert strokes[0] == INK["light"]["grey"], "the others are drawn over those in grey"


def test_lines_of_one_colour_are_told_apart_by_marker_or_dash(tmp_path: Path) -> None:
    entries = [Entry(f"a{n}", f"Kernel {n}", 100 + n) for n in range(20)]
    points = _spec(made(tmp_path, entries), "latency")["datasets"]["points"]
    looks = {point["line"]: (point["shape"], *point["dash"]) for point in points}
    assert len(set(looks.values())) == len(looks) == 20


def test_an_outlier_is_named_with_its_value_and_does_not_stretch_the_axis(tmp_path: Path) -> None:
    entries = [Entry("a", "A", 100), Entry(BASE, "Flash", 200), Entry("math", "Math", 24_000)]
    found = made(tmp_path, entries)
    (said,) = (text for text in _texts(found.file("charts/latency.svg")) if "Math" in text)
    assert re.fullmatch(r"Math 2\d,\d{3} µs ↑", said)
    axis = [
        float(text.replace(",", ""))
        for text in _texts(found.file("charts/latency.svg"))
        if re.fullmatch(r"[\d,]+", text) and not text.startswith("4")
    ]
    assert max(axis) <= 300


def test_more_outliers_than_there_is_room_for_are_counted(tmp_path: Path) -> None:
    slow = [Entry(f"s{n}", f"Slow {n}", 5000 + 100 * n) for n in range(6)]
    texts = _texts(made(tmp_path, [Entry("a", "A", 100), *slow]).file("charts/latency.svg"))
    outliers = [text for text in texts if text.endswith("↑")]
    assert "and 4 more in the table ↑" in outliers
    assert len(outliers) == 3


def test_names_at_the_ends_of_lines_do_not_overlap_and_stay_beside_the_plot(
    tmp_path: Path,
) -> None:
    entries = [Entry(f"a{n}", f"Kernel {n}", 100 + n / 10) for n in range(18)]
    entries += [Entry("b", "Kernel far", 200)]
    picture = made(tmp_path, entries).file("charts/latency.svg")
    places = sorted(_placed(picture, "Kernel "))
    assert len(places) == 19
    assert all(above + 12 <= below for above, below in pairwise(places))
    assert places[0] >= 0
    assert places[-1] <= HEIGHT + 6, "its middle is within"


def test_a_picture_says_how_many_lines_it_has_no_room_to_name(tmp_path: Path) -> None:
    found = made(tmp_path, [Entry(f"a{n}", f"Kernel {n}", 100 + n) for n in range(50)])
    drawn = _texts(found.file("charts/latency.svg"))
    assert f"and {50 - MOST_LABELS} more in the table" in drawn
    assert sum(text.startswith("Kernel ") for text in drawn) == MOST_LABELS
    assert "Kernel 0" in drawn, "the best is named"
    rows = _texts(found.file("charts/workload.svg"))
    assert sum(text.startswith("Kernel ") for text in rows) == 50


def test_a_metric_without_a_value_has_no_chart(tmp_path: Path) -> None:
    """No datasheet, no share of a limit; no baseline, no speed-up; on a CPU no memory."""
    (tmp_path / "docs/impls").mkdir(parents=True)
    found = made(tmp_path, [Entry("a", "A", 100)], run=run(CPU, suite="cpu"))
    assert {path for path in found.paths if path.endswith(".vl.json")} == {
        "charts/latency.vl.json",
        "charts/tflops.vl.json",
        "charts/workload.vl.json",
        "charts/accuracy.vl.json",
    }


def test_fast_p_counts_the_workloads_that_are_right_and_fast(tmp_path: Path) -> None:
    wrong = Entry("b", "B", outcome=Incorrect(reason="is NaN"))
    entries = [Entry("a", "A", 100), wrong, Entry(BASE, "Flash", 200)]
    board = made(tmp_path, entries).board
    by_label = {line.label: speedups(board, line) for line in board.lines}
    shares = {label: share(ratios, 1.5, 6) for label, ratios in by_label.items()}
    assert shares == {"A": 100, "B": 0, "Flash": 0}
    assert share(by_label["Flash"], 0.9999, 6) == 100
    assert share(by_label["A"], by_label["A"][-1] * 1.0001, 6) == 0


def test_no_workload_is_faster_than_itself(tmp_path: Path) -> None:
    """fast_p is strict, as KernelBench's is: at p = 1 the baseline has nothing."""
    found = made(tmp_path, [Entry(BASE, "Flash", 200)])
    board = found.board
    assert share(speedups(board, board.lines[0]), 1.0, 6) == 0
    said = re.findall(r'aria-label="(Flash[^"]*)"', found.file("charts/fastp.svg"))
    assert set(said) == {"Flash, from 1.00, 0 %"}


@pytest.mark.parametrize("name", METRICS)
def test_a_chart_divides_and_writes_each_value_as_its_metric_does(
    tmp_path: Path, name: str
) -> None:
    lines = [Entry("a", "A", 100), Entry(BASE, "Flash", 200)]
    rows = {"operation": "rms_norm", "rows": [512, 1024], "columns": 4096, "dtype": "bfloat16"}
    memory = name == "bandwidth"
    more = {"run": run(workloads=tuple(grid(rows)))} if memory else {}
    found = made(tmp_path, lines, **more)
    metric, board = METRICS[name], found.board
    wanted = set()
    for line in board.lines:
        for workload in board.workloads:
            quantity = metric.of(board, line, workload)
            assert quantity
            value, low, high = map(metric.text, quantity)
            wanted.add(f"{line.label}, {workload.name}, {value}, {low} – {high}")
    said = re.findall(r'aria-label="([^"]*)"', found.file(f"charts/{name}.svg"))
    assert wanted <= set(said)


def test_charts_write_numbers_as_tables_do() -> None:
    """Among them numbers that lie halfway between two texts."""
    halves = [n / 8 for n in range(1, 80)] + [n / 4 for n in range(3960, 4040)]
    values = [0.0012, 0.0499, 0.999, 0.9996, 9.996, 99.96, 1234.5, 98765.4, *halves]
    for expression, write in (
        (common.microseconds, microseconds),
        (common.significant, significant),
        (lambda value: common.fixed(value, 0), lambda value: f"{value:,.0f}"),
    ):
        text = {"signal": expression("datum.data")}
        marks = {"type": "text", "from": {"data": "v"}, "encode": {"enter": {"text": text}}}
        data = {"name": "v", "values": values}
        svg = vl_convert.vega_to_svg({"data": [data], "marks": [marks]})
        assert re.findall(r"<text[^>]*>([^<]+)</text>", svg) == [write(value) for value in values]


def test_the_still_picture_names_every_line_and_says_what_it_shows(tmp_path: Path) -> None:
    picture = made(tmp_path, [Entry("a", "A & <B>", 100)]).file("charts/latency.svg")
    assert "A &amp; &lt;B&gt;</text>" in picture
    title = re.search("<title>(.*)</title>", picture)
    said = re.search("<desc>(.*)</desc>", picture)
    assert title
    assert said
    assert title[1].startswith("Median latency (µs) against sequence length")
    assert "A &amp; &lt;B&gt;" in said[1]
    assert 'role="img"' in picture.partition(">")[0]


def test_over_lengths_of_two_shapes_a_line_has_a_path_for_each_and_its_name_at_the_longest(
    tmp_path: Path,
) -> None:
    shape = {"heads": 2, "dtype": "bfloat16"}
    wide = grid(shape | {"seqlen": [256, 1024], "head_dim": 64})
    narrow = grid(shape | {"seqlen": [128, 512], "head_dim": 128})
    mixed = run(workloads=(*wide, *narrow))
    picture = made(tmp_path, [Entry("a", "A", 100)], run=mixed).file("charts/latency.svg")
    drawn = re.findall(r'<path d="([^"]*)" stroke="[^"]*" stroke-width="2.2"', picture)
    assert [re.findall(r"[ML]", path) for path in drawn] == [["M", "L"]] * 2
    (longest,) = re.findall(r"translate\((\d+),\d+\)[^>]*>1024<", picture)
    starts = re.findall(r'<line transform="translate\((\d+),[^>]*opacity="0.6"', picture)
    assert starts == [str(int(longest) + 8)]


def test_the_dark_picture_is_the_light_one_in_other_ink(tmp_path: Path) -> None:
    found = made(tmp_path, [Entry("a", "A", 100)])
    light, dark = found.file("charts/latency.svg"), found.file("charts/latency-dark.svg")
    assert light.count(INK["light"]["ink"]) == dark.count(INK["dark"]["ink"]) > 0
    for name, ink in INK["light"].items():
        light = light.replace(ink, INK["dark"][name])
    assert light == dark


def test_a_suite_s_page_charts_latency_and_rate_over_workloads_and_a_single_one_in_rows(
    tmp_path: Path,
) -> None:
    shape = {"seqlen": 64, "heads": 2, "head_dim": 64, "dtype": "float32"}
    (one,) = grid(shape | {"direction": "forward"})
    two = grid(shape | {"seqlen": [64, 128], "direction": "backward"})
    suite = Suite("mine", "Mine", "", (one, *two))
    entries = [Entry("a", "A", 1), Entry("b", "B", 2)]
    of = run(CPU, suite="mine", workloads=suite.workloads)
    placed = suite_page(made(tmp_path, entries, run=of).report, suite).placed
    charts = [
        json.loads(unescape(chart))
        for text in placed.values()
        for chart in re.findall('data-chart="([^"]*)"', text)
    ]
    assert {(chart["kind"], chart.get("workload") or chart["metric"]) for chart in charts} == {
        ("lines", "latency"),
        ("lines", "tflops"),
        ("workload", one.name),
    }


def test_a_build_without_still_pictures_has_every_chart_and_page(tmp_path: Path) -> None:
    """As `mkdocs serve` makes it: no page misses a chart for want of its picture."""
    found = made(tmp_path, [Entry("a", "A", 100)])
    plain = make_build(found.root, Cache(tmp_path / ".cache" / "site"), stills=False)
    pictures = {path for path in found.paths if re.fullmatch(r"charts/.*\.(svg|png)", path)}
    assert pictures
    assert found.build.files.keys() - plain.files.keys() == pictures
    for name, content in found.build.shared.items():
        figures = content.count("data-chart=")
        assert plain.shared[name].count("data-chart=") == figures, name
        assert plain.shared[name].count("no data for this chart") == content.count(
            "no data for this chart"
        )


@pytest.mark.parametrize("name", ["workload", "memory"])
def test_a_picture_of_rows_is_as_wide_as_its_sheet_whatever_the_names(
    tmp_path: Path, name: str
) -> None:
    long = "A kernel with a name that its authors could not bring themselves to shorten"
    picture = made(tmp_path, [Entry("a", long, 100), Entry("b", "B", 900)]).file(
        f"charts/{name}.svg"
    )
    shortened = [text for text in _texts(picture) if text.endswith("…")]
    assert len(shortened) == 1
    assert long.startswith(shortened[0].removesuffix("…"))
    assert long in re.findall(r"<desc>(.*)</desc>", picture)[0]
    assert picture.count('width="1000"') >= 1


def test_the_cache_makes_a_thing_once_for_the_same_inputs(tmp_path: Path) -> None:
    cache, calls = Cache(tmp_path), []

    def make() -> bytes:
        calls.append(1)
        return b"made"

    assert [cache.get(".x", [b"a", b"b"], make) for _ in range(3)] == [b"made"] * 3
    cache.get(".x", [b"ab", b""], make)
    assert len(calls) == 2


def test_altair_and_the_bundled_vega_lite_are_of_one_version() -> None:
    assert altair.SCHEMA_VERSION.startswith(f"v{VEGA_LITE}.")
    assert VEGA_LITE in vl_convert.get_vegalite_versions()


def test_the_script_in_the_repository_is_what_the_bundler_makes() -> None:
    """After a new vl-convert: `python -m hooks.report.charts.vega`."""
    assert TARGET.read_text(encoding="utf-8") == bundle()


def test_specifications_are_made_when_what_they_are_made_from_has_changed(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    first = specifications(cache)
    (kept,) = tmp_path.glob("*.charts")
    kept.write_bytes(kept.read_bytes().replace(b"Sequence length", b"Kept"))
    assert specifications(cache) != first, "it was read, not made"
    kept.unlink()
    assert specifications(cache) == first


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.1)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _spec(found: Made, name: str) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(found.file(f"charts/{name}.vl.json"))
    return spec


def _texts(picture: str) -> set[str]:
    return set(re.findall(r"<text[^>]*>([^<]+)</text>", picture))


def _placed(picture: str, start: str) -> list[float]:
    """Where the texts that begin with `start` stand, from the top of the plot."""
    found = re.findall(r"<text[^>]*translate\(([\d.]+),(-?[\d.]+)\)[^>]*>([^<]+)</text>", picture)
    return [float(y) for _, y, text in found if text.startswith(start)]


def test_no_title_of_a_chart_or_tooltip_holds_a_name_of_the_code() -> None:
    for kind, spec in specifications(Cache(drawn_once())).vega_lite.items():
        titles = re.findall(r'"title": "([^"]*)"', json.dumps(spec))
        assert titles, kind
        assert not [title for title in titles if "_" in title], kind


def test_a_page_opens_with_where_its_line_stands_on_each_leaderboard(tmp_path: Path) -> None:
    entries = [
        Entry("a", "A", 100),
        Entry("b", "B", 100),
        Entry("c", "C", 200),
        Entry("d", "D", outcome=Incorrect(reason="wrong")),
    ]
    pages = made(tmp_path, entries).build.pages
    stands = {
        slug: re.sub(
            r"<[^>]+>", " ", pages[f"impls/{slug}.md"].placed["standing"].partition("<tbody>")[2]
        )
        for slug in "acd"
    }
    assert " ".join(stands["a"].split()) == "NVIDIA H200, flux, bfloat16 1= of 3 1.00× 6 of 6 –"
    assert re.search(r"3 of 3 .* 2\.00× .* 0 of 6 .* –", stands["c"])
    assert " ".join(stands["d"].split()).endswith("– – – 6 incorrect")


def test_where_a_line_stands_includes_what_was_not_measured(tmp_path: Path) -> None:
    first = run(day=-1, workloads=SUITES["flux"].workloads[:2])
    write_run(tmp_path, [Entry("b", "B", 200)], run=first, samples=5)
    project = made(tmp_path, [Entry("a", "A", 100)])
    page(tmp_path, "b", "B")
    stands = project.build.pages["impls/b.md"].placed["standing"]
    assert "<td>0 of 6</td><td>4 not measured</td>" in re.sub(r"<td[^>]*>", "<td>", stands)


@pytest.mark.parametrize(
    ("measured", "is_outdated"), [("nn", False), ("no", True), ("on", True), ("oo", True)]
)
def test_a_line_is_outdated_where_any_of_its_latencies_is_from_other_code(
    measured: str, is_outdated: bool
) -> None:
    cases = {place: SimpleNamespace(code_sha256=code) for place, code in enumerate(measured)}
    line = SimpleNamespace(key=LineKey("a", None), cases=cases, measured=tuple(cases))
    assert outdated(SimpleNamespace(code_hashes={None: "n"}), line) is is_outdated
