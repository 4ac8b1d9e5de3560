"""Pages whose packages conflict are measured by one run, each in a layer over the one torch."""

import importlib.metadata
import importlib.util
import json
import os
import shutil
import site
import subprocess
import sys
import zipfile
from importlib.metadata import distributions, version
from pathlib import Path
from types import ModuleType, SimpleNamespace

import msgspec
import pytest
from bench_fixtures import ONCE, REQUEST, ROOT, SDPA, Bench, WritePage
from wheels import write_wheel

from bench.machine import virtual_environments
from bench.machine.child_environment import child_environment
from bench.machine.virtual_environments import Layer, layer_of, missing, prepare_python
from bench.project import Project
from bench.records.outcome import Unavailable
from bench.worker.packages import package_problem

pytestmark = pytest.mark.slow


@pytest.fixture
def wheels(tmp_path: Path) -> dict[str, str]:
    """The variables under which pip finds a few packages, some of which need others.

    Two versions of one package and one that needs the first of them; another torch, one that any
    torch serves and one that only that serves.
    """
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number in ("1.0", "2.0"):
        write_wheel(folder, "clash", number, {"clash.py": f"version = {number!r}\n"})
    write_wheel(folder, "needy", "1.0", {}, needs=["clash==1.0", "msgspec"])
    write_wheel(folder, "torch", "9000.0", {"torch/__init__.py": ""})
    write_wheel(folder, "modest", "1.0", {"modest.py": ""}, needs=["torch"])
    write_wheel(folder, "greedy", "1.0", {"greedy.py": ""}, needs=["torch>=9000"])
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_CONFIG_FILE": "/dev/null"}


def _asserting(version: str) -> str:
    return f"import clash, torch\nassert clash.version == {version!r}\n{SDPA}"


def _results(project: Project) -> list[dict[str, object]]:
    (path,) = project.data.rglob("*.jsonl")
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [record for record in records if record["type"] == "result"]


def test_two_pages_that_need_two_versions_of_one_package_are_measured_by_one_run(
    project: Project, write_page: WritePage, command: Bench, wheels: dict[str, str]
) -> None:
    one = write_page(_asserting("1.0"), name="one", dependencies="[clash==1.0]")
    two = write_page(_asserting("2.0"), name="two", dependencies="[clash==2.0]")
    answer = command("all", *ONCE, **wheels)
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
    project: Project, write_page: WritePage, command: Bench, wheels: dict[str, str]
) -> None:
    write_page(_asserting("3.0"), name="gone", dependencies="[clash==3.0]")
    write_page(name="fine")
    assert command("all", *ONCE, **wheels).returncode == 0
    by_name = {r["implementation"]: r["outcome"] for r in _results(project)}
    assert by_name["fine"]["status"] == "ok"
    assert by_name["gone"]["status"] == "unavailable"
    assert "clash==3.0" in by_name["gone"]["reason"]
    assert "--build compiles a source release" in by_name["gone"]["reason"]


def test_a_layer_that_was_not_finished_is_made_again(
    project: Project, write_page: WritePage, command: Bench, wheels: dict[str, str]
) -> None:
    page = write_page(_asserting("1.0"), name="one", dependencies="[clash==1.0]")
    layer = layer_of(page, project)
    (layer.folder / "lib").mkdir(parents=True)
    assert not layer.ready
    command("run", "one", *ONCE, **wheels)
    assert layer.ready
    assert {r["outcome"]["status"] for r in _results(project)} == {"ok"}


ELSEWHERE = "elsewhere"
"""A folder where nothing may be installed, beside the project."""

SETTINGS = {
    **{f"PIP_{name}": ELSEWHERE for name in ("TARGET", "PREFIX", "ROOT")},
    **dict.fromkeys(
        ["PIP_USER", "PIP_DRY_RUN", "PIP_NO_DEPS", "PIP_IGNORE_INSTALLED", "PIP_FORCE_REINSTALL"],
        "1",
    ),
}


