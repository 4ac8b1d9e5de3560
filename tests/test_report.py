"""The report's plain functions: from records to text, drawings and specifications."""

import json
import re
from pathlib import Path

import altair
import pytest
import vl_convert
from records import CPU, Entry, run, write_run
from reports import made

from bench.records.outcome import Incorrect
from bench.text import one_line
from hooks.charts.axes import Lengths, linear_axis, log_axis
from hooks.charts.fastp import share, speedups
from hooks.charts.make_templates import made as made_templates
from hooks.charts.svg import INK
from hooks.charts.templates import TEMPLATES, VEGA_LITE
from hooks.charts.vega import TARGET, bundle
from hooks.formats import significant
from hooks.pages.markdown import markdown
from hooks.reading.cache import Cache
from hooks.reading.looks import COLOURS, look


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (703.4, "703"),
        (24.83, "24.8"),
        (1.2345, "1.23"),
        (0.0123, "0.012"),
        (4e-7, "4e-07"),
        (12345.6, "12,346"),
    ],
)
def test_numbers_have_three_digits_and_no_exponent_but_the_tiny(value: float, text: str) -> None:
    assert significant(value) == text


def test_text_is_one_line_without_control_characters() -> None:
    assert one_line("a\x1b[31m\nb\u2028c\a d") == "a b c d"


def test_markdown_means_nothing_once_escaped() -> None:
    assert markdown("*a* <b> `c` [d](e) {#f}\n# g") == (
        r"\*a\* &lt;b&gt; \`c\` \[d\]\(e\) \{\#f\} \# g"
    )


def test_no_two_of_many_lines_look_alike() -> None:
    looks = [look(place) for place in range(21)]
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
        report.looks[line.key]
        for board in report.leaderboards
        for line in board.lines
        if line.key.implementation == "z"
    ]
    assert len(looks) == 2
    assert looks[0] == looks[1]


def test_lines_of_one_title_are_told_apart_by_their_page(tmp_path: Path) -> None:
    found = made(tmp_path, [Entry("a", "Same", 100), Entry("b", "Same", 200)])
    points = json.loads(found.file("charts/latency.vl.json"))["datasets"]["points"]
    assert {point["line"] for point in points} == {"Same [a]", "Same [b]"}


OVER_LENGTHS = ["latency", "tflops", "peak", "speedup", "fastp"]
PICTURES = [*OVER_LENGTHS, "workload", "accuracy", "memory"]


@pytest.mark.parametrize("name", PICTURES)
def test_a_specification_is_valid_and_holds_every_line(tmp_path: Path, name: str) -> None:
    entries = [Entry("a", "A", 100), Entry("math_attention", "Math", 2000)]
    spec = json.loads(made(tmp_path, entries).file(f"charts/{name}.vl.json"))
    altair.Chart.from_dict(spec, validate=True)
    assert {point["line"] for point in spec["datasets"]["points"]} == {"A", "Math"}
    assert spec["description"]


@pytest.mark.parametrize("name", OVER_LENGTHS)
def test_a_line_has_its_own_colour_in_a_specification(tmp_path: Path, name: str) -> None:
    entries = [Entry("a", "A", 100), Entry("math_attention", "Math", 2000)]
    spec = json.loads(made(tmp_path, entries).file(f"charts/{name}.vl.json"))
    assert spec["layer"][0]["encoding"]["color"]["scale"]["domain"] == ["A", "Math"]


def test_a_metric_without_a_value_has_no_chart(tmp_path: Path) -> None:
    """No datasheet, no share of a peak; no baseline, no speed-up; on a CPU no memory."""
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
    entries = [Entry("a", "A", 100), wrong, Entry("math_attention", "Math", 200)]
    board = made(tmp_path, entries).report.boards[0]
    by_title = {line.title: speedups(board, line) for line in board.lines}
    shares = {title: share(ratios, 1.5, 6) for title, ratios in by_title.items()}
    assert shares == {"A": 100, "B": 0, "Math": 0}
    assert share(by_title["Math"], 0.9999, 6) == 100
    assert share(by_title["A"], by_title["A"][-1] * 1.0001, 6) == 0


def test_no_workload_is_faster_than_itself(tmp_path: Path) -> None:
    """fast_p is strict, as KernelBench's is: at p = 1 the baseline has nothing."""
    found = made(tmp_path, [Entry("math_attention", "Math", 200)])
    [line] = found.report.boards[0].lines
    assert share(speedups(found.report.boards[0], line), 1.0, 6) == 0
    curve = json.loads(found.file("charts/fastp.vl.json"))["datasets"]["points"]
    assert [(point["x"], point["y"]) for point in curve][1:] == [(1, 0), (pytest.approx(1.1), 0)]


