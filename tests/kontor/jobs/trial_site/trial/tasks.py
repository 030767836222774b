"""Tasks that behave well and badly."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import ClassVar

from kontor.errors import DomainError
from kontor.jobs import outbox
from kontor.jobs.context import JobContext
from kontor.jobs.registry import task


class AlreadyAnswered(DomainError):
    sentence: ClassVar[str] = "The request %(number)s was answered before."


@task("trial.work")
def work(context: JobContext, *, first_s: float = 0.0, first_waits_for: str = "") -> None:
    """Leave exactly one effect; the first attempt sleeps before, or waits until there is such a file."""
    context.progress(pid=os.getpid(), fence=context.fence)
    if context.fence == 1:
        time.sleep(first_s)
        while first_waits_for and not Path(first_waits_for).exists():
            time.sleep(0.05)
    with context.finishing(result=context.fence):
        outbox.queue_mail(
            outbox.NewMail(
                to="guest@example.org",
                subject=f"effect of attempt {context.fence}",
                body="done",
                language="en",
                cause=context.job,
                key=f"effect {context.job.public_id} {context.fence}",
                is_held=True,
            )
        )


@task("trial.compute")
def compute(context: JobContext, *, seconds: int) -> None:
    """Spend the time in one C call that never lets go of the interpreter, as a solver may."""
    context.progress(pid=os.getpid())
    ctypes.PyDLL(None).sleep(seconds)


@task("trial.plan", is_long=True)
def plan(context: JobContext) -> None:
    """Report until cancelled."""
    steps = 0
    while not context.is_cancelled():
        steps += 1
        context.progress(steps=steps, pid=os.getpid())
        time.sleep(0.05)
    context.progress(cleaned_up=True)


@task("trial.ignore_cancellation")
def ignore_cancellation(context: JobContext) -> None:
    context.progress(pid=os.getpid())
    time.sleep(600)


@task("trial.overrun", limit_s=1)
def overrun(context: JobContext) -> None:
    time.sleep(600)


@task("trial.raise_error")
def raise_error(context: JobContext) -> None:
    print("this goes to the error stream")
    raise RuntimeError("the disk of the moon is full")


@task("trial.refuse")
def refuse(context: JobContext) -> None:
    raise AlreadyAnswered(number=7)


@task("trial.kill_itself")
def kill_itself(context: JobContext) -> None:
    sys.stderr.flush()
    os.kill(os.getpid(), signal.SIGKILL)
