"""Something happened: say what, see which meetings it concerns, and let the plan be repaired."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.errors import DomainError, outcome_told
from kontor.events.models import Event, Interpreter, Participation, Table
from kontor.events.permissions import organised_event_or_404
from kontor.jobs.clock import now
from kontor.meetings.forms import IncidentForm
from kontor.meetings.models import Recovery
from kontor.meetings.queries.incidents import stranded_meetings
from kontor.meetings.queries.recovery import offer_rows
from kontor.meetings.services import incidents, plan, recovery
from kontor.routes import ORGANISERS, page

SHOWN, FOUND = 50, 20
REPAIR_S = 10
"""time for what the quick repair leaves open"""


@page(roles=ORGANISERS, of="events.Event", methods=("GET", "POST"))
def plan_incidents(request: HttpRequest, slug: str) -> HttpResponse:
    """Who or what is missing from when to when, and the published meetings that cannot take place."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    at = now()
    slots = list(event.slots.filter(starts_at__gt=at).order_by("position"))
    thing = _thing(event, request.POST.get("thing", "")) if request.method == "POST" else None
    form = IncidentForm(request.POST or None, slots=slots, zone=event.zone)
    if request.method == "POST" and thing is None:
        form.add_error(None, _("Please choose who or what is missing."))
    elif thing is not None and form.is_valid():
        by_position = {slot.position: slot for slot in slots}
        first, last = (by_position[int(form.cleaned_data[name])] for name in ("first", "last"))
        incidents.report_incident(event, thing, first=first, last=last, by=user, at=at)
        messages.success(
            request, _("Written down. The published plan stays as it is until you publish a repaired one.")
        )
        return redirect("meetings:plan-incidents", slug)
    words = request.GET.get("q", "").strip()[:100]
    stranded, total = stranded_meetings(event, after=at, size=SHOWN)
    context = {
        "event": event,
        "form": form,
        "slots": slots,
        "words": words,
        "chosen": request.POST.get("thing", ""),
        "stranded": stranded,
        "total": total,
        "people": _people_called(event, words) if words else [],
        "interpreters": [] if words else event.interpreters.select_related("person"),
        "tables": []
        if words
        else Table.objects.filter(hall__event=event)
        .select_related("hall")
        .order_by("hall__position", "number"),
    }
    return render(request, "meetings/plan_incidents.html", context)


def _people_called(event: Event, words: str) -> Iterable[Participation]:
    found = event.participations.confirmed().called(words).select_related("person", "organisation")
    return found.order_by("sort_key", "id")[:FOUND]


def _thing(event: Event, value: str) -> Participation | Interpreter | Table | None:
    """What a form names as kind:key."""
    kind, _colon, key = value.partition(":")
    if kind == "person":
        return event.participations.filter(public_id=key).first()
    if kind == "interpreter":
        return event.interpreters.filter(public_id=key).first()
    hall, _colon, number = key.partition(":")
    if kind != "table" or not number.isdecimal() or len(number) > 6:
        return None
    return Table.objects.filter(hall__event=event, hall__public_id=hall, number=number).first()


@page(roles=ORGANISERS, of="events.Event", methods=("POST",))
def plan_repair(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a repair of the published plan; its draft is compared and published like any other."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    try:
        plan.start_run(event, seconds=REPAIR_S, is_repair=True, by=user, at=now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("meetings:plan-incidents", slug)
    return redirect("meetings:plan-show", slug)


@page(roles=ORGANISERS, of="events.Event", methods=("GET", "POST"))
def plan_recovery(request: HttpRequest, slug: str) -> HttpResponse:
    """Offers for those whom a no-show strands in the next time slot; one press takes one and publishes it."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    if request.method == "POST":
        number = request.POST.get("offer", "")
        if not number.isdecimal() or len(number) > 4:
            with outcome_told(request):
                recovery.look_for_offers(event, by=user, at=now())
            return redirect("meetings:plan-recovery", slug)
        found_at = request.POST.get("found_at", "")
        try:
            published = recovery.take_offer(event, int(number), found_at=found_at, by=user, at=now())
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("meetings:plan-recovery", slug)
        messages.success(
            request, _("The meeting is agreed, placed and published. Look at the mails before they are sent.")
        )
        return redirect("meetings:plan-mails", slug, published.number)
    found = Recovery.objects.filter(event=event).select_related("slot").first()
    rows, waiting = offer_rows(event, found) if found else ([], [])
    context = {
        "event": event,
        "found": found,
        "is_over": found is not None and found.slot.starts_at <= now(),
        "rows": [row for row in rows if row.is_together],
        "others": [row for row in rows if not row.is_together],
        "waiting": waiting,
    }
    return render(request, "meetings/plan_recovery.html", context)
