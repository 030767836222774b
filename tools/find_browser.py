"""Find the Chromium that browser tests and pictures use, or install one; print its path."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# No background traffic of the browser's own: a test counts every request.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-sync",
)


class NoBrowser(Exception):
    """There is no Chromium and none could be installed."""


def find_browser() -> Path:
    """One that is there, else Playwright's, else the distribution's; raises NoBrowser."""
    found = _installed() or _from_playwright() or _from_debian()
    if found is None:
        raise NoBrowser(
            "No Chromium was found, and it could be installed neither by Playwright nor by apt-get. "
            f"Install one so that {NAMES[0]} or {NAMES[2]} is on the PATH."
        )
    return found


def _installed() -> Path | None:
    """On the PATH, or downloaded by Playwright earlier."""
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    return _playwrights_own()


def _playwrights_own() -> Path | None:
    # Playwright is a package of the tests; the site runs without it.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def _from_playwright() -> Path | None:
    done = _try([sys.executable, "-m", "playwright", "install", "chromium"])
    return _playwrights_own() if done else None


def _from_debian() -> Path | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = _try(["apt-get", "update"], environment) and _try(
        ["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"], environment
    )
    return _installed() if done else None


def _try(command: list[str], environment: dict[str, str] | None = None) -> bool:
    """Run an installer; what it says goes to the error stream, since the path alone is our output."""
    print(f"No Chromium yet; trying: {' '.join(command)}", file=sys.stderr)
    return subprocess.run(command, stdout=sys.stderr, env=environment, check=False).returncode == 0


def main() -> int:
    """Print the path, or why there is none."""
    try:
        print(find_browser())
    except NoBrowser as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
