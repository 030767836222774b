"""Requests to meet: list, ask, answer, withdraw; the organiser acts for anybody."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.accounts.models import User
from kontor.accounts.permissions import signed_in
from kontor.errors import DomainError, outcome_told
from kontor.events.models import Participation
from kontor.events.permissions import organised_event_or_404, seen_event_or_404
from kontor.jobs.clock import now
from kontor.matching.models import Recommendation
from kontor.meetings.forms import DeclineForm, RequestForm
from kontor.meetings.models import MeetingRequest
from kontor.meetings.queries.overview import request_counts
from kontor.meetings.services import agreements, requests
from kontor.routes import TAKING_PART, page
from kontor.ui.paging import cursor_page
from kontor.ui.redirects import safe_redirect


@page(roles=TAKING_PART, of="events.Event")
def request_list(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own requests, those that wait for an answer first; the organiser sees all of them."""
    user, at = signed_in(request), now()
    seen = seen_event_or_404(user, slug)
    event, is_organiser = seen.event, seen.is_organiser
    rows = (
        MeetingRequest.objects.visible_to(user)
        .filter(event=event)
        .select_related(
            "sender__person",
            "sender__organisation",
            "recipient__person",
            "recipient__organisation",
            "meeting",
        )
    )
    own = None if is_organiser else event.participations.confirmed().filter(person__user=user).first()
    if own is None and not is_organiser:
        raise Http404
    state = request.GET.get("state", "")
    context: dict[str, Any] = {
        "event": event,
        "own": own,
        "is_organiser": is_organiser,
        "state": state,
        "states": MeetingRequest.State.choices,
        "decline_form": DeclineForm(),
        "is_open": requests.open_for_requests(event, at),
    }
    if own is not None:
        received = rows.filter(recipient=own).in_state(MeetingRequest.State.SENT, at)
        context["received"] = received[:50]
        rows = rows.exclude(pk__in=received.values("pk"))
    else:
        context["counts"] = request_counts(event, at)
    if state in MeetingRequest.State.values:
        rows = rows.in_state(state, at)
    shown = cursor_page(request, rows, ("-sent_at", "-id"), size=30)
    for row in shown.rows:
        row.state = row.state_at(at)
    context["page"] = shown
    return render(request, "meetings/request_list.html", context)


@page(roles=TAKING_PART, of="events.Participation", methods=("GET", "POST"))
def request_new(request: HttpRequest, slug: str, participant: str) -> HttpResponse:
    """Ask somebody to meet; `?for=` names the participant for whom the organiser asks."""
    user = signed_in(request)
    seen = seen_event_or_404(user, slug)
    event, is_organiser = seen.event, seen.is_organiser
    people = event.participations.confirmed().select_related("person__user", "organisation", "event", "booth")
    recipient = (
        people.filter(pk__in=Participation.objects.visible_to(user)).filter(public_id=participant).first()
    )
    wanted = request.POST.get("for") or request.GET.get("for", "")
    if recipient is None and not is_organiser:
        # an unlisted person may still be a recommended partner
        recipient = people.filter(
            public_id=participant, recommended_to__participation__person__user=user
        ).first()
    sender = (
        people.filter(public_id=wanted).first()
        if is_organiser and wanted
        else people.filter(person__user=user).first()
    )
    if recipient is None or (sender is None and not is_organiser):
        raise Http404
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and sender is not None:
        try:
            requests.ask_for_meeting(
                sender, recipient=recipient, reason=form.cleaned_data["reason"], by=user, at=now()
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your request is sent."))
            return redirect("meetings:request-list", slug)
    context = {
        "event": event,
        "recipient": recipient,
        "sender": sender,
        "form": form,
        "is_organiser": is_organiser,
        "candidates": people.exclude(organisation=recipient.organisation_id)[:200]
        if is_organiser and sender is None
        else [],
    }
    return render(request, "meetings/request_new.html", context)


@page(roles=TAKING_PART, of="meetings.MeetingRequest", methods=("POST",))
def request_answer(request: HttpRequest, slug: str, meeting_request: str) -> HttpResponse:
    """Accept or decline."""
    user = signed_in(request)
    row = _request_or_404(user, slug, meeting_request)
    back = reverse("meetings:request-list", args=[slug])
    with outcome_told(request):
        if request.POST.get("answer") == "accept":
            requests.accept_request(row, by=user, at=now())
            messages.success(request, _("Accepted. The meeting plan will give it a time and a table."))
        else:
            form = DeclineForm(request.POST)
            if not form.is_valid():
                messages.error(request, _("Please choose a reason; the other side reads it in kind words."))
                return redirect(back)
            requests.decline_request(row, reason=form.cleaned_data["reason"], by=user, at=now())
            messages.success(request, _("Declined. The other side is told kindly."))
    return safe_redirect(request, request.POST.get("next"), back)


@page(roles=TAKING_PART, of="meetings.MeetingRequest", methods=("POST",))
def request_withdraw(request: HttpRequest, slug: str, meeting_request: str) -> HttpResponse:
    """Take a request back."""
    user = signed_in(request)
    row = _request_or_404(user, slug, meeting_request)
    with outcome_told(request, _("The request is withdrawn.")):
        requests.withdraw_request(row, by=user, at=now())
    return safe_redirect(request, request.POST.get("next"), reverse("meetings:request-list", args=[slug]))


def _request_or_404(user: User, slug: str, public_id: str) -> MeetingRequest:
    row = MeetingRequest.objects.visible_to(user).filter(event__slug=slug, public_id=public_id).first()
    if row is None:
        raise Http404
    return row


@page(roles=("organiser", "operator"), of="events.Event", methods=("POST",))
def match_takeover(request: HttpRequest, slug: str) -> HttpResponse:
    """Agree the best matches of the chosen people as meetings."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    chosen = request.POST.getlist("participant")[:200]
    best = min(int(number), 10) if (number := request.POST.get("best", "3")).isdecimal() else 3
    rows = (
        Recommendation.objects.filter(
            participation__in=event.participations.confirmed().filter(public_id__in=chosen),
            partner__state=Participation.State.CONFIRMED,
        )
        .select_related("participation__person", "partner__person", "participation__booth", "partner__booth")
        .prefetch_related("participation__person__languages", "partner__person__languages")
        .order_by("participation", "-score", "rank")
    )
    pairs = []
    count: dict[int, int] = {}
    for row in rows:
        count[row.participation_id] = count.get(row.participation_id, 0) + 1
        if count[row.participation_id] <= best:
            pairs.append((row.participation, row.partner))
    taken = agreements.take_over_matches(event, pairs=pairs, by=user, at=now())
    messages.success(
        request,
        ngettext("%(count)s meeting is agreed.", "%(count)s meetings are agreed.", taken) % {"count": taken},
    )
    return redirect("meetings:request-list", slug)
