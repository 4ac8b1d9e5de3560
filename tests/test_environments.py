"""Pages whose packages conflict are measured by one run, each in a layer over the one torch."""

import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path

import pytest
from bench_fixtures import SDPA, Bench, WritePage

from bench.machine.environments import layer_of, missing
from bench.project import Project

pytestmark = pytest.mark.slow

ONCE = ("--device", "cpu", "--rounds", "1")
"""An environment is the same in every round."""


def _wheel(folder: Path, version: str) -> None:
    """A wheel of the package `clash`, as small as a wheel can be."""
    info = f"clash-{version}.dist-info"
    files = {
        "clash.py": f"version = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: clash\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},{_digest(text)},{len(text)}\n" for name, text in files.items())
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(folder / f"clash-{version}-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@pytest.fixture
def wheels(tmp_path: Path) -> dict[str, str]:
    """The variables under which pip finds two versions of one package, and nothing else."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for version in ("1.0", "2.0"):
        _wheel(folder, version)
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_CONFIG_FILE": "/dev/null"}


def _asserting(version: str) -> str:
    return f"import clash, torch\nassert clash.version == {version!r}\n{SDPA}"


def _results(project: Project) -> list[dict[str, object]]:
    (path,) = project.data.rglob("*.jsonl")
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [record for record in records if record["type"] == "result"]


def test_two_pages_that_need_two_versions_of_one_package_are_measured_by_one_run(
    project: Project, write_page: WritePage, bench: Bench, wheels: dict[str, str]
) -> None:
    one = write_page(_asserting("1.0"), name="one", dependencies="[clash==1.0]")
    two = write_page(_asserting("2.0"), name="two", dependencies="[clash==2.0]")
    answer = bench("all", *ONCE, **wheels)
    assert answer.returncode == 0, answer.stderr
    found = {(r["implementation"], r["outcome"]["status"]) for r in _results(project)}
    assert found == {("one", "ok"), ("two", "ok")}
    assert {tuple(r["packages"].items()) for r in _results(project)} == {
        (("clash", "1.0"),),
        (("clash", "2.0"),),
    }
    assert layer_of(one, project).ready
    assert layer_of(one, project) != layer_of(two, project)


def test_a_package_that_is_not_to_be_had_is_unavailable_and_says_what_would_help(
    project: Project, write_page: WritePage, bench: Bench, wheels: dict[str, str]
) -> None:
    write_page(_asserting("3.0"), name="gone", dependencies="[clash==3.0]")
    write_page(name="fine")
    assert bench("all", *ONCE, **wheels).returncode == 0
    by_name = {r["implementation"]: r["outcome"] for r in _results(project)}
    assert by_name["fine"]["status"] == "ok"
    assert by_name["gone"]["status"] == "unavailable"
    assert "clash==3.0" in by_name["gone"]["reason"]
    assert "--build compiles a source release" in by_name["gone"]["reason"]


def test_a_layer_that_was_not_finished_is_made_again(
    project: Project, write_page: WritePage, bench: Bench, wheels: dict[str, str]
) -> None:
    page = write_page(_asserting("1.0"), name="one", dependencies="[clash==1.0]")
    layer = layer_of(page, project)
    (layer.folder / "lib").mkdir(parents=True)
    assert not layer.ready
    bench("run", "one", *ONCE, **wheels)
    assert layer.ready
    assert {r["outcome"]["status"] for r in _results(project)} == {"ok"}


def test_what_the_shared_environment_satisfies_needs_no_layer(write_page: WritePage) -> None:
    assert not missing(write_page(dependencies="[torch, 'packaging>=20', msgspec]"))
    assert missing(write_page(dependencies="['packaging>=9000']")) == ("packaging>=9000",)


def test_a_layer_sees_the_shared_torch_and_installs_none(
    project: Project, write_page: WritePage, bench: Bench, wheels: dict[str, str]
) -> None:
    page = write_page(_asserting("1.0"), name="one", dependencies="[clash==1.0]")
    bench("run", "one", *ONCE, **wheels)
    assert not list(layer_of(page, project).folder.rglob("torch"))
    assert layer_of(page, project).python.resolve() == Path(sys.executable).resolve()
