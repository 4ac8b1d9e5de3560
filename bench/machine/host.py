"""What the parent can find out about the machine, checkout and command line without torch."""

import json
import os
import re
import socket
import subprocess
import sys
from getpass import getuser
from pathlib import Path

from bench.project import Project
from bench.text import one_line

_IPV4 = r"\d{1,3}(?:\.\d{1,3}){3}"
_ADDRESS = re.compile(
    rf"(?<=//){_IPV4}|(?<=@){_IPV4}|\b{_IPV4}(?=:\d)|\b(?:192\.168|127\.0)(?:\.\d{{1,3}}){{2}}\b"
)
"""An IP address whose context shows that it is one: versions such as 12.8.4.1 look the same."""

_ELSEWHERE = re.compile(r"""(^|[="])/(?:[^/"]+/)+""")
"""The folders of an absolute path in a word of a command line."""

_HEAD = ("rev-parse", "--verify", "HEAD")


def home() -> str | None:
    """The user's home folder; None if the user has no name and no HOME, as in some containers."""
    try:
        return str(Path.home())
    except RuntimeError:
        return None


def commit(project: Project) -> tuple[str | None, bool | None]:
    """The checkout's commit, and whether code or pages differ from it; (None, None) without git."""
    head, _ = _git(project, *_HEAD)
    changes, _ = _git(project, "status", "--porcelain", "--", ".", ":!data")
    return head, None if changes is None else bool(changes)


def commit_problem(project: Project) -> str | None:
    """Why `commit` finds no commit, for example because git is missing; None if it finds one."""
    head, problem = _git(project, *_HEAD)
    return None if head else problem


def _git(project: Project, *words: str) -> tuple[str | None, str]:
    """The output of git, or None and the reason why there is none."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(project.root), *words], capture_output=True, text=True, check=False
        )
    except OSError as error:
        return None, f"git cannot be started: {error.strerror}"
    if answer.returncode:
        return None, f"git says: {one_line(answer.stderr)}"
    return answer.stdout.strip(), ""


def scrub(text: str, project: Project) -> str:
    """`text` without anything that identifies a person or machine: paths, host, user, addresses."""
    for path, name in (
        (str(project.root), "."),
        (sys.prefix, "<python>"),
        (sys.base_prefix, "<python>"),
        (home() or "", "~"),
    ):
        if len(path) > 1:
            text = re.sub(rf"{re.escape(path)}(?=/|\b)", name, text)
    host = socket.gethostname()
    for word in (host, host.partition(".")[0], _user()):
        if word and word not in ("root", "localhost"):
            text = re.sub(rf"\b{re.escape(word)}\b", "…", text)
    return _ADDRESS.sub("…", text)


def command_line(project: Project) -> str:
    """The command line that repeats this run, without anything that must not be published.

    Of a path outside of the project and the home folder, only the last part is left.
    """
    plain = re.compile(r"[!-~]+").fullmatch
    words = [scrub(word if plain(word) else json.dumps(word), project) for word in sys.argv[1:]]
    return " ".join(["python -m bench", *(_ELSEWHERE.sub(r"\1…/", word) for word in words)])


def _user() -> str:
    try:
        return getuser()
    except (KeyError, OSError):
        return os.environ.get("USER", "")
