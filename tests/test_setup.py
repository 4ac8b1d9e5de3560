"""`make setup`: an environment that runs this checkout's code, whatever pip is configured to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bench_fixtures import ROOT
from wheels import write_wheel

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("make") is None, reason="make is missing"),
]

PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""

BACKEND = """\
import os
from pathlib import Path
from wheels import write_wheel

def build_editable(folder, settings=None, metadata=None):
    return write_wheel(Path(folder), "checkout", "1.0", {"checkout.pth": os.getcwd() + "\\n"})
"""

WHERE = {"user": "1", "target": "elsewhere", "prefix": "elsewhere", "root": "elsewhere"}
"""Settings of where pip installs, which all together have to change nothing."""

VARIABLES = {f"PIP_{name.upper()}": value for name, value in WHERE.items()}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with pip alone, which takes longer to make than to install all the rest."""
    folder = tmp_path_factory.mktemp("environment") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder


@pytest.fixture
def checkout(tmp_path: Path, environment: Path) -> Path:
    """The project's Makefile over a package that is `bench` by name and needs nothing."""
    root = tmp_path / "checkout"
    (root / "bench").mkdir(parents=True)
    (root / "bench" / "__init__.py").touch()
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "backend.py").write_text(BACKEND)
    (root / "constraints.txt").touch()
    shutil.copy(ROOT / "Makefile", root)
    shutil.copy(ROOT / "tests" / "wheels.py", root)
    shutil.copytree(environment, root / ".venv", symlinks=True)
    return root


def _make(root: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `make` in `root`, where pip finds a wheel of setuptools and nothing else."""
    wheels = root.parent / "wheels"
    wheels.mkdir(exist_ok=True)
    write_wheel(wheels, "setuptools", "1000.0", {})
    ours = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull}
    return subprocess.run(
        ["make", f"PYTHON={sys.executable}", *words],
        cwd=root,
        env=os.environ | ours | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _measures_with(root: Path) -> Path:
    """The checkout whose code the environment of `root` runs, from anywhere."""
    answer = subprocess.run(
        [root / ".venv" / "bin" / "python", "-I", "-c", "import bench; print(bench.__path__[0])"],
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(answer.stdout.strip()).parent


@pytest.mark.parametrize("way", ["variables", "a file"])
def test_what_is_set_up_is_in_the_environment_wherever_pip_is_told_to_install(
    way: str, checkout: Path
) -> None:
    outside = checkout.parent / "elsewhere"
    settings = VARIABLES
    if way == "a file":
        file = checkout.parent / "pip.conf"
        lines = (f"{name} = {value}" for name, value in WHERE.items())
        file.write_text("\n".join(["[install]", *lines, "dry-run = 1", ""]))
        settings = {"PIP_CONFIG_FILE": str(file)}
    ours = {"PYTHONUSERBASE": str(outside), "PYTHONPATH": str(checkout)}
    done = _make(checkout, "setup", **settings, **ours)
    assert done.returncode == 0, done.stderr
    assert _measures_with(checkout) == checkout
    assert not outside.exists()
    assert not (checkout / "elsewhere").exists()
    assert _make(checkout, "--question", "setup").returncode == 0


def test_an_environment_from_another_checkout_is_made_again_here(checkout: Path) -> None:
    assert _make(checkout, "setup").returncode == 0
    copied, linked = checkout.with_name("copied"), checkout.with_name("linked")
    shutil.copytree(checkout, copied, symlinks=True)
    shutil.copytree(checkout, linked, symlinks=True, ignore=shutil.ignore_patterns(".venv"))
    (linked / ".venv").symlink_to(checkout / ".venv")
    for other in (copied, linked):
        assert _measures_with(other) == checkout
        done = _make(other, "setup", **VARIABLES)  # from nothing, with the settings too
        assert done.returncode == 0, done.stderr
        assert _measures_with(other) == other
        assert _measures_with(checkout) == checkout
    for root in (checkout, copied, linked):
        assert _make(root, "--question", "setup").returncode == 0
