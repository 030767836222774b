"""The meeting plan: search it, stop and go on, change it by hand, publish it, tell everybody concerned."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.errors import DomainError
from kontor.events.models import Event
from kontor.jobs import clock
from kontor.jobs.context import JobContext
from kontor.jobs.models import Job
from kontor.jobs.services import enqueue, request_cancel
from kontor.meetings.models import Meeting, PlanRun
from kontor.meetings.phrases import join_clauses
from kontor.meetings.planner import build_instance, edited_plan, free_places, search, violations_of
from kontor.meetings.services.drafts import store_draft

Place = dict[str, Any]


class RunInProgress(DomainError):
    """One planning run per event at a time."""

    sentence = _("A planning run is at work already. Wait until it has finished, or stop it.")


class NothingToPlan(DomainError):
    """There are no agreed meetings, or no slots."""

    sentence = _(
        "There is nothing to plan yet: the event needs meeting times, and at least one agreed meeting."
    )


class RuleBroken(DomainError):
    """A change by hand would break hard rules."""

    sentence = _("This place does not work: %(violations)s")

    def __init__(self, *, rules: tuple[str, ...], violations: str) -> None:
        self.rules = rules
        super().__init__(violations=violations)


class DraftChanged(DomainError):
    """Somebody else changed the draft in the meantime."""

    sentence = _(
        "Somebody else changed this draft in the meantime. It is shown as it is now; please try again."
    )


class NothingPublished(DomainError):
    """There is no plan to repair."""

    sentence = _("No plan is published yet, so there is nothing to repair. Search a plan instead.")


class NoSuchPlace(DomainError):
    """The form named no place."""

    sentence = _("Please choose one of the places shown.")


class NoDraft(DomainError):
    """The run has not produced a plan."""

    sentence = _("This run has not produced a plan.")


@transaction.atomic
def start_run(
    event: Event,
    *,
    seconds: int,
    by: User | None,
    at: datetime,
    continues: PlanRun | None = None,
    may_move_published: bool = False,
    is_repair: bool = False,
    seed: int = 0,
) -> PlanRun:
    """Queue a planning run: from scratch, from the draft of an earlier one, or a repair of the published plan.

    Raises RunInProgress, NothingToPlan, NothingPublished.
    """
    Event.objects.select_for_update().get(pk=event.pk)
    settle_runs(event, at=at)
    if not event.slots.exists() or not event.meetings.agreed().exists():
        raise NothingToPlan
    if is_repair and not event.publications.exists():
        raise NothingPublished
    run = PlanRun(
        event=event,
        seconds=seconds,
        seed=seed,
        continues=continues,
        may_move_published=may_move_published,
        is_repair=is_repair,
        started_by=by,
        created_at=at,
    )
    save_new_run(run)
    run.job = enqueue("meetings.plan_event", arguments={"run": run.public_id})
    run.save(update_fields=("job",))
    record("planning_started", by=by, subject=run, at=at, event=event.public_id)
    return run


def save_new_run(run: PlanRun) -> None:
    """Save a new run under the next number; the caller holds the transaction, and gives it the job that makes its draft.

    Raises RunInProgress.
    """
    run.number = (run.event.plan_runs.aggregate(last=models.Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError as error:
        raise RunInProgress from error


def settle_runs(event: Event, *, at: datetime) -> None:
    """Runs whose job ended without a result (cancelled while waiting, or set aside after failures) are ended too."""
    for run in event.plan_runs.filter(state__in=("waiting", "running")).select_related("job"):
        if run.job is None or run.job.is_finished:
            was_cancelled = run.job is not None and run.job.state == Job.State.CANCELLED
            run.state = PlanRun.State.STOPPED if was_cancelled else PlanRun.State.FAILED
            run.finished_at = at
            run.save(update_fields=("state", "finished_at"))


def search_plan(run: PlanRun, *, context: JobContext) -> None:
    """The job: build the problem, search, store the checked plan together with the end of the job.

    Safe to run twice: a run that has a plan is left alone, and a result of a lost lease is refused.
    """
    if run.plan:
        return
    instance = build_instance(run.event, at=run.created_at, may_move_published=run.may_move_published)
    with context.fenced():
        run.instance, run.state = instance, PlanRun.State.RUNNING
        run.save(update_fields=("instance", "state"))
    was_stopped = False

    def is_cancelled() -> bool:
        nonlocal was_stopped
        was_stopped = was_stopped or context.is_cancelled()
        return was_stopped

    plan = search(
        instance,
        seconds=run.seconds,
        seed=run.seed,
        start=run.continues.plan if run.continues and run.continues.plan else None,
        is_repair=run.is_repair,
        is_cancelled=is_cancelled,
        on_progress=lambda progress: context.progress(total=len(instance["meetings"]), **asdict(progress)),
    )
    with context.finishing(placed=plan["measures"]["placed"], gaps=plan["measures"]["gaps"]):
        run.state = PlanRun.State.STOPPED if was_stopped else PlanRun.State.FINISHED
        run.finished_at = clock.now()
        store_draft(run, plan, fields=("state", "finished_at"))
        if run.is_repair:
            enqueue("meetings.draw_curve", arguments={"run": run.public_id})


def plan_now(
    event: Event, *, seconds: int, seed: int, by: User | None, at: datetime, report: Callable[[int], None]
) -> PlanRun:
    """Search a plan inside the caller's own job; `report` gets the number of placed meetings."""
    instance = build_instance(event, at=at)
    plan = search(
        instance,
        seconds=seconds,
        seed=seed,
        start=None,
        is_cancelled=lambda: False,
        on_progress=lambda progress: report(progress.placed),
    )
    last = event.plan_runs.aggregate(last=models.Max("number"))["last"] or 0
    with transaction.atomic():
        run = PlanRun.objects.create(
            event=event,
            number=last + 1,
            state=PlanRun.State.FINISHED,
            seconds=seconds,
            seed=seed,
            instance=instance,
            started_by=by,
            created_at=at,
            finished_at=at,
        )
        store_draft(run, plan)
    return run


