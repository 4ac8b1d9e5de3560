"""The command line, used as a person uses it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bench_fixtures import ONCE, ROOT, SDPA, Bench, WritePage, bench_environment
from records import Entry, write_run
from wheels import write_wheel

from bench.project import Project
from bench.records.run_lines import Examination, Result
from bench.records.runfile import read_data, read_run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "mien"], "no page docs/impls/mien.md: did you mean 'mine'? Known: mine, yours"),
        (["run", "zzzzzz"], "no page docs/impls/zzzzzz.md. Known: mine, yours"),
        (["all", "--suite", "flx"], "no suite is called 'flx': did you mean 'flux'?"),
        (["run", "mine", "--suite", "cpus"], "did you mean 'cpu'? Known: cpu, "),
    ],
)
def test_an_unknown_name_is_one_line_with_the_closest_one(
    words: list[str], said: str, write_page: WritePage, bench: Bench, project: Project
) -> None:
    write_page(name="mine")
    write_page(name="yours")
    answer = bench(*words)
    assert answer.returncode == 1
    assert said in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
    assert not list(project.data.iterdir())


def test_nothing_to_measure_is_told(bench: Bench) -> None:
    answer = bench("all")
    assert answer.returncode == 1
    assert "there are no pages in docs/impls" in answer.stderr


def test_a_page_may_be_named_by_its_path(write_page: WritePage, bench: Bench) -> None:
    write_page()
    assert "no suite" in bench("run", "docs/impls/mine.md", "--suite", "x").stderr


def test_every_unknown_name_is_told(write_page: WritePage, bench: Bench) -> None:
    write_page()
    assert len(bench("run", "one", "mine", "two").stderr.splitlines()) == 2


def test_outside_the_project_it_says_where_to_go(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "bench", "list"],
        cwd=tmp_path,
        env=bench_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("error: ")
    assert "go to the folder with mkdocs.yml" in answer.stderr


def test_the_list_says_what_can_run_here_and_why_not(write_page: WritePage, bench: Bench) -> None:
    write_page(name="fine")
    write_page(name="needy", dependencies="[nobody-has-this==1]")
    page = write_page(name="gpu_only").path
    page.write_text(page.read_text().replace("title:", "devices: [cuda]\ntitle:"))
    lines = bench("list", CUDA_VISIBLE_DEVICES="").stdout.splitlines()
    told = {line.split()[0]: line for line in lines}
    assert told["fine"].rstrip().endswith(" yes")
    assert told["needy"].rstrip().endswith(" yes, after installing nobody-has-this==1")
    assert told["gpu_only"].rstrip().endswith(" no: only on cuda")


@pytest.mark.slow
def test_a_run_records_what_repeats_it(
    write_page: WritePage, command: Bench, project: Project
) -> None:
    write_page()
    answer = command("run", "mine", *ONCE, "--out", "elsewhere")
    assert answer.returncode == 0, answer.stderr
    (path,) = (project.root / "elsewhere" / "cpu").glob("*.jsonl")
    file = read_run(path)
    told = sum(isinstance(record, Examination | Result) for record in file.records)
    assert f"{told} results in elsewhere/cpu/{path.name}" in answer.stdout
    run = file.run
    assert run.command == "python -m bench run mine --device cpu --rounds 1 --out elsewhere"
    assert run.suite == "cpu"
    assert run.environment.torch.startswith("2.")


def test_an_output_without_room_is_one_line(project: Project) -> None:
    write_run(project.root, [Entry("a", "A", 100)])
    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(
            [sys.executable, "-m", "bench", "summary"],
            cwd=project.root,
            env=bench_environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert answer.returncode == 1
    assert answer.stderr == (
        "error: there is no room for the output or a temporary file: No space left on device\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_run_keeps_what_was_measured_and_leaves_no_process(
    number: signal.Signals, write_page: WritePage, project: Project, tmp_path: Path
) -> None:
    note = tmp_path / "pid"
    hang = f"""
import os, time
def wait():
    open({str(note)!r}, "w").write(str(os.getpid()))
    time.sleep(600)
