"""Health of the site, and the operator's pages about jobs and mails."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from kontor.jobs import clock, outbox, services
from kontor.jobs.models import Job, Mail, Worker, is_operator
from kontor.jobs.queries import readiness
from kontor.jobs.words import field_words, job_words
from kontor.routes import ROLES, page
from kontor.ui.components import Chip, Tone
from kontor.ui.paging import cursor_page

JOB_TONES: Mapping[str, Tone] = {
    Job.State.READY: "outline",
    Job.State.RUNNING: "warn",
    Job.State.SUCCEEDED: "ok",
    Job.State.FAILED: "no",
    Job.State.CANCELLED: "",
}
MAIL_TONES: Mapping[str, Tone] = {
    Mail.State.HELD: "warn",
    Mail.State.WAITING: "outline",
    Mail.State.SENDING: "outline",
    Mail.State.SENT: "ok",
    Mail.State.FAILED: "no",
    Mail.State.DISCARDED: "",
}


@page(roles=ROLES)
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 -- Django passes it
    """The process answers."""
    return JsonResponse({"status": "ok"})


@page(roles=ROLES)
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 -- Django passes it
    """The site can serve people: 200, else 503."""
    found = readiness()
    return JsonResponse(
        {
            "status": "ok" if found.is_ready else "not ready",
            "database": found.is_database_writable,
            "worker": found.is_worker_alive,
            "queue_age_s": found.queue_age_s,
        },
        status=200 if found.is_ready else 503,
    )


@page(roles=["operator"])
def list_jobs(request: HttpRequest) -> HttpResponse:
    """The newest jobs without those of routine, or all of one state."""
    _operator(request)
    jobs = Job.objects.visible_to(request.user)
    counts = dict(jobs.order_by().values_list("state").annotate(Count("id")))
    state = _chosen(request, Job.State.values)
    listed = jobs.filter(state=state) if state else jobs.exclude(pk__in=Job.objects.routine())
    shown = cursor_page(request, listed, ("-created_at", "-id"))
    context = {
        "page": shown,
        "rows": [(job, job_words(job), _job_chip(job)) for job in shown.rows],
        "states": _tabs(Job.State.choices, counts),
        "state": state,
        "num_failed": counts.get(Job.State.FAILED, 0),
        "num_workers": Worker.objects.filter(beat_at__gt=timezone.now() - Worker.ALIVE).count(),
    }
    return render(request, "jobs/job_list.html", context)


@page(roles=["operator"], of="jobs.Job")
def show_job(request: HttpRequest, public_id: str) -> HttpResponse:
    """One job with its arguments, progress and error."""
    job = get_object_or_404(Job.objects.visible_to(request.user), public_id=public_id)
    context = {
        "job": job,
        "words": job_words(job),
        "arguments": field_words(job.arguments),
        "progress": field_words(job.progress),
        "chip": _job_chip(job),
    }
    return render(request, "jobs/job_show.html", context)


@page(roles=["operator"], of="jobs.Job", methods=["POST"])
def retry_job(request: HttpRequest, public_id: str) -> HttpResponse:
    """Start the work of an ended job afresh."""
    job = get_object_or_404(Job.objects.visible_to(request.user), public_id=public_id)
    if not job.is_finished:
        messages.warning(request, _("The job has not ended yet."))
        return redirect("jobs:job-show", job.public_id)
    again = services.retry(job)
    messages.success(request, _("The job was started again."))
    return redirect("jobs:job-show", again.public_id)


@page(roles=["operator"], of="jobs.Job", methods=["POST"])
def cancel_job(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a job that waits or runs."""
    job = get_object_or_404(Job.objects.visible_to(request.user), public_id=public_id)
    if services.request_cancel(job):
        messages.success(request, _("The job is being cancelled."))
    else:
        messages.warning(request, _("The job had already ended."))
    return redirect("jobs:job-show", job.public_id)


