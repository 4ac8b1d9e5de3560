"""What the pages say, where it can be held: links, the commands listed, what is refused."""

import re
import runpy
import sys
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
import torch
import typer.main
from bench_fixtures import ROOT

from bench.cli.commands import app
from bench.devices.discovery import KINDS
from bench.operations.discovery import OPERATIONS
from bench.pages import implementation, suites
from bench.pages.implementation import load_implementation
from bench.pages.page import ThemeKeys
from bench.project import Project
from hooks.report.metrics import METRICS
from hooks.report.reading.published import read_published

WORDS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "docs" / "published.csv"])

FILE_LINK = re.compile(
    r"https?://(?:"
    r"(?:www\.)?github\.com/[^/\s]+/[^/\s]+/(?:blob|tree|raw|blame|edit)"
    r"|raw\.githubusercontent\.com/[^/\s]+/[^/\s]+"
    r"|huggingface\.co/(?:[^/\s]+/)?[^/\s]+/[^/\s]+/(?:blob|tree|resolve|raw)"
    r")/(?P<ref>refs/[^/\s]+/[^/\s)>\"',]+|[^/\s)>\"',]+)"
)
"""A link to a file or a folder of a repository at one of its states."""

FIXED = re.compile(r"(?:refs/tags/)?\S*\d\.\d\S*|[0-9a-f]{40}")
"""A tag, which holds the number of a release, or a commit; `v3` is a branch on the Hub."""


def test_a_link_to_a_file_of_a_repository_names_a_tag_or_a_commit() -> None:
    """A branch moves: what the link showed when a sentence was written is gone from it later."""
    links = [
        (str(path.relative_to(ROOT)), found[0], found["ref"])
        for path in WORDS
        for found in FILE_LINK.finditer(path.read_text(encoding="utf-8"))
    ]
    assert len({name for name, _, _ in links}) > 10
    moving = [(name, link) for name, link, ref in links if not FIXED.fullmatch(ref)]
    assert moving == []


@pytest.mark.parametrize(
    ("link", "fixed"),
    [
        ("https://github.com/pytorch/pytorch/blob/main/setup.py", False),
        ("https://github.com/pytorch/pytorch/blob/v2.13.0/setup.py", True),
        ("https://github.com/o/r/tree/refs/heads/main/a", False),
        ("https://raw.githubusercontent.com/o/r/HEAD/a.png", False),
        (f"https://raw.githubusercontent.com/o/r/{'0a' * 20}/a.png", True),
        ("https://huggingface.co/o/r/resolve/main/config.json", False),
        ("https://huggingface.co/kernels/o/r/tree/v3/build", False),
        (f"https://huggingface.co/datasets/o/r/blob/{'0a' * 20}/a.json", True),
    ],
)
def test_a_branch_is_told_from_a_tag_and_a_commit(link: str, fixed: bool) -> None:
    found = FILE_LINK.search(f"see [it]({link}).")
    assert found
    assert bool(FIXED.fullmatch(found["ref"])) is fixed


