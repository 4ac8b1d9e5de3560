"""What other programs read: the index, badges, the feed and llms.txt, each after its format."""

import hashlib
import json
import re
from datetime import datetime
from itertools import permutations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from builds import ROOT
from records import CPU, START, Entry, page, run, write_old_run, write_run
from reports import Made, made
from selftests import selftest, write_selftest
from site_fixtures import HOSTILE

from bench.records.outcome import OutOfMemory, Unavailable
from hooks.report.reading import report
from hooks.report.reading.cache import Cache
from hooks.report.site_contents import make_build

ATOM = "{http://www.w3.org/2005/Atom}"

SITE = "https://example.org/bench/"

TWO = [Entry("a", "A", 100), Entry("b", "B", 193)]


def badge(found: Made, slug: str) -> dict[str, object]:
    return json.loads(found.file(f"badge/{slug}.json"))


def feed(root: Path, site_url: str = "") -> ET.Element:
    build = make_build(root, Cache(root / ".cache" / "site"), site_url)
    return ET.fromstring(build.files["feed.xml"])  # noqa: S314 -- our own


def test_the_index_leads_to_every_run_with_its_size_and_checksum(tmp_path: Path) -> None:
    write_run(tmp_path, TWO, run=run(CPU, suite="cpu", day=-1), samples=5)
    write_selftest(tmp_path, selftest())
    found = made(tmp_path, TWO)
    index = json.loads(found.file("data/v1/index.json"))
    assert [entry["device"] for entry in index["runs"]] == ["NVIDIA H200", "AMD EPYC 9B14"]
    for entry in index["runs"]:
        content = Path(found.build.copies[entry["path"]]).read_bytes()
        assert (entry["size"], entry["sha256"]) == (
            len(content),
            hashlib.sha256(content).hexdigest(),
        )
        assert json.loads(content.splitlines()[0])["id"] == entry["id"]
    assert [(entry["cases"], entry["ok"]) for entry in index["runs"]] == [(12, 12), (6, 6)]
    assert {entry["path"] for entry in index["selftests"]} < found.paths
    assert {entry["badge"] for entry in index["implementations"]} < found.paths


