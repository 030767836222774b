"""What a task may say and ask while it runs: progress, cancellation, and writes that count only while the job is its own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from kontor.jobs import services
from kontor.jobs.models import Job

PROGRESS_EVERY_S = 0.25
ASK_EVERY_S = 0.5


class JobContext:
    """The running attempt at one job. Not for use by several threads."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.fence = job.fence
        self.is_finished = False
        self._figures: dict[str, object] = dict(job.progress)
        self._written_at = float("-inf")
        self._asked_at = float("-inf")
        self._cancelled = False

    @property
    def previous_progress(self) -> dict[str, object]:
        """What the last attempt reported; a place for what is needed to go on."""
        return dict(self.job.progress)

    def progress(self, **figures: object) -> None:
        """Report figures (JSON); may be called as often as one likes, is written four times a second.

        Figures of earlier calls remain. Raises `StaleLease` if the job was taken over.
        """
        self._figures |= figures
        if time.monotonic() - self._written_at >= PROGRESS_EVERY_S:
            services.report_progress(self.job.pk, self.fence, figures=self._figures)
            self._written_at = time.monotonic()

    def is_cancelled(self) -> bool:
        """Whether somebody wants the job to end; the task then cleans up and returns. Cheap to ask often."""
        if not self._cancelled and time.monotonic() - self._asked_at >= ASK_EVERY_S:
            self._cancelled = services.is_cancel_requested(self.job.pk, self.fence)
            self._asked_at = time.monotonic()
        return self._cancelled

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """A transaction that holds the job's row: what is written inside is refused if the job was taken over.

        For steps on the way; the job goes on. Raises `StaleLease`.
        """
        with transaction.atomic():
            services.lock_own(self.job.pk, self.fence)
            yield

    @contextmanager
    def finishing(self, **figures: object) -> Iterator[None]:
        """Like `fenced`, and the job is done in the same transaction: result and end are written both or not at all."""
        self._figures |= figures
        with self.fenced():
            yield
            services.finish(self.job.pk, self.fence, progress=self._figures)
        self.is_finished = True

    def close(self) -> None:
        """End the attempt of a task that returned without `finishing`: done, or cancelled if that was wished."""
        if not self.is_finished:
            services.finish_or_cancel(self.job.pk, self.fence, progress=self._figures)
            self.is_finished = True
