"""Checks of the whole database that `kontor check` runs, and those of `jobs` itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from kontor.jobs.models import Job, Mail

Check = Callable[[], Iterator[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one check found."""

    rule: str
    faults: tuple[str, ...]


_checks: dict[str, Check] = {}


def integrity_check(rule: str) -> Callable[[Check], Check]:
    """Declare a check in an app's `integrity.py`: a rule in words, and a sentence for each row that breaks it."""

    def declare(check: Check) -> Check:
        if rule in _checks:
            raise ValueError(f"two checks are called {rule!r}")
        _checks[rule] = check
        return check

    return declare


def run_checks() -> list[Outcome]:
    """Run all checks of all apps, in the order of the rules' names."""
    autodiscover_modules("integrity")
    return [Outcome(rule=rule, faults=tuple(check())) for rule, check in sorted(_checks.items())]


@integrity_check("every job is finished, leased or waiting")
def jobs_are_accounted_for() -> Iterator[str]:
    """A lease that ran out a minute ago should have been taken over."""
    overdue = timezone.now() - 6 * Job.LEASE
    for job in Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=overdue):
        yield f"Job {job} is running, but its lease ran out at {job.lease_until:%Y-%m-%d %H:%M:%S}."
    for job in Job.objects.exclude(state__in=Job.State.values):
        yield f"Job {job} is in the unknown state {job.state!r}."


@integrity_check("every job has a task")
def jobs_have_tasks() -> Iterator[str]:
    from kontor.jobs.registry import tasks

    for job in Job.objects.unfinished().exclude(name__in=tasks()):
        yield f"Job {job} waits, but no task has its name."


@integrity_check("every mail has its cause")
def mails_have_their_cause() -> Iterator[str]:
    """The row that caused a mail exists as long as the mail can still be sent."""
    pending = Mail.objects.filter(state__in=[Mail.State.HELD, *Mail.UNSENT]).order_by("cause_type")
    ids_by_type: dict[str, dict[str, str]] = {}
    for cause_type, cause_id, public_id in pending.values_list("cause_type", "cause_id", "public_id"):
        ids_by_type.setdefault(cause_type, {})[cause_id] = public_id
    for cause_type, mails in ids_by_type.items():
        try:
            model = apps.get_model(cause_type)
        except LookupError:
            yield f"Mail {next(iter(mails.values()))} is caused by {cause_type}, which does not exist."
            continue
        found = {str(pk) for pk in model._base_manager.values_list("pk", flat=True)}  # noqa: SLF001 -- documented
        for cause_id in mails.keys() - found:
            yield f"Mail {mails[cause_id]} was caused by {cause_type} {cause_id}, which is gone."
