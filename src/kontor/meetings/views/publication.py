"""Pages of a publication: compare a draft with what people know, publish it, look at the mails."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.accounts.permissions import signed_in
from kontor.errors import DomainError
from kontor.events.permissions import organised_event_or_404
from kontor.jobs.clock import now
from kontor.jobs.models import Mail
from kontor.jobs.outbox import discard_mails
from kontor.meetings.emails.publication import group_of
from kontor.meetings.phrases import join_sentences
from kontor.meetings.queries.changes import Difference, compare_with_published, moved_meetings
from kontor.meetings.services import publication as publishing
from kontor.meetings.views.plan import run_or_404
from kontor.routes import ORGANISERS, page
from kontor.ui.formatting import format_number

SHOWN = 200
"""more moved meetings than this are not listed, only counted"""


@page(roles=ORGANISERS, of="meetings.PlanRun")
def plan_compare(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What a draft would change for people, and the button that publishes it, unless nothing would change."""
    run = run_or_404(signed_in(request), slug, number)
    if not run.has_draft:
        raise Http404
    difference = compare_with_published(run)
    context = {
        "event": run.event,
        "run": run,
        "publication": vars(run)["publication"],
        "difference": difference,
        "changes": _change_sentences(difference),
        "rows": moved_meetings(run, size=SHOWN) if difference.moved or difference.removed else [],
        "num_rows": difference.moved + difference.removed,
    }
    return render(request, "meetings/plan_compare.html", context)


def _change_sentences(difference: Difference) -> str:
    """12 meetings are new. 3 meetings move."""
    parts = [
        (
            ngettext("%(count)s meeting is new.", "%(count)s meetings are new.", difference.new),
            difference.new,
        ),
        (
            ngettext("%(count)s meeting moves.", "%(count)s meetings move.", difference.moved),
            difference.moved,
        ),
        (
            ngettext(
                "%(count)s meeting is taken out.", "%(count)s meetings are taken out.", difference.removed
            ),
            difference.removed,
        ),
        (
            ngettext(
                "%(count)s meeting gets another interpreter.",
                "%(count)s meetings get another interpreter.",
                difference.replaced,
            ),
            difference.replaced,
        ),
    ]
    return join_sentences(text % {"count": format_number(count)} for text, count in parts if count)


@page(roles=ORGANISERS, of="meetings.PlanRun", methods=("POST",))
def plan_publish(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Publish a draft; its mails wait to be looked at."""
    user = signed_in(request)
    run = run_or_404(user, slug, number)
    after = int(value) if (value := request.POST.get("after_number", "")).isdecimal() else 0
    try:
        publication = publishing.publish_plan(run, after_number=after, by=user, at=now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("meetings:plan-compare", slug, number)
    messages.success(request, _("The plan is published. Look at the mails before they are sent."))
    return redirect("meetings:plan-mails", slug, publication.number)


@page(roles=ORGANISERS, of="meetings.Publication", methods=("GET", "POST"))
def plan_mails(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The mails of a publication: look at them, then send or discard all of them."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    publication = event.publications.filter(number=number).first()
    if publication is None:
        raise Http404
    group = group_of(publication)
    if request.method == "POST":
        if request.POST.get("act") == "send":
            count = publishing.send_mails(publication, by=user, at=now())
            messages.success(
                request,
                ngettext("%(count)s mail is being sent.", "%(count)s mails are being sent.", count)
                % {"count": count},
            )
        else:
            discard_mails(group, by=user, at=now())
            messages.success(request, _("The mails are discarded. The plan stays published."))
        return redirect("meetings:plan-mails", slug, number)
    mails = Mail.objects.in_group(group).select_related("user")
    wanted = request.GET.get("mail", "")
    context = {
        "event": event,
        "publication": publication,
        **mails.aggregate(num_mails=Count("id"), num_held=Count("id", filter=Q(state=Mail.State.HELD))),
        "mails": mails.order_by("id")[:50],
        "shown": (mails.filter(public_id=wanted).first() if wanted else None) or mails.order_by("id").first(),
    }
    return render(request, "meetings/plan_mails.html", context)