def test_the_site_holds_the_newest_runs_and_those_that_it_shows_a_result_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site that kept every run would outgrow its host; a run in the repository alone says so."""
    monkeypatch.setattr(report, "RECENT", 2)
    (tmp_path / "docs" / "impls").mkdir(parents=True)
    page(tmp_path, "once", "Measured once")
    write_run(tmp_path, [Entry("once", "Measured once", 90)], run=run(day=1), samples=5)
    for day in (2, 3, 4):
        write_run(tmp_path, TWO, run=run(day=day), samples=5)
    found = made(tmp_path, TWO, run=run(day=5))
    index = json.loads(found.file("data/v1/index.json"))
    held = [entry["path"] is not None for entry in index["runs"]]
    assert held == [True, True, False, False, True]  # the newest first
    assert {entry["path"] for entry in index["runs"]} - {None} == {
        path for path in found.paths if path.startswith("data/v1/runs/")
    }
    for entry in index["runs"]:
        assert (tmp_path / entry["file"]).stat().st_size == entry["size"]
        link = f'href="~/{entry["path"]}"' if entry["path"] else f"<code>{entry['file']}</code>"
        assert link in found.build.shared["runs"]
    assert len(feed(tmp_path).findall(f"{ATOM}entry")) == 2


def test_every_endpoint_that_the_index_names_is_there(tmp_path: Path) -> None:
    found = made(tmp_path, TWO)
    for endpoint in json.loads(found.file("data/v1/index.json"))["endpoints"]:
        pattern = re.sub(r"\\\{\w+\\\}", ".+", re.escape(endpoint["path"]))
        missing = not any(re.fullmatch(pattern, path) for path in found.paths)
        assert missing == endpoint["path"].startswith("data/v1/selftests"), endpoint


def test_the_data_page_documents_every_endpoint_and_every_field(tmp_path: Path) -> None:
    words = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    write_selftest(tmp_path, selftest())
    found = made(tmp_path, TWO)
    index = json.loads(found.file("data/v1/index.json"))
    for endpoint in index["endpoints"]:
        assert endpoint["path"].replace("{", "<").replace("}", ">") in words, endpoint
    parts = ("runs", "implementations", "selftests", "endpoints")
    for entry in (index, *(index[part][0] for part in parts)):
        assert [name for name in entry if f"`{name}`" not in words] == []
    for name in badge(found, "a"):
        assert f"`{name}`" in words
    head = found.file("data/v1/results.csv").splitlines()[0]
    assert [name for name in head.split(",") if f"`{name}`" not in words] == []


def test_a_badge_is_what_shields_asks_for_and_its_words_say_all(tmp_path: Path) -> None:
    found = made(tmp_path, [*TWO, Entry("c", "C", 100, paces=(1, 1.02, 0.98))])
    for slug in "abc":
        content = badge(found, slug)
        assert set(content) == {"schemaVersion", "label", "message", "color"}
        assert content["schemaVersion"] == 1
        assert all(isinstance(content[name], str) for name in ("label", "message", "color"))
    assert badge(found, "a")["message"] == "1st= of 3 on NVIDIA H200"
    assert re.fullmatch(r"3rd of 3, slow-down 1\.9\d× on NVIDIA H200", badge(found, "b")["message"])


def test_a_badge_says_why_there_is_no_rank(tmp_path: Path) -> None:
    lines = [
        *TWO,
        Entry("big", "Big", outcome=OutOfMemory(reason="no room")),
        Entry("quant", "Quant", 80, more={"precision": "int8"}),
    ]
    (tmp_path / "docs" / "impls").mkdir(parents=True)
    page(tmp_path, "new", "New")
    found = made(tmp_path, lines)
    assert badge(found, "new") == {
        "schemaVersion": 1,
        "label": "New",
        "message": "not measured",
        "color": "lightgrey",
    }
    assert badge(found, "big")["message"] == "out of memory on NVIDIA H200"
    assert str(badge(found, "quant")["message"]).startswith("int8, not ranked, slow-down 0.8")


def test_the_badge_of_a_page_is_that_of_its_best_variant(tmp_path: Path) -> None:
    lines = [
        Entry("two", "Slow", 300, variant="slow"),
        Entry("two", "Fast", 100, variant="fast"),
        Entry("b", "B", 200),
    ]
    found = made(tmp_path, lines)
    assert badge(found, "two")["message"] == "1st of 3 on NVIDIA H200"


def test_a_badge_prefers_a_leaderboard_where_there_is_a_result(tmp_path: Path) -> None:
    write_run(tmp_path, TWO, run=run(CPU, suite="cpu", day=-1), samples=5)
    failed = Entry("a", "A", outcome=Unavailable(reason="no package"))
    found = made(tmp_path, [failed, TWO[1]])
    assert badge(found, "a")["message"] == "1st of 2 on AMD EPYC 9B14"


def test_a_page_that_is_gone_keeps_its_badge_and_a_strange_name_gets_none(tmp_path: Path) -> None:
    write_run(tmp_path, [Entry("gone", "Gone", 90), Entry("../x", "X", 80)], samples=5)
    found = made(tmp_path, TWO, run=run(day=1))
    assert {path for path in found.paths if path.startswith("badge/")} == {
        "badge/a.json",
        "badge/b.json",
        "badge/gone.json",
    }


def test_the_feed_is_atom_with_an_entry_for_each_run(tmp_path: Path) -> None:
    """What RFC 4287 asks of a feed and of each entry (4.1.1 and 4.1.2)."""
    write_old_run(tmp_path, TWO, run=run(day=-1))
    made(tmp_path, TWO)
    for root in (feed(tmp_path), feed(tmp_path, SITE)):
        assert root.tag == f"{ATOM}feed"
        entries = root.findall(f"{ATOM}entry")
        assert len(entries) == 2
        for element in (root, *entries):
            for name in ("id", "title", "updated"):
                assert len(element.findall(f"{ATOM}{name}")) == 1
            assert re.match(r"tag:[\w.-]+,\d{4}:\S+$", element.findtext(f"{ATOM}id") or "")
            moment = datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "")
            assert moment.tzinfo is not None
        assert root.find(f"{ATOM}author/{ATOM}name") is not None
        assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
        assert root.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")
        assert all(entry.findtext(f"{ATOM}content") for entry in entries)


def test_the_feed_has_links_only_where_the_site_knows_its_address(tmp_path: Path) -> None:
    found = made(tmp_path, TWO)
    assert list(feed(tmp_path).iter(f"{ATOM}link")) == []
    name = found.report.runs[0].run.id
    links = {link.get("href") for link in feed(tmp_path, SITE).iter(f"{ATOM}link")}
    assert links == {
        f"{SITE}feed.xml",
        f"{SITE}runs/",
        f"{SITE}runs/#{name}",
        f"{SITE}{found.report.served(found.report.runs[0])}",
    }
    ids = [
        [element.text for element in feed(tmp_path, url).iter(f"{ATOM}id")] for url in ("", SITE)
    ]
    assert ids[0] == ids[1]


def test_llms_txt_has_a_title_a_summary_and_lists_of_links(tmp_path: Path) -> None:
    """The format of llmstxt.org: one H1, a quote, then sections that are lists of links."""
    found = made(tmp_path, [*TWO, Entry("hostile", f"[x](javascript:1) {HOSTILE}", 400)])
    text = found.file("llms.txt")
    lines = text.splitlines()
    assert lines[0].startswith("# ")
    assert lines[2].startswith("> ")
    assert [line for line in lines if line.startswith("# ")] == lines[:1]
    _, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    assert [section.split("\n")[0] for section in sections] == ["Pages", "Data", "Implementations"]
    for section in sections:
        for item in filter(None, section.splitlines()[1:]):
            assert re.match(r"- (\[.+\]\(\S+\)|`.+`): ", item), item
    assert "- On NVIDIA H200, A is the fastest at 4,608 tokens" in text
    assert "\\[x\\](javascript:1)" in text
    assert not re.search(r"(?<!\\)[<`]", sections[2])


@pytest.mark.parametrize("order", [*permutations("abc")])
def test_runs_of_one_moment_keep_the_order_of_their_ids(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    for name in order:
        write_run(tmp_path, TWO, run=run(id=f"20260314T092653Z-{name}"), samples=5)
    found = made(tmp_path, TWO, run=run(id="20260314T092654Z-z"), samples=5)
    ids = [f"20260314T09265{end}" for end in ("4Z-z", "3Z-c", "3Z-b", "3Z-a")]
    index = json.loads(found.file("data/v1/index.json"))
    assert [entry["id"] for entry in index["runs"]] == ids
    assert re.findall(r'<details [^>]*id="([^"]+)"', found.build.shared["runs"]) == ids
    entries = feed(tmp_path).findall(f"{ATOM}entry/{ATOM}id")
    assert [(entry.text or "").rpartition("/")[2] for entry in entries] == ids
    assert found.board.lines[0].newest.run == ids[0]


def test_two_builds_of_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    write_old_run(tmp_path, TWO, run=run(day=-1))
    made(tmp_path, TWO)
    first, second = (
        make_build(tmp_path, Cache(tmp_path / f"cache-{number}"), SITE) for number in (1, 2)
    )
    assert first.files == second.files
    assert (first.shared, first.pages) == (second.shared, second.pages)
    names = ("data/v1/results.csv", "data/v1/results.jsonl")
    for name in names:
        assert Path(first.copies[name]).read_bytes() == Path(second.copies[name]).read_bytes()
    assert START.isoformat() in first.files["feed.xml"].decode()