def test_the_still_picture_names_every_line(tmp_path: Path) -> None:
    picture = made(tmp_path, [Entry("a", "A & <B>", 100)]).file("charts/latency.svg")
    assert "A &amp; &lt;B&gt;</text>" in picture
    assert "Median latency (µs, log scale) against sequence length" in picture


def test_the_dark_picture_is_the_light_one_in_other_ink(tmp_path: Path) -> None:
    found = made(tmp_path, [Entry("a", "A", 100)])
    light, dark = found.file("charts/latency.svg"), found.file("charts/latency-dark.svg")
    assert light.count(INK["light"]["text"]) == dark.count(INK["dark"]["text"]) > 0
    assert not any(ink in dark for ink in INK["light"].values())


@pytest.mark.parametrize("name", PICTURES)
def test_the_still_picture_says_what_vega_draws(tmp_path: Path, name: str) -> None:
    """Two drawings of the same values: names, ticks and titles are the same in both."""
    entries = [Entry("a", "A", 100), Entry("b", "B", 900), Entry("math_attention", "C", 12_000)]
    found = made(tmp_path, entries)
    spec = {**json.loads(found.file(f"charts/{name}.vl.json")), "width": 640}
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
    still = found.file(f"charts/{name}.svg")
    words = [set(re.findall(r"<text[^>]*>([^<]+)</text>", svg)) for svg in (drawn, still)]
    assert words[0] == words[1]
    assert {"A", "B", "C"} <= words[0]


@pytest.mark.parametrize("name", ["workload", "memory"])
def test_a_picture_of_rows_is_as_wide_as_its_sheet_whatever_the_names(
    tmp_path: Path, name: str
) -> None:
    long = "A kernel with a name that its authors could not bring themselves to shorten"
    picture = made(tmp_path, [Entry("a", long, 100), Entry("b", "B", 900)]).file(
        f"charts/{name}.svg"
    )
    drawn = re.findall(r"<text[^>]*>([^<]+)</text>", picture)
    assert "A kernel with a name that its authors c…" in drawn
    assert long in re.findall(r"<desc>(.*)</desc>", picture)[0]


def test_axes_place_values_by_ratio() -> None:
    axis = log_axis([100, 1000])
    assert axis.ticks == (100, 200, 500, 1000)
    assert axis.place(axis.low) == 0
    assert axis.place(axis.high) == 1
    assert _places(128, 256, 512) == pytest.approx([0, 0.5, 1])
    assert _places(4224, 4352, 4608) == pytest.approx([0, 1 / 3, 1])
    assert _places("a", "b") == [0, 1]
    assert _places(4096) == [0.5]


def test_a_linear_axis_begins_at_zero_and_has_round_ticks() -> None:
    axis = linear_axis([612.0, 88.0])
    assert axis.ticks == (0, 100, 200, 300, 400, 500, 600)
    assert (axis.place(0), axis.place(axis.high)) == (0, 1)


def _places(*lengths: int | str) -> list[float]:
    axis = Lengths(lengths)
    return [axis.place(length) for length in lengths]


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
    """After a new vl-convert: `python -m hooks.charts.vega`."""
    assert TARGET.read_text(encoding="utf-8") == bundle()


def test_the_templates_in_the_repository_are_what_altair_makes() -> None:
    """After a change to one, or a new Altair: `python -m hooks.charts.make_templates`."""
    assert TEMPLATES.read_text(encoding="utf-8") == made_templates()


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.1)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_picture_says_how_many_lines_it_has_no_room_for(tmp_path: Path) -> None:
    found = made(tmp_path, [Entry(f"a{n}", f"Kernel {n}", 100 + n) for n in range(50)])
    for name, shown in (("latency", 20), ("workload", 23)):
        picture = found.file(f"charts/{name}.svg")
        drawn = re.findall(r"<text[^>]*>([^<]+)</text>", picture)
        assert f"and {50 - shown} more, in the table" in drawn
        assert sum(text.startswith("Kernel ") for text in drawn) == shown
        height = float(re.findall(r'viewBox="0 0 1000 (\d+)"', picture)[0])
        assert all(float(y) < height for y in re.findall(r'<text x="[^"]+" y="([^"]+)"', picture))