@page(roles=["operator"])
def list_mails(request: HttpRequest) -> HttpResponse:
    """The newest mails, of one state or group if wished."""
    _operator(request)
    mails = Mail.objects.visible_to(request.user)
    group = request.GET.get("group", "")
    if group:
        mails = mails.filter(group=group)
    counts = dict(mails.order_by().values_list("state").annotate(Count("id")))
    state = _chosen(request, Mail.State.values)
    shown = cursor_page(request, mails.filter(state=state) if state else mails, ("-created_at", "-id"))
    context = {
        "page": shown,
        "rows": [(mail, _mail_chip(mail)) for mail in shown.rows],
        "states": _tabs(Mail.State.choices, counts),
        "state": state,
        "group": group,
        "num_held": counts.get(Mail.State.HELD, 0),
        "num_failed": counts.get(Mail.State.FAILED, 0),
    }
    return render(request, "jobs/mail_list.html", context)


@page(roles=["operator"], of="jobs.Mail")
def show_mail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One mail as its reader gets it."""
    mail = get_object_or_404(Mail.objects.visible_to(request.user), public_id=public_id)
    may_release = mail.state in {Mail.State.HELD, Mail.State.FAILED}
    may_discard = may_release or mail.state == Mail.State.WAITING
    context = {"mail": mail, "chip": _mail_chip(mail), "may_release": may_release, "may_discard": may_discard}
    return render(request, "jobs/mail_show.html", context)


@page(roles=["operator"], of="jobs.Mail", methods=["POST"])
def release_mail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let a held or failed mail go."""
    mail = get_object_or_404(Mail.objects.visible_to(request.user), public_id=public_id)
    if outbox.release_mail(mail, by=_operator(request), at=clock.now()):
        messages.success(request, _("The mail will be sent."))
    else:
        messages.warning(request, _("This mail cannot be released any more."))
    return redirect("jobs:mail-show", mail.public_id)


@page(roles=["operator"], of="jobs.Mail", methods=["POST"])
def discard_mail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a mail away that was not sent."""
    mail = get_object_or_404(Mail.objects.visible_to(request.user), public_id=public_id)
    if outbox.discard_mail(mail, by=_operator(request), at=clock.now()):
        messages.success(request, _("The mail was discarded."))
    else:
        messages.warning(request, _("This mail cannot be discarded any more."))
    return redirect("jobs:mail-show", mail.public_id)


@page(roles=["operator"], methods=["POST"])
def decide_group(request: HttpRequest) -> HttpResponse:
    """Release or discard all held mails of a group."""
    user = _operator(request)
    group = request.POST.get("group", "")
    if not group:
        raise Http404
    if "discard" in request.POST:
        num = outbox.discard_mails(group, by=user, at=clock.now())
        done = ngettext("%(num)s mail was discarded.", "%(num)s mails were discarded.", num)
    else:
        num = outbox.release_mails(group, by=user, at=clock.now())
        done = ngettext("%(num)s mail will be sent.", "%(num)s mails will be sent.", num)
    messages.success(request, done % {"num": num})
    return redirect("jobs:mail-list")


def _operator(request: HttpRequest) -> AbstractBaseUser:
    """The signed-in operator; anybody else finds nothing here."""
    user = request.user
    if isinstance(user, AnonymousUser) or not is_operator(user):
        raise Http404
    return user


def _chosen(request: HttpRequest, states: list[str]) -> str:
    state = request.GET.get("state", "")
    return state if state in states else ""


def _tabs(
    choices: Sequence[tuple[str, str | Promise]], counts: Mapping[str, int]
) -> list[tuple[str, str, int]]:
    return [(value, str(label), counts[value]) for value, label in choices if counts.get(value)]


def _job_chip(job: Job) -> Chip:
    return Chip(text=job.get_state_display(), tone=JOB_TONES[job.state])


def _mail_chip(mail: Mail) -> Chip:
    return Chip(text=mail.get_state_display(), tone=MAIL_TONES[mail.state])
