"""No committed record names a person or a machine."""

import json
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from bench_fixtures import QUICK, ROOT, WritePage
from outcomes import passed
from records import H200, SUITES

from bench.machine.host import command_line, scrub
from bench.operations.discovery import dec_hook
from bench.project import Project
from bench.records.outcome import AlternateTiming, AlternateTimings, Failed
from bench.records.run_lines import Examination, Result
from bench.runner.config import RunConfig
from bench.runner.schedule import Kind, Step, Turn
from bench.runner.session import record_of
from bench.runner.turn import MeasuredStep, StepOutcome

RECORDS = sorted([*ROOT.glob("data/*/*.jsonl"), *ROOT.glob("data/*/*.json")])

FORBIDDEN = {
    "a home or a private folder": r"/(?:home|root|Users|mnt|srv|tmp|opt|work)/|C:\\\\Users",
    "an IPv4 address": r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])",
    "an IPv6 address": r"(?:[0-9a-f]{1,4}:){4,}[0-9a-f]{1,4}",
    "a MAC address": r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b",
    "a GPU's or a machine's UUID": r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b",
    "a mail address": r"\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b",
    "the name of a host": r"\b[\w-]+\.(?:local|lan|internal|localdomain|corp)\b",
    "a user and a host": r"\b\w+@\w+:",
}


def _texts(value: object, name: str = "") -> Iterator[str]:
    """Every text of a record but versions, which may look like addresses."""
    if isinstance(value, str) and name not in VERSIONS:
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            if key != "packages":
                yield from _texts(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, name)


VERSIONS = {"driver", "cuda", "cudnn", "torch", "triton", "python"}


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_a_committed_record_carries_nothing_private(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = {text for line in lines for text in _texts(json.loads(line))}
    found = {
        (what, text)
        for text in texts
        for what, pattern in FORBIDDEN.items()
        if re.search(pattern, text, re.IGNORECASE)
    }
    assert not found


def test_there_are_records_to_look_at() -> None:
    assert len(RECORDS) > 3


@pytest.mark.parametrize(
    "private",
    ["/home/ada/kernels/x.so", "/root/x", "10.1.2.3:80", "http://192.168.0.7/", "ada@10.0.0.1"],
)
def test_what_the_scan_looks_for_it_finds(private: str) -> None:
    assert any(re.search(pattern, private) for pattern in FORBIDDEN.values())


def test_a_reason_is_scrubbed_of_what_is_known_where_the_user_has_neither_name_nor_home(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_: object) -> None:
        raise KeyError

    for name in ("HOME", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    assert (
        scrub(f"cannot open {project.root}/x on 10.1.2.3:80", project) == "cannot open ./x on …:80"
    )


@pytest.mark.parametrize("user", ["ada", "root"])
@pytest.mark.parametrize("host", ["engine", "engine.example.org"])
def test_a_reason_names_neither_the_home_nor_the_host_nor_the_user_whoever_runs_it(
    user: str, host: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = "/root" if user == "root" else f"/home/{user}"
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("LOGNAME", user)
    monkeypatch.setattr(socket, "gethostname", lambda: host)
    text = (
        f"{project.root}/docs/impls/a.md {home}/.cache {home} {sys.prefix}/lib 192.168.1.17 "
        f"host={host} engine: {user}@{host} as {user}, the root cause"
    )
    who = user if user == "root" else "…"  # a name that most machines have names nobody
    assert scrub(text, project) == (
        f"./docs/impls/a.md ~/.cache ~ <python>/lib … host=… …: {who}@… as {who}, the root cause"
    )


@pytest.mark.parametrize(
    ("word", "recorded"),
    [
        ("/scratch/ada/runs", "…/runs"),
        ("--out=/scratch/ada/runs", "--out=…/runs"),
        ("/scratch/ada lovelace/my runs", '"…/my runs"'),
        ("{home}/runs", "~/runs"),
        ("{root}/data", "./data"),
        ("../runs", "../runs"),
        ("*backward*", "*backward*"),
    ],
)
def test_a_command_line_keeps_only_the_end_of_a_path_elsewhere(
    word: str, recorded: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/adalovelace")
    typed = word.format(home="/home/adalovelace", root=project.root)
    monkeypatch.setattr(sys, "argv", ["bench", "all", typed])
    assert command_line(project) == f"python -m bench all {recorded}"


def test_a_reason_loses_the_home_folder_before_it_is_written(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ada"))
    reason = scrub("cannot open /home/ada/kernels/x.so on 10.1.2.3:80", project)
    assert not any(re.search(pattern, reason) for pattern in FORBIDDEN.values())


def test_a_lane_and_a_trace_that_failed_say_nothing_private(
    project: Project, write_page: WritePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    told = f"RuntimeError: {project.root}/docs/impls/mine.md#L3 and /home/ada/x\nat 10.1.2.3:80"
    lanes = AlternateTimings(
        cold=AlternateTiming(reason=told),
        wall=AlternateTiming(reason=told),
        graph=AlternateTiming(reason=told),
    )
    found = passed(100, H200, lanes=lanes, trace=None, trace_problem=told)
    text = msgspec.json.encode(_record(project, write_page, "examine", found)).decode()
    assert text.count("./docs/impls/mine.md#L3 and ~/x at …") == 4
    assert "ada" not in text
    assert str(project.root) not in text


def test_a_text_without_a_letter_that_can_be_shown_still_makes_a_record(
    project: Project, write_page: WritePage
) -> None:
    record = _record(project, write_page, "time", Failed(reason="\u200b\x07"))
    again = msgspec.json.decode(msgspec.json.encode(record), type=Result, dec_hook=dec_hook)
    assert again == record


def _record(
    project: Project, write_page: WritePage, kind: Kind, found: StepOutcome
) -> Examination | Result:
    page, suite = write_page(), SUITES["cpu"]
    config = RunConfig(
        project, (page,), suite, "cpu", project.data, 60, build=False, protocol=QUICK
    )
    turn = Turn(1, page, page.variants[0])
    return record_of(config, turn, MeasuredStep(Step(kind, suite.workloads[0]), found))
