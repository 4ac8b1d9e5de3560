"""The rooms of the house: who may import whom."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from bench_fixtures import ROOT

from bench.devices import NAMES

ROOMS = (
    *("operations", "pages", "records", "analysis", "devices", "machine", "runner", "selftest"),
    "cli",
)
"""In this order: a room of bench/ imports from itself and from those before it."""

WORKERS_LANGUAGE = {"bench.runner.messages", "bench.machine.host_memory"}
"""What a worker shares with its parent beyond pages, records, analysis and devices."""

FITNESS = "bench.selftest.fitness"

REPORT_ROOMS = ("reading", "tables", "charts", "pages", "downloads")
"""In this order: a room of hooks/report/ imports from itself and from those before it."""

REPORTED = ("operations", "pages", "records", "analysis", "devices")
"""What the site is made from."""

TORCH_HALVES = {("operations", "kernels.py"), ("devices", "runtime.py")}
"""Modules of rooms beside the worker that need torch: only child processes import them."""

MODULES = sorted([*ROOT.glob("bench/**/*.py"), *ROOT.glob("hooks/**/*.py")])


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _room(module: str) -> str | None:
    """The room of bench/ that a module is in; none for what stands in its hall.

    The names of the kinds of devices stand in the hall too, though they are found in their room.
    """
    if module in ("bench.devices", "bench.devices.NAMES", "bench.devices.Device"):
        return None
    room = module.split(".")[1:2]
    return room[0] if room and room[0] in (*ROOMS, "worker") else None


@pytest.mark.parametrize("path", MODULES, ids=_named)
def test_a_module_imports_in_one_direction(path: Path) -> None:
    imports = {name for name in _imports(path) if name.split(".")[0] == "bench"}
    place = path.relative_to(ROOT).parts
    if place[0] == "hooks":
        rest = {name for name in imports if _room(name) not in (None, *REPORTED)}
        assert {name for name in rest if not name.startswith(FITNESS)} == set()
    elif place[1] == "worker":
        rest = {name for name in imports if _room(name) not in (None, "worker", *REPORTED)}
        assert all(name.startswith(tuple(WORKERS_LANGUAGE)) for name in rest)
    elif place[1] in ROOMS:
        before = ROOMS[: ROOMS.index(place[1]) + 1]
        assert {_room(name) for name in imports} <= {None, *before}
    elif place[1] not in ("__main__.py", "check.py"):
        assert {_room(name) for name in imports} <= {None}


@pytest.mark.parametrize("path", sorted(ROOT.glob("hooks/report/*/**/*.py")), ids=_named)
def test_a_room_of_the_report_imports_in_one_direction(path: Path) -> None:
    room = path.relative_to(ROOT).parts[2]
    later = REPORT_ROOMS[REPORT_ROOMS.index(room) + 1 :]
    imported = {name.split(".")[2] for name in _imports(path) if name.startswith("hooks.report.")}
    assert imported.isdisjoint({*later, "build", "build_cache"})


@pytest.mark.parametrize("path", sorted(ROOT.glob("hooks/report/**/*.py")), ids=_named)
def test_the_report_knows_no_site_generator(path: Path) -> None:
    roots = {name.split(".")[0] for name in _imports(path)}
    assert roots.isdisjoint({"mkdocs", "mkdocs_gen_files", "material"})
    assert not any(name.startswith("hooks.site") for name in _imports(path))


@pytest.mark.parametrize("path", MODULES, ids=_named)
def test_only_workers_and_torch_halves_import_torch_and_nobody_the_site(
    path: Path,
) -> None:
    roots = {name.split(".")[0] for name in _imports(path)}
    room = path.relative_to(ROOT).parts
    if room[0] == "bench":
        assert "hooks" not in roots
    if (room[1], path.name) in TORCH_HALVES and room[0] == "bench":
        return
    if room[:2] != ("bench", "worker"):
        assert "torch" not in roots
        assert not any(name.startswith("bench.worker") for name in _imports(path))


def test_everything_but_the_worker_and_torch_halves_runs_without_torch() -> None:
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in MODULES]
    outside = [name for name in names if name.startswith("bench.") and ".worker" not in name]
    outside = [name for name in outside if not name.endswith((".kernels", ".runtime"))]
    wanted = "; ".join(f"import {name}" for name in outside if not name.endswith("__main__"))
    blocked = "import sys; sys.modules['torch'] = None; "
    subprocess.run([sys.executable, "-c", blocked + wanted], cwd=ROOT, check=True)


@pytest.mark.parametrize("path", MODULES, ids=_named)
def test_no_module_outside_of_its_folder_asks_for_a_kind_of_devices(path: Path) -> None:
    """A name of a kind is a key of a record at most, such as the version of CUDA."""
    if path.is_relative_to(ROOT / "bench" / "devices"):
        return
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    keys = {key for node in nodes if isinstance(node, ast.Dict) for key in node.keys}
    named = [node for node in nodes if isinstance(node, ast.Constant) and node.value in NAMES]
    assert [node.lineno for node in named if node not in keys] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", ["ruff check", "ruff format --check", "mypy"], ids=lambda command: command
)
def test_the_linters_have_nothing_to_say(command: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
