"""Prints the path of a Chromium that runs, for the browser tests; installs one where none is."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

SHELL = "chromium-headless-shell"
"""The same browser without windows: the tests take half as long as with one that hides them."""

FONTS = "fonts-liberation"  # a page without any font shows no words
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "no Chromium runs here and none could be installed: "
    "`apt-get install chromium` as root, or set CHROMIUM to the path of one"
)


def runs(browser: str) -> bool:
    """Whether `browser` starts: Ubuntu's chromium-browser, for one, may be an empty shell."""
    try:
        trial = subprocess.run([browser, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return trial.returncode == 0


def present() -> Iterator[str]:
    """The paths where a Chromium may be: the caller's, then the PATH's, then Playwright's own."""
    if "CHROMIUM" in os.environ:
        yield os.environ["CHROMIUM"]
    yield from filter(None, map(shutil.which, NAMES))
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def from_debian() -> None:
    """Installs Debian's package, as root or with a sudo that asks for no password."""
    install = ["install", "-y", "--no-install-recommends", FONTS]
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    for words in (["update"], [*install, SHELL], [*install, "chromium"]):
        if words[-1] == "chromium" and shutil.which(SHELL):
            return
        command(*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", *words)


def from_playwright() -> None:
    """Downloads the Chromium that Playwright brings, into the user's cache."""
    command(sys.executable, "-m", "playwright", "install", "chromium")


def command(*words: str) -> None:
    """Runs `words`, what it says on stderr; that it failed shows in the browser still missing."""
    if shutil.which(words[0]):
        subprocess.run(words, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False)


def find() -> str | None:
    """The path of a Chromium that runs, after installing one if need be."""
    installs: tuple[Callable[[], None], ...] = (lambda: None, from_debian, from_playwright)
    for install in installs:
        install()
        for browser in present():
            if runs(browser):
                return str(Path(browser))
    return None


if __name__ == "__main__":
    found = find()
    sys.stdout.write(f"{found}\n" if found else "")
    sys.exit(None if found else MISSING)
