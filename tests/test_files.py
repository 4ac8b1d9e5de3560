"""Which files are a project's: hidden ones are nobody's, linked folders are, the rest is told."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bench_fixtures import Bench, bench_environment
from builds import Built, build, clean_environment
from records import Entry, run, write_run
from selftests import selftest, write_selftest

from bench.errors import BenchError
from bench.files import files
from bench.pages.implementation import load_implementations
from bench.project import Project
from bench.runner.resume import find_run
from hooks.report.pages.changelog import changelog
from hooks.report.reading.published import read_published


def _bench(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", *words],
        cwd=root,
        env=bench_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def _said(root: Path) -> list[str]:
    """What each command that reads everything says."""
    answers = [_bench(root, word) for word in ("check", "list", "summary")]
    assert [answer.returncode for answer in answers] == [0, 0, 0], answers
    return [answer.stdout for answer in answers]


def _site(done: Built) -> dict[str, bytes]:
    """The files of a built site, less those that hold the time of the build."""
    assert done.code == 0, done.output
    return {
        path.relative_to(done.site).as_posix(): path.read_bytes()
        for path in done.site.rglob("*")
        if path.is_file() and not path.name.startswith("sitemap")
    }


@pytest.mark.slow
def test_hidden_files_and_folders_change_nothing(measured: Path) -> None:
    """An editor's lock is a link to nowhere, its copy is the whole file; a folder may be hidden."""
    write_selftest(measured, selftest())
    said, site = _said(measured), _site(build(measured))
    for path in [one for one in measured.rglob("*") if "site" not in one.parts and one.is_file()]:
        (path.parent / f".#{path.name}").symlink_to("me@host.1:2")
        shutil.copy(path, path.parent / f".{path.stem}~{path.suffix}")
    for folder in (measured / "docs", measured / "docs" / "impls", measured / "data"):
        shutil.copytree(measured / "docs" / "impls", folder / ".hidden", symlinks=True)
        (folder / ".hidden" / "bad.jsonl").write_text("bad")
    assert _said(measured) == said
    assert _site(build(measured)) == site


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def _looping(path: Path) -> None:
    path.symlink_to(path.name)


def _folder(path: Path) -> None:
    path.mkdir()


def _latin(path: Path) -> None:
    path.write_bytes(b"first\ncaf\xe9\n")


def _utf16(path: Path) -> None:
    path.write_bytes("---\ntitle: T\n---\n".encode("utf-16"))


Mistake = tuple[str, Callable[[Path], None], str]

MEASURED: list[Mistake] = [
    ("docs/impls/dangling.md", _dangling, ": the operating system reports: No such file"),
    ("docs/impls/looping.md", _looping, ": the operating system reports: Too many levels"),
    ("docs/impls/folder.md", _folder, ": the operating system reports: Is a directory"),
    ("docs/impls/utf16.md", _utf16, ":1: is not UTF-8"),
    ("data/d/dangling.jsonl", _dangling, ": the operating system reports: No such file"),
    ("data/d/folder.json", _folder, ": the operating system reports: Is a directory"),
]
WORDS: list[Mistake] = [
    ("docs/dangling.md", _dangling, ": the operating system reports: No such file"),
    ("docs/folder.md", _folder, ": the operating system reports: Is a directory"),
    ("docs/latin.md", _latin, ":2: is not UTF-8"),
    ("docs/deep/utf16.md", _utf16, ":1: is not UTF-8"),
]
PICTURES: list[Mistake] = [
    ("docs/x.png", _dangling, ": the operating system reports: No such file"),
    ("docs/deep/x.svg", _looping, ": the operating system reports: Too many levels"),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    "mistakes", [MEASURED, WORDS, PICTURES], ids=["measured", "words", "pictures"]
)
def test_what_cannot_be_read_is_one_line_with_its_name(
    measured: Path, mistakes: list[Mistake]
) -> None:
    for name, make, _ in mistakes:
        (measured / name).parent.mkdir(exist_ok=True)
        make(measured / name)
    done = build(measured)
    assert done.code == 1
    assert "Traceback" not in done.output
    for name, _, problem in mistakes:
        assert done.output.count(f"{name}{problem}") == 1, done.output
    if mistakes is MEASURED:
        answer = _bench(measured, "check")
        assert answer.returncode == 1
        assert len(answer.stderr.splitlines()) == len(mistakes)
        for name, _, problem in mistakes:
            assert f"error: {name}{problem}" in answer.stderr