def _doc(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_the_command_line_page_lists_every_command() -> None:
    page = _doc("command-line.md")
    listed = re.findall(r"^\| `python -m bench ([\w-]+)", page, flags=re.MULTILINE)
    command = typer.main.get_command(app)
    assert sorted(listed) == sorted(command.list_commands(typer.Context(command)))


def test_the_command_line_page_lists_every_option_of_a_run() -> None:
    listed = re.findall(r"^\| `(--[\w-]+)", _doc("command-line.md"), flags=re.MULTILINE)
    command = typer.main.get_command(app)
    for name in ("run", "all"):
        options = [
            each for each in command.commands[name].params if each.param_type_name == "option"
        ]
        assert sorted(listed) == sorted(each.opts[0] for each in options)


def test_every_file_that_a_page_names_is_there() -> None:
    named = {
        name
        for path in WORDS
        if path.name != "CHANGELOG.md"
        for name in re.findall(r"`((?:bench|hooks|tests)/[\w/]+\.\w+)`", path.read_text("utf-8"))
    }
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_every_file_that_the_table_of_additions_names_by_its_last_part_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:[\w/]+/)?(\w+\.(?:py|js))`", text))
    present = {
        path.name for room in ("bench", "hooks", "tests") for path in ROOT.glob(f"{room}/**/*")
    }
    # An operation or a kind of devices that is added has these.
    assert len(named) > 20
    assert named <= present


@pytest.mark.parametrize(
    ("section", "front_matter"),
    [
        ("### Front matter", implementation.FrontMatter),
        ("## The page of a suite", suites.FrontMatter),
    ],
)
def test_the_page_format_lists_every_key(
    section: str, front_matter: type[implementation.FrontMatter | suites.FrontMatter]
) -> None:
    """Of the keys that only the theme uses, `tags` is listed."""
    text = _doc("page-format.md").partition(f"\n{section}\n")[2].partition("\n#")[0]
    cells = re.findall(r"^\| (`.*?) \|", text, flags=re.MULTILINE)
    listed = [key for cell in cells for key in re.findall(r"`(\w+)`", cell)]
    of_theme = set(ThemeKeys.__struct_fields__) - {"tags"}
    assert sorted(listed) == sorted(set(front_matter.__struct_fields__) - of_theme)


def test_the_page_format_lists_every_function_with_its_arguments() -> None:
    text = _doc("page-format.md").partition("\n### Functions\n")[2].partition("\n#")[0]
    listed = re.findall(r"^- `(\w+\(.*?\))` takes", text, flags=re.MULTILINE)
    signatures = [one.signature for one in OPERATIONS.values()]
    assert sorted(f"def {each}" for each in listed) == sorted(signatures)


def test_the_page_format_lists_every_metric() -> None:
    text = _doc("page-format.md")
    (row,) = re.findall(r"^\| `metric` \| (.*) \|$", text, flags=re.MULTILINE)
    assert re.findall(r"`(\w+)`", row) == list(METRICS)


@pytest.mark.parametrize(
    ("causal", "seqlen_q", "seqlen_kv", "reason"),
    [
        (False, 512, 512, None),
        (False, 513, 512, None),
        (False, 512, 513, "multiple of 64"),
        (False, 4096, 4097, "multiple of 64"),
        (False, 63, 63, "multiple of 64"),
        (True, 513, 513, None),
        (True, 512, 513, "seqlen_q = seqlen_kv"),
    ],
)
def test_sage_attention_refuses_lengths_that_its_release_gets_wrong(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    causal: bool,
    seqlen_q: int,
    seqlen_kv: int,
    reason: str | None,
) -> None:
    """Release 1.0.6 counts keys that are not there; its kernels need a GPU, its page does not."""
    package = ModuleType("sageattention")
    package.__dict__["sageattn"] = lambda q, *_, **__: q
    monkeypatch.setitem(sys.modules, package.__name__, package)
    page = load_implementation(ROOT / "docs" / "impls" / "sage_attention.md", Project(ROOT))
    code = tmp_path / "page.py"
    code.write_text(page.variants[0].code, encoding="utf-8")
    attention = runpy.run_path(str(code))["attention"]
    q, k = torch.ones(1, seqlen_q, 2, 64), torch.ones(1, seqlen_kv, 2, 64)
    if reason is None:
        assert attention(q, k, k, causal=causal).shape == q.shape
    else:
        with pytest.raises(NotImplementedError, match=reason):
            attention(q, k, k, causal=causal)


NUMBERS = {"two": 2, "three": 3, "twice": 2}

