"""The report can be written into a folder, from which any generator can build the site."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builds import ROOT
from records import Entry
from reports import made

from bench.errors import BenchError
from bench.project import Project
from hooks.export import export


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    root, folder = tmp_path / "project", tmp_path / "folder"
    report = made(root, [Entry("a", "A", 100), Entry("b", "B & co", 200)])
    for path in (ROOT / "docs").glob("*.*"):
        shutil.copy(path, report.root / "docs")
    shutil.copytree(ROOT / "docs" / "selftest", report.root / "docs" / "selftest")
    with (report.root / "docs" / "index.md").open("a") as index:
        index.write("\n```chart\nmetric: tflops\n```\n")
    export(Project(root), folder)
    return folder


def test_an_exported_page_holds_what_the_report_adds_to_it(exported: Path) -> None:
    index, a = ((exported / name).read_text() for name in ("index.md", "impls/a.md"))
    assert "data-report=" not in index + a
    assert "```chart" not in index
    assert "B &amp; co" in index
    assert index.count('class="report-chart"') == 2, "the leaderboard's and the fence's"
    assert a.index("# The page a") < a.index("report-install") < a.index("## Results")


def test_every_link_of_an_exported_page_to_the_site_itself_leads_to_a_file(exported: Path) -> None:
    pages = {path.with_suffix("") for path in exported.rglob("*.md")}
    links = 0
    for path in exported.rglob("*.md"):
        folder = path.parent if path.stem == "index" else path.with_suffix("")
        for target in re.findall(r'(?:href|src)="([^":#?]+)[^":]*"', path.read_text()):
            found = (folder / target).resolve()
            links += 1
            assert found.is_file() or found in pages or found / "index" in pages, (path, target)
    assert links > 20


def test_an_export_does_not_write_into_a_folder_that_holds_anything(
    exported: Path, tmp_path: Path
) -> None:
    with pytest.raises(BenchError, match="is not empty"):
        export(Project(tmp_path / "project"), exported)


def test_a_project_that_cannot_be_built_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "docs" / "impls").mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text("")
    command = [sys.executable, "-m", "hooks.export", "out"]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
