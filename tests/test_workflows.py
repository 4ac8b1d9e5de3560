"""The workflows are valid, pass zizmor's audits and run no action that can change under us."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

GITHUB = Path(__file__).resolve().parents[1] / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
TOOLS = Path(sys.executable).parent


def passes(tool: str, *arguments: str | Path) -> None:
    """Fails with what `tool`, installed beside this Python, says."""
    done = subprocess.run([TOOLS / tool, *arguments], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_workflows_follow_the_schema():
    assert WORKFLOWS
    passes("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)


def test_dependabot_follows_the_schema():
    passes("check-jsonschema", "--builtin-schema", "vendor.dependabot", GITHUB / "dependabot.yml")


def test_audits_find_nothing():
    passes("zizmor", "--offline", "--no-progress", "--persona", "pedantic", GITHUB)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_and_say_their_version(workflow: Path):
    for used in re.findall(r"uses: *(.*)", workflow.read_text(encoding="utf-8")):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), used


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_permissions_are_given_job_by_job(workflow: Path):
    content = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    assert content["permissions"] == {}
    assert all("permissions" in job for job in content["jobs"].values())


def test_only_two_jobs_may_write():
    """The one that deploys the site and the one that proposes a run; neither runs our code."""
    writers = {
        (workflow.name, name)
        for workflow in WORKFLOWS
        for name, job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].items()
        if "write" in job["permissions"].values()
    }
    assert writers == {("pages.yml", "deploy"), ("bench.yml", "propose")}