GPU_FIGURES: dict[str, tuple[str, float]] = {
    "input_sets": (r"Calls alternate between (two) input sets", 1),
    "warmup_s": (r"\*\*Warm-up\*\*: at least (\S+) s, until", 1),
    "settled_within": (r"two windows of ten calls differ by less than (\S+) %", 100),
    "warmup_max_s": (r"at most (\S+) s; a case that did not settle", 1),
    "min_samples": (r"\*\*Samples\*\*: in each round at least (\S+), which", 1),
    "min_time_s": (r"in each round at least \S+, which add up to at least (\S+) s\.", 1),
    "many_samples": (r"Short kernels need no more than (\S+) samples", 1),
    "interval_within": (r"round's median \([^)]*\) is within ±(\S+) %", 100),
    "max_time_s": (r"more than (\S+) s, sampling ends too, and the result is marked as noisy", 1),
    "l2_flush_factor": (r"a write over a buffer (\S+) the size of the L2 cache", 1),
    "flush_awaited": (r"(the host waits for both)", 1),
    "rounds": (r"timed in \*\*(\S+) rounds\*\*, each in a fresh process", 1),
    "lane_samples": (r"\((\S+) samples of each\), the burst", 1),
    "sustained_after_s": (r"for (\S+) s to bring the GPU into that state", 1),
    "sustained_s": (r"and then for (\S+) s that the parent's clock times", 1),
}
"""Where the methodology page has each figure of the protocol, and the unit that it has it in."""

CPU_FIGURES: dict[str, tuple[str, float]] = {
    "warmup_s": (r"shorter: at least (\S+) s of warm-up", 1),
    "warmup_max_s": (r"of warm-up and at most (\S+) s", 1),
    "min_time_s": (r"at least (\S+) s of samples", 1),
    "max_time_s": (r"sampling ends after (\S+) s\.", 1),
}

NO_FIGURES = {"seed": 0, "judged_only": False}


def _read_figure(pattern: str, unit: float) -> float:
    """The one number that stands on the methodology page where `pattern` says."""
    page = (ROOT / "docs" / "methodology.md").read_text(encoding="utf-8")
    (word,) = re.findall(pattern, " ".join(page.split()))
    if word == "the host waits for both":
        return True
    return float(NUMBERS.get(word.lower(), word.replace(",", ""))) / unit


def test_the_protocol_of_a_run_is_the_methodology_page_s_figure_by_figure() -> None:
    told = {name: _read_figure(*place) for name, place in GPU_FIGURES.items()}
    assert told | NO_FIGURES == pytest.approx(msgspec.structs.asdict(KINDS["cuda"].protocol))
    told |= {name: _read_figure(*place) for name, place in CPU_FIGURES.items()}
    told |= dict.fromkeys(("sustained_after_s", "sustained_s"))  # a CPU has no sustained calls
    assert told | NO_FIGURES == pytest.approx(msgspec.structs.asdict(KINDS["cpu"].protocol))


FIGURE_6 = {
    ("FlashAttention-2", 64): [198, 238, 264, 279, 287, 291],
    ("cuDNN", 64): [266, 348, 395, 417, 432, 433],
    ("FlashAttention-3", 64): [272, 363, 422, 453, 472, 474],
    ("FlashAttention-2", 128): [214, 260, 291, 310, 318, 322],
    ("cuDNN", 128): [305, 408, 465, 499, 518, 516],
    ("FlashAttention-3", 128): [316, 424, 501, 542, 559, 561],
}
"""Labels of the backward pass in arXiv:2407.08608v2, for 512 to 16k tokens without a mask."""


def test_published_figures_are_those_of_their_sources() -> None:
    figures = read_published(Project(ROOT))
    assert not [one for one in figures if "third-party" in one.source + one.note]
    backward: dict[tuple[str, int], list[float]] = {}
    for one in figures:
        if "figure 6" in one.source:
            assert (one.direction, one.workload.group) == ("backward", "no mask")
            line = one.implementation, one.workload.axes["head_dim"]
            backward.setdefault(line, []).append(one.rate)
    assert backward == FIGURE_6
    legend = [one for one in figures if "legend" in one.note]
    hidden = {(one.workload.size, one.workload.axes["head_dim"]): one.rate for one in legend}
    assert hidden[1024, 256] == 627
