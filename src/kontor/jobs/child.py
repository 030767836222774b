"""The process in which jobs run: takes them one after the other, and dies with the worker that started it.

Started by `worker` as `python -m kontor.jobs.child NAME [--quick]`. Standard input is the lifeline: "stop" asks to end
after the present job, its end means that the worker is gone. Standard output carries one JSON object per line: the
job that is being run, or null.
"""

import ctypes
import json
import logging
import os
import signal
import sys
import threading
import time
from typing import IO

import django
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

POLL_S = 0.5
DUE_EVERY_S = 1.0
MAX_JOBS = 500
"""after which the process makes room for a fresh one"""

logger = logging.getLogger(__name__)


def main(arguments: list[str]) -> int:
    """Take and run jobs until told to stop; the result is the exit code."""
    _die_with_parent()
    report = _take_standard_output()
    stop = threading.Event()
    threading.Thread(target=_watch_lifeline, args=[stop], daemon=True).start()
    django.setup()
    name, is_quick = arguments[0], "--quick" in arguments[1:]
    _work(name, report, stop, is_quick=is_quick)
    connection.close()
    return 0


def _work(name: str, report: IO[str], stop: threading.Event, *, is_quick: bool) -> None:
    from kontor.jobs import registry, services
    from kontor.jobs.runner import run_job, start_what_is_due

    tasks = registry.tasks()
    names = [task.name for task in tasks.values() if not (is_quick and task.is_long)]
    are_periods_planned = False
    due_at = 0.0
    num_run = 0
    while not stop.is_set() and num_run < MAX_JOBS:
        try:
            if not are_periods_planned:
                services.plan_periodic(registry.periods())
                are_periods_planned = True
            if time.monotonic() >= due_at:
                start_what_is_due()
                due_at = time.monotonic() + DUE_EVERY_S
            job = services.claim(name, names=names)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database does not answer: %s", error)
            connection.close()
            stop.wait(DUE_EVERY_S)
            continue
        if job is None:
            stop.wait(POLL_S)
            continue
        task = tasks[job.name]
        _say(report, {"id": job.pk, "fence": job.fence, "limit_s": task.limit_s, "title": str(job)})
        run_job(job, task)
        close_old_connections()
        _say(report, None)
        num_run += 1
        if task.is_long:
            return  # a fresh process gives back the memory of a large problem


def _say(report: IO[str], job: dict[str, object] | None) -> None:
    report.write(json.dumps(job) + "\n")
    report.flush()


def _die_with_parent() -> None:
    """On Linux the kernel kills this process when the worker ends, whatever it is computing at that moment."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the worker decides
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGKILL)


def _take_standard_output() -> IO[str]:
    """Keep the pipe to the worker for reports; whatever a task prints goes to the error stream."""
    report = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return report


def _watch_lifeline(stop: threading.Event) -> None:
    """Where the kernel does not watch (or the worker died before it could), the closed pipe tells.

    Read without Python's buffers: their lock would hold up the end of the process.
    """
    while os.read(0, 4096):  # whatever is said, it means "stop"
        stop.set()
    os._exit(75)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