def _settings(way: str, folder: Path) -> dict[str, str]:
    """All settings, made by variables or by lines of pip's configuration."""
    values = {n: value if value == "1" else str(folder / value) for n, value in SETTINGS.items()}
    if way == "variables":
        return values
    lines = [
        f"{name.removeprefix('PIP_').lower().replace('_', '-')} = {value}"
        for name, value in values.items()
    ]
    path = folder / "pip.conf"
    path.write_text("\n".join(["[install]", *lines, ""]), encoding="utf-8")
    return {"PIP_CONFIG_FILE": str(path)}


def _packages(layer: Layer) -> str:
    (folder,) = layer.folder.glob("lib/*/site-packages")
    return str(folder)


@pytest.mark.parametrize("way", ["a file", "variables"])
def test_no_setting_of_where_to_install_keeps_a_package_out_of_its_layer(
    way: str,
    project: Project,
    write_page: WritePage,
    wheels: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outside = project.root / ELSEWHERE
    settings = wheels | {"PYTHONUSERBASE": str(outside)} | _settings(way, project.root)
    for variable, value in settings.items():
        monkeypatch.setenv(variable, value)
    page = write_page(name="one", dependencies="[needy==1.0]")
    layer = layer_of(page, project)
    assert prepare_python(page, project, build=False) == layer.python
    installed = {found.name for found in distributions(path=[_packages(layer)])}
    assert installed == {"needy", "clash"}
    assert not outside.exists()


def test_a_layer_without_what_it_is_for_is_not_ready_and_is_made_again(
    project: Project,
    write_page: WritePage,
    wheels: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable, value in wheels.items():
        monkeypatch.setenv(variable, value)
    page = write_page(name="one", dependencies="[clash==1.0]")
    layer = layer_of(page, project)
    prepare_python(page, project, build=False)
    for path in Path(_packages(layer)).glob("clash*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert not layer.ready
    prepare_python(page, project, build=False)
    assert layer.ready
    assert [found.name for found in distributions(path=[_packages(layer)])] == ["clash"]


def test_pip_is_not_believed_that_it_has_installed_something(
    project: Project, write_page: WritePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(virtual_environments, "install", lambda *_, **__: None)
    page = write_page(name="one", dependencies="[clash==1.0, packaging]")
    found = prepare_python(page, project, build=False)
    assert isinstance(found, Unavailable)
    assert "did not install clash==1.0 for the page" in found.reason
    assert not layer_of(page, project).ready


def test_a_package_that_a_path_file_of_the_shared_environment_adds_counts_as_there(
    wheels: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    layer = Layer(tmp_path / "layer", ("clash==1.0",))
    assert layer.lacking == ("clash==1.0",)
    for wheel in Path(wheels["PIP_FIND_LINKS"]).glob("clash-1.0*"):
        zipfile.ZipFile(wheel).extractall(tmp_path / "added")
    (tmp_path / "added.pth").write_text(f"{tmp_path / 'added'}\n")
    monkeypatch.setattr(sys, "path", list(sys.path))
    site.addsitedir(str(tmp_path))
    assert layer.lacking == ()


def test_another_torch_has_another_layer(
    project: Project, write_page: WritePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it holds was built and pinned for the one that was there."""
    page = write_page(name="one", dependencies="[needy==1.0]")
    before = layer_of(page, project)
    assert layer_of(page, project) == before
    torch = SimpleNamespace(name="torch", version="99.0")
    with monkeypatch.context() as patch:
        patch.setattr(importlib.metadata, "distributions", lambda: [torch])
        virtual_environments._installed.cache_clear()
        after = layer_of(page, project)
    virtual_environments._installed.cache_clear()
    assert after.folder != before.folder


def test_an_environment_that_cannot_be_made_makes_its_page_unavailable(
    project: Project, write_page: WritePage
) -> None:
    (project.root / ".cache").touch()
    found = prepare_python(write_page(dependencies="[clash==1.0]"), project, build=False)
    assert isinstance(found, Unavailable)
    assert "Not a directory" in found.reason


def test_what_the_shared_environment_satisfies_needs_no_layer(write_page: WritePage) -> None:
    assert not missing(write_page(dependencies="[torch, 'packaging>=20', msgspec]"))
    assert missing(write_page(dependencies="['packaging>=9000']")) == ("packaging>=9000",)


@pytest.fixture
def pip_finds_wheels(wheels: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, too."""
    for variable, value in wheels.items():
        monkeypatch.setenv(variable, value)


WHERE_TORCH_IS = "import importlib.util as u; print(u.find_spec('torch').origin)"


@pytest.mark.usefixtures("pip_finds_wheels")
def test_a_layer_sees_the_shared_torch_and_installs_none(
    project: Project, write_page: WritePage
) -> None:
    """Though a package in it needs one and pip could have another."""
    page = write_page(name="one", dependencies="[modest==1.0]")
    python = prepare_python(page, project, build=False)
    layer = layer_of(page, project)
    assert python == layer.python
    assert [found.name for found in distributions(path=[_packages(layer)])] == ["modest"]
    assert _said_by(layer, WHERE_TORCH_IS) == importlib.util.find_spec("torch").origin


@pytest.mark.usefixtures("pip_finds_wheels")
def test_a_package_that_needs_another_torch_than_the_shared_one_is_unavailable(
    project: Project, write_page: WritePage
) -> None:
    page = write_page(name="one", dependencies="[greedy==1.0]")
    found = prepare_python(page, project, build=False)
    assert isinstance(found, Unavailable)
    assert "greedy" in found.reason
    layer = layer_of(page, project)
    assert f"torch=={version('torch')}" in layer.pins.read_text(encoding="utf-8").splitlines()
    assert not list(distributions(path=[_packages(layer)]))


WORKERS_ANSWER = """
import json, sys, msgspec
from bench.runner.messages import Request
from bench.worker.packages import package_versions
request = msgspec.json.decode(sys.argv[1], type=Request)
print(json.dumps(package_versions(request)))
"""


@pytest.mark.usefixtures("pip_finds_wheels")
def test_a_record_has_the_versions_of_what_a_page_s_packages_need_too(
    project: Project, write_page: WritePage
) -> None:
    """As a worker in the page's environment finds them."""
    page = write_page(name="one", dependencies="[needy==1.0, msgspec]")
    prepare_python(page, project, build=False)
    asked = page.about.dependencies
    request = msgspec.structs.replace(REQUEST, dependencies=asked, layer=True)
    question = msgspec.json.encode(request).decode()
    packages = json.loads(_said_by(layer_of(page, project), WORKERS_ANSWER, question))
    assert packages == {"clash": "1.0", "msgspec": version("msgspec"), "needy": "1.0"}


def test_the_results_of_a_page_with_its_own_environment_name_all_packages_in_it(
    project: Project, write_page: WritePage, command: Bench, wheels: dict[str, str]
) -> None:
    write_page(name="one", dependencies="[needy==1.0]")
    answer = command("run", "one", *ONCE, **wheels)
    assert answer.returncode == 0, answer.stderr
    assert all(r["packages"] == {"clash": "1.0", "needy": "1.0"} for r in _results(project))


def _said_by(layer: Layer, code: str, *words: str) -> str:
    """What a program prints that the layer's Python runs."""
    program = [layer.python, "-P", "-c", code, *words]
    environment = child_environment("cpu", layer.python)
    return subprocess.check_output(program, env=environment, text=True).strip()


@pytest.fixture
def callers(tmp_path: Path) -> Path:
    """A folder of the caller's with a version of the package that no page asks for."""
    folder = tmp_path / "callers"
    _unpacked(folder, "0.5")
    return folder


def _unpacked(folder: Path, version: str) -> None:
    folder.mkdir(exist_ok=True)
    name = write_wheel(folder, "clash", version, {"clash.py": f"version = {version!r}\n"})
    with zipfile.ZipFile(folder / name) as wheel:
        wheel.extractall(folder)


def test_what_a_page_pins_comes_before_the_caller_s_packages_and_the_working_directory(
    project: Project, write_page: WritePage, command: Bench, wheels: dict[str, str], callers: Path
) -> None:
    (project.root / "clash.py").write_text("version = 'of the working directory'\n")
    write_page(_asserting("1.0"), name="one", dependencies="[clash==1.0]")
    path = os.pathsep.join([str(ROOT), str(callers)])
    answer = command("run", "one", *ONCE, **wheels, PYTHONPATH=path)
    assert answer.returncode == 0, answer.stderr
    assert {r["outcome"]["status"] for r in _results(project)} == {"ok"}
    assert {tuple(r["packages"].items()) for r in _results(project)} == {(("clash", "1.0"),)}


@pytest.mark.parametrize(
    ("version", "when"),
    [("0.5", "in its first call"), (None, "while it loads")],
    ids=["another version", "no metadata"],
)
def test_a_case_that_imported_something_else_than_its_page_pins_is_refused(
    version: str | None,
    when: str,
    project: Project,
    write_page: WritePage,
    command: Bench,
    wheels: dict[str, str],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "elsewhere"
    _unpacked(folder, version or "0.6")
    if version is None:
        shutil.rmtree(folder / "clash-0.6.dist-info")
    statement = f"sys.path.insert(0, {str(folder)!r}); import clash"
    code = f"import sys\n{statement}\n{SDPA}"
    if when == "in its first call":
        code = "import sys\n" + SDPA.replace("causal):\n", f"causal):\n    {statement}\n")
    write_page(code, name="one", dependencies="[clash==1.0]")
    command("run", "one", *ONCE, **wheels)
    for result in _results(project):
        assert result["outcome"]["status"] == "unavailable"
        said = (
            "Python finds clash 0.5 first" if version else "clash was not imported from clash 1.0"
        )
        assert said in result["outcome"]["reason"]
        assert str(tmp_path) not in result["outcome"]["reason"]


PYTHON_SETTINGS = {"PYTHONOPTIMIZE": "2", "PYTHONWARNINGS": "error", "PYTHONPROFILEIMPORTTIME": "1"}


def test_settings_of_the_caller_s_python_reach_no_page(
    project: Project, write_page: WritePage, bench: Bench
) -> None:
    checks = "import os, sys, warnings\nassert sys.flags.optimize == 0\n"
    checks += "if not __debug__: raise RuntimeError('asserts are left out')\n"
    checks += "warnings.warn('no error')\n"
    checks += f"assert not {set(PYTHON_SETTINGS)!r} & set(os.environ)\n"
    write_page(checks + SDPA, name="one")
    bench("run", "one", *ONCE, **PYTHON_SETTINGS)
    assert {r["outcome"]["status"] for r in _results(project)} == {"ok"}


def test_a_package_was_imported_if_one_of_its_modules_was_whatever_else_has_the_others_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packages share names, as those of a namespace do."""
    own, other = tmp_path / "own", tmp_path / "other"
    _unpacked(own, "0.6")
    monkeypatch.syspath_prepend(own)
    with (own / "clash-0.6.dist-info" / "top_level.txt").open("w") as names:
        names.write("clash\nshared_name\n")
    for name, folder in (("clash", own), ("shared_name", other)):
        module = ModuleType(name)
        module.__file__ = str(folder / f"{name}.py")
        monkeypatch.setitem(sys.modules, name, module)
    request = msgspec.structs.replace(REQUEST, dependencies=("clash==0.6",))
    assert package_problem(request) is None
    monkeypatch.delitem(sys.modules, "clash")
    assert "shared_name was not imported from clash 0.6" in str(package_problem(request))