def stop_run(run: PlanRun, *, by: User, at: datetime) -> None:
    """Ask a run to end with the best plan it has found so far."""
    if run.job is not None and not run.job.is_finished:
        request_cancel(run.job)
        record("planning_stopped", by=by, subject=run, at=at, event=run.event.public_id)
    settle_runs(run.event, at=at)


@transaction.atomic
def move_meeting(
    run: PlanRun, meeting: str, *, place: Place | None, num_edits: int, by: User, at: datetime
) -> PlanRun:
    """Give one meeting of a draft another place, or none. Raises NoDraft, DraftChanged, RuleBroken."""
    locked = PlanRun.objects.select_for_update(of=("self",)).select_related("event").get(pk=run.pk)
    if not locked.plan:
        raise NoDraft
    if locked.num_edits != num_edits:
        raise DraftChanged
    places = {**locked.plan["meetings"], meeting: place}
    if place is not None and (broken := violations_of(locked.instance, places)):
        raise RuleBroken(
            rules=tuple(violation.rule for violation in broken),
            violations=join_clauses(
                str(RULE_TEXTS[rule]) for rule in dict.fromkeys(one.rule for one in broken)
            ),
        )
    locked.num_edits += 1
    store_draft(locked, edited_plan(locked.instance, locked.plan, places), fields=("num_edits",))
    record(
        "meeting_moved_by_hand",
        by=by,
        subject=locked,
        at=at,
        event=locked.event.public_id,
        data={"meeting": meeting},
    )
    return locked


def places_for(run: PlanRun, meeting: str) -> list[Place]:
    """Where one meeting of a draft could go while the others stay."""
    return free_places(run.instance, run.plan["meetings"], meeting)


RULE_TEXTS = {
    "H1": _("one of the people has another meeting then"),
    "H2": _("one of the people is not available then, or the meeting is fixed to another time"),
    "H3": _("the table is taken or closed then"),
    "H4": _("no interpreter is free then, or the interpreter would have no pause"),
    "H5": _("one of the people could not walk from hall to hall in time"),
    "H6": _("the meeting would not lie after one that must come first"),
    "H7": _("the meeting must be in another hall"),
    "H8": _("the time is over, or the meeting is locked"),
    "H9": _("somebody would have too many gaps"),
    "H10": _("too many published meetings would change"),
}
"""What a broken hard rule means, in words; the numbers are those of the file format."""


@transaction.atomic
def set_lock(run: PlanRun, meeting: Meeting, *, is_locked: bool, by: User, at: datetime) -> None:
    """Keep a meeting where the draft has it, in every later run, or let it go again. Raises NoDraft."""
    place = run.plan.get("meetings", {}).get(meeting.public_id)
    if is_locked and place is None:
        raise NoDraft
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    locked.is_locked = is_locked
    locked.fixed_slot = run.event.slots.get(position=place["slot"]) if is_locked else None
    locked.hall = (
        run.event.halls.get(public_id=place["hall"]) if is_locked and locked.booth_id is None else None
    )
    locked.save(update_fields=("is_locked", "fixed_slot", "hall"))
    record(
        "meeting_locked" if is_locked else "meeting_unlocked",
        by=by,
        subject=locked,
        at=at,
        event=run.event.public_id,
    )