@pytest.mark.parametrize(
    ("name", "read"), [("docs/published.csv", read_published), ("CHANGELOG.md", changelog)]
)
@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (_latin, ":2: is not UTF-8"),
        (_dangling, ": the operating system reports: No such file"),
    ],
)
def test_a_file_that_only_the_report_reads_is_named_too(
    name: str,
    read: Callable[[Project], object],
    make: Callable[[Path], None],
    problem: str,
    project: Project,
) -> None:
    make(project.root / name)
    with pytest.raises(BenchError) as caught:
        read(project)
    assert str(caught.value).startswith(f"{name}{problem}")
    assert len(caught.value.problems) == 1


def test_a_folder_that_cannot_be_listed_is_told(project: Project, command: Bench) -> None:
    (project.data / "d").mkdir()
    (project.data / "d" / "deeper").symlink_to("deeper")  # is no folder: nothing to list
    assert command("check").returncode == 0
    project.data.rename(project.root / "elsewhere")
    project.data.symlink_to("nowhere")
    answer = command("check")
    assert answer.returncode == 1
    assert "data: the operating system reports: No such file or directory" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


@pytest.mark.slow
def test_a_linked_folder_is_as_good_as_one_that_is_there(measured: Path, tmp_path: Path) -> None:
    """In `data/` and in `docs/`, to be read, to be built, and to notice what comes into it."""
    write_selftest(measured, selftest())
    extra = measured / "docs" / "extra"
    extra.mkdir()
    (extra / "more.md").write_text("# More\n\n```chart\nmetric: limit\n```\n")
    said, site = _said(measured), _site(build(measured))
    (device,) = (one for one in (measured / "data").iterdir() if one.is_dir())
    for number, folder in enumerate((device, extra, measured / "docs" / "impls")):
        folder.rename(tmp_path / f"disk{number}")
        folder.symlink_to(tmp_path / f"disk{number}")
    assert _said(measured) == said
    assert _site(build(measured)) == site
    write_run(
        tmp_path / "more", [Entry("flex_attention", "FlexAttention", 9)], samples=5, run=run(day=7)
    )
    (path,) = files(tmp_path / "more", ".jsonl")
    path.rename(tmp_path / "disk0" / path.name)
    assert "<strong>FlexAttention</strong> is the fastest" in build(measured).read("index.html")
    assert find_run(path.stem, measured / "data", Project(measured)).run.id == path.stem


def test_links_that_lead_in_a_circle_end(project: Project, command: Bench) -> None:
    for folder in (project.data, project.pages):
        (folder / "deep").mkdir()
        (folder / "deep" / "back").symlink_to("..")
        (folder / "deep" / "root").symlink_to(project.root)
    path = project.data / "deep" / "a.jsonl"
    path.touch()
    assert path in files(project.data, ".jsonl")
    assert len(files(project.data, ".jsonl")) == 1
    assert load_implementations(project) == ()
    answer = command("check")
    assert answer.stderr.count("data/deep/a.jsonl") == 1


@pytest.mark.slow
@pytest.mark.parametrize("way", ["a file is in the way", "another user's"])
def test_a_checkout_that_cannot_be_written_is_built_elsewhere(
    measured: Path, drawn: Path, way: str
) -> None:
    site = _site(Built(drawn.parents[1], 0, ""))  # of the same project, where it can be written
    shutil.rmtree(measured / ".cache")
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name), Path(name) / "out"
        root = shutil.copytree(measured, folder / "checkout")
        out.mkdir()
        command = [sys.executable, "-m", "mkdocs", "build", "-d", str(out / "site")]
        if way == "another user's":
            folder.chmod(0o755)
            command = [*_as_another(out), *command]
        else:
            (root / ".cache").touch()
        done = subprocess.run(
            command,
            cwd=root,
            env=clean_environment() | {"PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert _site(Built(out, 0, "")) == site
        assert not (root / ".cache").is_dir()


def _as_another(out: Path) -> list[str]:
    """What is put before a command that another user runs, who may write in `out` alone."""
    words = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups"]
    if os.geteuid() or subprocess.run([*words, sys.executable, "-c", ""], check=False).returncode:
        pytest.skip("nobody here can be another user and run this Python")
    os.chown(out, 12345, 12345)
    return words
