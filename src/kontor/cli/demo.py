"""`kontor demo`: build the sample event and serve it, with a worker beside the web server."""

import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

COMPILED = (
    ("kontor.topics.compile",),
    ("kontor_engines.matching.compile",),
    ("kontor_engines.meetings.compile", "search"),
)
"""What the sample event needs, in this order."""
REPAIR = ("kontor_engines.meetings.compile", "repair")
"""nobody waits for it"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Seed and size of the event, and where to serve it."""
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other people (default 1)")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="share of the 2,000 participants, 0.03 to 5 (default 1.0)"
    )
    parser.add_argument(
        "--organisations",
        type=int,
        default=0,
        metavar="NUMBER",
        help="fill the directory with so many more made-up organisations, to measure with "
        "(100000 take some twelve minutes and 420 MB)",
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fresh", action="store_true", help="forget the sample event of an earlier start")
    parser.add_argument(
        "--no-serve", action="store_true", help="build the event, print the sign-ins, and end"
    )
    parser.add_argument("--json", action="store_true", help="print address and sign-ins as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Serve at once, build in the background; Ctrl-C ends both. Exit code 1 when the event could not be built."""
    if not 0.03 <= arguments.scale <= 5:
        print(f"--scale must lie between 0.03 and 5, got {arguments.scale}.", file=sys.stderr)
        return 2
    folder = Path(os.environ.setdefault("KONTOR_DATA_DIR", f"var/demo-{arguments.seed}-{arguments.scale:g}"))
    if arguments.fresh:
        _forget(folder)
    address = f"http://localhost:{arguments.port}"
    os.environ |= {
        "KONTOR_ORIGIN": address,
        "KONTOR_DEMO": "1",
        "KONTOR_TEST": "1",
        "KONTOR_TEST_CLOCK": "2018-11-01T13:48:00+08:00",
    }
    # one folder of static files, whatever data folder is in use
    os.environ.setdefault("KONTOR_STATIC_DIR", str(Path("var/static").resolve()))
    with ThreadPoolExecutor(max_workers=2) as cores:
        is_site_started = threading.Event()
        try:
            return _build_and_serve(arguments, address, cores, is_site_started)
        finally:
            is_site_started.set()
            cores.shutdown(wait=False, cancel_futures=True)


def _build_and_serve(
    arguments: argparse.Namespace, address: str, cores: ThreadPoolExecutor, is_site_started: threading.Event
) -> int:
    environment = dict(os.environ)
    # One core compiles while this one makes the first page ready; then both do.
    cores.submit(is_site_started.wait)
    vocabulary, scoring, search = (cores.submit(_compile, command, environment) for command in COMPILED)
    # as `kontor static` does, without a second start of Django
    os.environ["KONTOR_COLLECTING"] = "1"
    from kontor.cli.site import setup

    setup()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    processes = _start(arguments)
    is_site_started.set()
    # a kill of this command ends its children too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        if not arguments.json:
            print(f"\n  {address}   (being built; the page shows how far it is)\n", flush=True)
        vocabulary.result()
        scoring.result()
        is_built = _build(arguments, processes, is_planned=False)
        search.result()
        cores.submit(_compile, REPAIR, environment)
        if not (is_built and _build(arguments, processes, is_planned=True)):
            print("The sample event could not be built; see the log above.", file=sys.stderr)
            return 1
        _print_sign_ins(arguments, address)
        if arguments.organisations:
            from kontor.demo.many import build_many

            build_many(arguments.organisations, seed=arguments.seed)
        if arguments.no_serve:
            return 0
        while processes[-1].poll() is None:  # the web server
            if processes[0].poll() is not None:  # killed: the next worker takes its jobs over
                processes[0] = _start_worker()
            time.sleep(0.5)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=20)


def _forget(folder: Path) -> None:
    for name in ("kontor.sqlite3", "kontor.sqlite3-wal", "kontor.sqlite3-shm", "sign-ins.json"):
        (folder / name).unlink(missing_ok=True)


def _compile(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """In a thread: with an environment of its own, since the main thread may change that of this process meanwhile."""
    words = [sys.executable, "-m", *command]
    if subprocess.run(words, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
        raise SystemExit("The vocabulary or the kernels could not be compiled; see above.")


def _build(
    arguments: argparse.Namespace, processes: list["subprocess.Popen[bytes]"], *, is_planned: bool
) -> bool:
    """Have the worker build the event, with its plan or up to it, and wait; whether that is done now."""
    from django.db import connection

    from kontor.demo.queries import JOB_NAME, read_demo_state
    from kontor.jobs.services import enqueue

    if read_demo_state().is_complete:
        return True
    job = enqueue(
        JOB_NAME,
        arguments={"seed": arguments.seed, "scale": arguments.scale, "is_planned": is_planned},
        unique_key=JOB_NAME,
    )
    while not job.is_finished:
        connection.close()
        if any(process.poll() is not None for process in processes):
            return False
        time.sleep(0.2)
        job.refresh_from_db()
    return job.state == job.State.SUCCEEDED


def _start_worker() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([Path(sys.executable).parent / "kontor", "worker"])


def _start(arguments: argparse.Namespace) -> list["subprocess.Popen[bytes]"]:
    here = Path(sys.executable).parent
    worker = _start_worker()
    if arguments.no_serve:
        return [worker]
    web = subprocess.Popen(
        [
            here / "gunicorn",
            "kontor.wsgi",
            "--bind",
            f"127.0.0.1:{arguments.port}",
            "--worker-class",
            "gthread",
            "--workers",
            "1",
            "--threads",
            "4",
            "--log-level",
            "warning",
            "--preload",
        ]
    )
    return [worker, web]


def _print_sign_ins(arguments: argparse.Namespace, address: str) -> None:
    """One sign-in per role, with a password made for this data folder alone."""
    from django.conf import settings
    from django.contrib.auth.hashers import make_password

    from kontor.demo.services import sample_sign_ins

    file = settings.DATA_DIR / "sign-ins.json"
    users = sample_sign_ins()
    if file.exists():
        password = json.loads(file.read_text(encoding="utf-8"))["password"]
    else:
        password = secrets.token_urlsafe(12)
        encoded = make_password(password)
        for user in users.values():
            user.password = encoded
            user.save(update_fields=("password",))
        file.touch(mode=0o600)
        file.write_text(json.dumps({"password": password}), encoding="utf-8")
    rows = [
        {"role": role, "email": user.email, "password": password, "name": user.name}
        for role, user in users.items()
    ]
    if arguments.json:
        print(json.dumps({"address": address, "sign_ins": rows}, ensure_ascii=False, indent=1), flush=True)
        return
    print(
        f"  The sample event is complete. Sign in at {address}/en/accounts/login/ (password for all: {password})"
    )
    for row in rows:
        print(f"    {row['role']:16} {row['email']:28} {row['name']}")
    print("  or press a button on the home page. Ctrl-C ends the demonstration.\n", flush=True)
