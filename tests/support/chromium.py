"""Where Chromium is, and how to get it: the system's own, Playwright's, or the package manager's.

`python -m tests.support.chromium` installs one if there is none.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing in a test may depend on the network beyond this machine.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> str | None:
    """Path of a Chromium that is installed, or None."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Playwright's build, or the system package manager's."""
    commands = [
        [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]],
        [["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]],
        [["sudo", "-n", "apt-get", "update"], ["sudo", "-n", "apt-get", "install", "-y", "chromium"]],
        [["dnf", "install", "-y", "chromium"]],
        [["brew", "install", "--cask", "chromium"]],
    ]
    for steps in commands:
        if (
            shutil.which(steps[0][0])
            and all(subprocess.run(step, check=False).returncode == 0 for step in steps)
            and executable()
        ):
            return
    sys.exit("No Chromium could be installed. Install Chromium or Google Chrome, then run `make test` again.")


if __name__ == "__main__":
    if executable() is None:
        install()
    print(f"browser: {executable()}")
