"""The worker: keeps processes that run jobs, prolongs the leases of their jobs, and ends what must not go on."""

import contextlib
import functools
import json
import logging
import os
import secrets
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from django.db import DatabaseError, InterfaceError, connection

from kontor.jobs import services

BEAT_S = 3.0
WORKER_BEAT_S = 10.0
CANCEL_GRACE_S = 15.0
"""for a job that was cancelled but does not ask"""
STALE_GRACE_S = 2.0
"""between the end of a job in the table and its process saying so"""
RESTART_PAUSE_S = 3.0
"""before a process that ended too soon is started again"""
KILL_WAIT_S = 2.0
"""for the kernel to remove a process that was killed"""

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class RunningJob:
    """What a process says it is working on, with moments on the monotonic clock."""

    id: int
    fence: int
    title: str
    ends_at: float
    """limit of the attempt"""
    cancel_seen_at: float | None = None
    stale_seen_at: float | None = None

    def why_to_end(self, now: float) -> str:
        """The reason for which its process has to be killed, or nothing."""
        if self.stale_seen_at is not None and now > self.stale_seen_at + STALE_GRACE_S:
            return "It was taken over or ended, but its process went on."
        if self.cancel_seen_at is not None and now > self.cancel_seen_at + CANCEL_GRACE_S:
            return "It was cancelled and did not ask, so its process was ended."
        if now > self.ends_at:
            return "It took longer than its limit, so its process was ended."
        return ""


@dataclass(slots=True, kw_only=True)
class Process:
    """One process that runs jobs."""

    popen: subprocess.Popen[bytes]
    lifeline: int
    """our end of its standard input"""
    reports: int
    """our end of its standard output"""
    started_at: float = field(default_factory=time.monotonic)
    unread: bytes = b""
    job: RunningJob | None = None
    is_told_to_stop: bool = False

    def kill(self) -> None:
        """End it and wait until it is gone: what is said of its job afterwards holds. One stuck in the kernel is left."""
        self.popen.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(timeout=KILL_WAIT_S)


