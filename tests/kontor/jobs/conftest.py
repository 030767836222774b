"""A site on a real database on which real worker processes run."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections

TRIAL_SITE = Path(__file__).parent / "trial_site"


@pytest.fixture
def at_once(shared_database: str) -> Callable[[Callable[[], object], int], list[object]]:
    """Runs a function in several threads that begin together, each with a connection of its own; returns the results."""
    shared_settings = connection.settings_dict

    def run(function: Callable[[], object], num_threads: int) -> list[object]:
        barrier = threading.Barrier(num_threads)

        def call() -> object:
            own = connections.create_connection("default")
            own.settings_dict = shared_settings
            connections["default"] = own
            try:
                barrier.wait()
                return function()
            finally:
                own.close()

        with ThreadPoolExecutor(num_threads) as threads:
            return [future.result() for future in [threads.submit(call) for _ in range(num_threads)]]

    return run


@pytest.fixture
def worker_environment(shared_database: str, tmp_path: Path) -> dict[str, str]:
    """What a worker of the trial site needs to know."""
    return os.environ | {
        "KONTOR_DATABASE_URL": shared_database,
        "KONTOR_DATA_DIR": str(tmp_path / "data"),
        "KONTOR_MAIL_DIR": str(tmp_path / "mails"),
        "DJANGO_SETTINGS_MODULE": "trial_settings",
        "PYTHONPATH": str(TRIAL_SITE),
    }


@pytest.fixture
def start_worker(worker_environment: dict[str, str]) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts `kontor worker`, each in a group of its own, all gone when the test ends."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        words = [
            sys.executable,
            "-c",
            "import sys; from kontor.cli import main; sys.exit(main())",
            "worker",
            *arguments,
        ]
        started.append(subprocess.Popen(words, env=worker_environment, start_new_session=True))
        return started[-1]

    yield start
    for process in started:
        try:
            os.killpg(process.pid, signal.SIGCONT)
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        finally:
            process.wait()


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Waits for something to become true, long enough for a busy machine; fails with the words given."""

    def wait(is_true: Callable[[], object], what: str, *, within_s: float = 120) -> None:
        start = time.monotonic()
        while not is_true():
            if time.monotonic() > start + within_s:
                pytest.fail(f"not within {within_s} s: {what}")
            time.sleep(0.05)

    return wait