"""
    slow = SDPA.replace("*, causal):\n", "*, causal):\n    if q.shape[1] == 256: wait()\n")
    write_page(hang + slow)
    run = subprocess.Popen(
        [sys.executable, "-m", "bench", "all", *ONCE],
        cwd=project.root,
        env=bench_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(600):
        if note.exists() and note.read_text():
            break
        time.sleep(0.1)
    run.send_signal(number)
    out, err = run.communicate(timeout=30)
    assert run.returncode == 130
    assert "Traceback" not in err
    assert "stopped; 2 results are kept: continue with --resume" in out
    (file,) = read_data(project)
    assert [result.status for result in file.results] == ["ok", "ok"]
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


IGNORING = {
    signal.SIGHUP: ["nohup"],
    signal.SIGTERM: ["sh", "-c", 'trap "" TERM; exec "$@"', "sh"],
}
"""How a person starts a command that is to ignore a signal."""


@pytest.mark.slow
@pytest.mark.parametrize("number", IGNORING)
def test_a_signal_that_is_ignored_from_the_start_does_not_end_a_run(
    number: signal.Signals, write_page: WritePage, project: Project
) -> None:
    began, sent = project.root / "began", project.root / "sent"
    wait = f"""
import pathlib, time
pathlib.Path({str(began)!r}).touch()
while not pathlib.Path({str(sent)!r}).exists(): time.sleep(0.01)
"""
    write_page(wait + SDPA)
    run = subprocess.Popen(
        [*IGNORING[number], sys.executable, "-m", "bench", "all", *ONCE],
        cwd=project.root,
        env=bench_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for _ in range(600):
        if began.exists():
            break
        time.sleep(0.1)
    run.send_signal(number)
    sent.touch()
    out, _ = run.communicate(timeout=120)
    assert run.returncode == 0, out
    assert " results in data/cpu" in out


NO_COMMIT = {
    "git is missing": ({"PATH": "."}, "git cannot be started: No such file or directory"),
    "this is no repository": ({}, "git says: fatal: not a git repository"),
    "another user's checkout": (
        {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"},
        "git config --global --add safe.directory",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", [*NO_COMMIT, None])
def test_a_record_without_a_commit_is_told_with_the_reason_before_anything_is_measured(
    name: str | None, write_page: WritePage, command: Bench, project: Project
) -> None:
    write_page()
    git = {f"GIT_CONFIG_{scope}": os.devnull for scope in ("GLOBAL", "SYSTEM")}
    git |= {"GIT_CEILING_DIRECTORIES": str(project.root.parent)}
    if name != "this is no repository":
        _commit(project.root)
    changes, reason = NO_COMMIT.get(name or "", ({}, ""))
    answer = command("all", "--device", "cuda", CUDA_VISIBLE_DEVICES="", **git, **changes)
    *told, error = answer.stderr.splitlines()
    assert "torch cannot use the device 'cuda'" in error
    if name:
        (warning,) = told
        assert warning.startswith("warning: the record will name no commit: ")
        assert reason in warning
    else:
        assert told == []


def _commit(root: Path) -> None:
    who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "All"]):
        subprocess.run(["git", "-C", root, *words], check=True)


ANONYMOUS = ["unshare", "--user", "--map-user=12345", "--map-group=12345"]
"""Starts a command as a user whose number has no name, with the files of who runs the tests."""


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("unshare") is None or subprocess.run([*ANONYMOUS, "true"], check=False).returncode,
    reason="the system makes no user namespaces",
)
def test_a_user_without_a_name_and_a_home_can_install_and_measure(
    write_page: WritePage, project: Project
) -> None:
    write_wheel(project.root, "needed", "1.0", {"needed.py": ""})
    write_page(f"import needed\n{SDPA}", name="one", dependencies="[needed==1.0]")
    write_page(f"raise ImportError('no such file: {project.root}/x')\n{SDPA}", name="two")
    run = subprocess.run(
        [*ANONYMOUS, sys.executable, "-m", "bench", "all", "--device", "cpu", "--rounds", "1"],
        cwd=project.root,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(project.root),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    (file,) = read_data(project)
    assert {(found.implementation, found.status) for found in file.results} == {
        ("one", "ok"),
        ("two", "unavailable"),
    }
    assert {found.outcome.reason for found in file.results if found.status != "ok"} == {
        "ImportError: no such file: ./x"
    }


def test_a_checkout_is_measured_by_its_own_code_alone(bench: Bench, project: Project) -> None:
    shutil.copytree(ROOT / "bench", project.root / "bench")
    assert bench("check").returncode == 0  # python -m finds it in the working directory
    elsewhere = subprocess.run(
        [sys.executable, "-m", "bench", "check"],
        cwd=project.root / "docs",
        env=bench_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert elsewhere.returncode == 1
    assert elsewhere.stderr == (
        f"error: the code in {ROOT} would measure the pages in {project.root}: run `make setup` in "
        f"{project.root} to give it its own environment\n"
    )


@pytest.mark.slow
def test_the_gpu_is_asked_for_where_there_is_none(write_page: WritePage, command: Bench) -> None:
    write_page()
    answer = command("all", "--device", "cuda", CUDA_VISIBLE_DEVICES="")
    assert answer.returncode == 1
    assert "torch cannot use the device 'cuda'" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_torch_is_not_imported_to_show_help_or_lists(bench: Bench) -> None:
    for words in (["--help"], ["list"], ["summary"], ["check"]):
        answer = bench(*words, PYTHONPROFILEIMPORTTIME="1")
        modules = {line.split("|")[-1].strip() for line in answer.stderr.splitlines()}
        assert "bench.cli.commands" in modules
        assert not {name for name in modules if re.match(r"(torch|bench\.worker)\b", name)}


OUTPUTS = {"": 1, ">/dev/full": 1, ">&-": 0, ">/dev/null 2>&-": 0, "<&- >&- 2>&-": 0}
"""What becomes of an output where nobody reads it, and the exit code of a command then."""

QUIET = ["list", "summary", "check", "schema", "new another", "--help", "list --colour"]
MEASURING = "run mine --suite cpu --rounds 1"
UNREAD = [(words, output) for words in QUIET for output in OUTPUTS]
UNREAD += [(MEASURING, output) for output in (">/dev/full", "<&- >&- 2>&-")]


@pytest.mark.slow
@pytest.mark.parametrize(("command", "redirected"), UNREAD)
def test_an_output_that_takes_nothing_ends_no_command_in_a_traceback(
    command: str, redirected: str, project: Project, write_page: WritePage
) -> None:
    words, code = command.split(), OUTPUTS[redirected]
    write_page()
    reader, writer = os.pipe()
    os.close(reader)  # as `head` does when it has read enough
    done = subprocess.run(
        ["bash", "-c", f'"$@" {redirected}', "-", sys.executable, "-m", "bench", *words],
        cwd=project.root,
        env=bench_environment(),
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        timeout=300,
        check=False,
    )
    os.close(writer)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    if "--colour" in words:
        assert done.returncode == 2
        return
    assert done.returncode == code
    told = [line for line in done.stderr.splitlines() if not line.startswith("warning: ")]
    assert len(told) <= 1
    if code == 0 and "mine" in words:
        assert len(read_data(project)[0].results) == 3


@pytest.mark.parametrize("words", [["new", "mine"], ["schema"]], ids=" ".join)
def test_a_folder_that_is_none_is_told_in_one_line_and_one_that_is_missing_is_made(
    words: list[str], project: Project, bench: Bench
) -> None:
    name = "docs/impls/mine.md" if words[0] == "new" else "data/schema.json"
    for folder in (project.pages, project.data):
        folder.rmdir()
        folder.touch()
    answer = bench(*words)
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"error: {name}: the operating system reports: ")
    assert len(answer.stderr.splitlines()) == 1
    for folder in (project.pages, project.data):
        folder.unlink()
    assert bench(*words).returncode == 0
    assert (project.root / name).is_file()