class Worker:
    """Runs until SIGTERM or SIGINT; single-threaded, so that the kernel's watch over the children holds."""

    def __init__(self, *, num_processes: int = 2, grace_s: float = 10.0) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"[-100:]
        self._lanes = {number: number == 0 and num_processes > 1 for number in range(num_processes)}
        self._processes: dict[int, Process] = {}
        self._start_at = dict.fromkeys(self._lanes, 0.0)
        self._selector = selectors.DefaultSelector()
        self._grace_s = grace_s
        self._stop_by: float | None = None
        self._beat_at = 0.0
        self._worker_beat_at = 0.0

    def run(self) -> int:
        """Work until told to stop; unfinished jobs are handed back. The result is the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        logger.info("worker %s begins", self.name)
        try:
            while self._stop_by is None or self._processes:
                self._start_missing()
                self._listen(timeout_s=0.5)
                self._beat()
                if self._stop_by is not None:
                    self._stop_all(is_over=time.monotonic() >= self._stop_by)
        finally:
            for process in self._processes.values():
                process.kill()
            self._selector.close()
        self._try(lambda: services.remove_worker(self.name))
        connection.close()
        logger.info("worker %s ends", self.name)
        return 0

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """The first signal lets running jobs end within the grace, a second one does not wait."""
        self._stop_by = time.monotonic() + (self._grace_s if self._stop_by is None else 0.0)

    def _start_missing(self) -> None:
        for number, is_quick in self._lanes.items():
            if (
                self._stop_by is None
                and number not in self._processes
                and time.monotonic() >= self._start_at[number]
            ):
                words = [
                    sys.executable,
                    "-m",
                    "kontor.jobs.child",
                    self.name,
                    *(["--quick"] if is_quick else []),
                ]
                self._processes[number] = process = _start(words)
                self._selector.register(process.reports, selectors.EVENT_READ, number)

    def _listen(self, *, timeout_s: float) -> None:
        for key, _events in self._selector.select(timeout_s):
            process = self._processes[key.data]
            while chunk := _read(key.fd):
                process.unread += chunk
                *lines, process.unread = process.unread.split(b"\n")
                for line in lines:
                    process.job = _understand(line)
            if chunk is not None:
                self._bury(key.data)

    def _bury(self, number: int) -> None:
        """A process has ended: if it had a job, that attempt failed."""
        process = self._processes.pop(number)
        self._selector.unregister(process.reports)
        os.close(process.reports)
        os.close(process.lifeline)
        code = process.popen.wait()
        if time.monotonic() - process.started_at < RESTART_PAUSE_S:
            self._start_at[number] = time.monotonic() + RESTART_PAUSE_S
        if process.job is not None:
            self._fail(process.job, f"The process ended with {_describe(code)}.")

    def _beat(self) -> None:
        now = time.monotonic()
        if now >= self._beat_at:
            self._beat_at = now + BEAT_S
            for process in self._processes.values():
                if process.job is not None:
                    self._prolong(process.job, now)
        for process in self._processes.values():
            if process.job is not None and (reason := process.job.why_to_end(now)):
                job, process.job = process.job, None
                process.kill()
                self._fail(job, reason)
        if now >= self._worker_beat_at and self._try(lambda: services.beat_worker(self.name)):
            self._worker_beat_at = now + WORKER_BEAT_S

    def _prolong(self, job: RunningJob, now: float) -> None:
        try:
            services.heartbeat(job.id, job.fence)
            if job.cancel_seen_at is None and services.is_cancel_requested(job.id, job.fence):
                job.cancel_seen_at = now
        except services.StaleLease:
            job.stale_seen_at = job.stale_seen_at or now
        except (DatabaseError, InterfaceError) as error:
            _complain(error)

    def _stop_all(self, *, is_over: bool) -> None:
        """Ask the processes to end after their job; when the grace is over, end them and hand their jobs back."""
        for process in self._processes.values():
            if not process.is_told_to_stop:
                process.is_told_to_stop = True
                with contextlib.suppress(BrokenPipeError):
                    os.write(process.lifeline, b"stop\n")
            if is_over:
                process.kill()
                if (job := process.job) is not None:
                    process.job = None
                    self._try(functools.partial(services.hand_back, job.id, job.fence))

    def _fail(self, job: RunningJob, error: str) -> None:
        logger.warning("%s: %s", job.title, error)
        self._try(lambda: services.fail(job.id, job.fence, error=error))

    def _try(self, action: Callable[[], None]) -> bool:
        """What cannot be written now is made up for by the end of the lease."""
        try:
            action()
        except services.StaleLease as stale:
            logger.warning("%s", stale)
        except (DatabaseError, InterfaceError) as error:
            _complain(error)
            return False
        return True


def _complain(error: Exception) -> None:
    logger.warning("The database does not answer: %s", error)
    connection.close()


def _start(words: list[str]) -> Process:
    its_input, lifeline = os.pipe()
    reports, its_output = os.pipe()
    try:
        popen = subprocess.Popen(words, stdin=its_input, stdout=its_output)
    finally:
        os.close(its_input)
        os.close(its_output)
    os.set_blocking(reports, False)
    return Process(popen=popen, lifeline=lifeline, reports=reports)


def _read(fd: int) -> bytes | None:
    """What a process said; nothing at its end, None if there is no more for now."""
    try:
        return os.read(fd, 65_536)
    except BlockingIOError:
        return None


def _understand(line: bytes) -> RunningJob | None:
    said = json.loads(line)
    if said is None:
        return None
    return RunningJob(
        id=said["id"],
        fence=said["fence"],
        title=said["title"],
        ends_at=time.monotonic() + said["limit_s"],
    )


def _describe(code: int) -> str:
    return f"signal {-code} ({signal.Signals(-code).name})" if code < 0 else f"exit status {code}"
