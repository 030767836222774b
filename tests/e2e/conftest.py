"""One small sample event for all browser tests, built and served once by the real command; nothing here knows Django."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from playwright.sync_api import Browser, expect
from sample_site import Site, Tour, open_browser, serve_sample

SCALE = 0.05
expect.set_options(timeout=30_000)  # a busy machine is slow; what never comes still fails


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration with 100 people; KONTOR_E2E_DATA names a folder that keeps it between runs."""
    kept = os.environ.get("KONTOR_E2E_DATA")
    folder = Path(kept).resolve() if kept else tmp_path_factory.mktemp("site")
    folder.mkdir(parents=True, exist_ok=True)
    with serve_sample(folder, scale=SCALE) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def tour(site: Site, browser: Browser) -> Tour:
    """A walk through all pages as everybody."""
    return site.tour(browser)
