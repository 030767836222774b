"""One agreed meeting: call it off."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.errors import DomainError
from kontor.jobs.clock import now
from kontor.meetings.forms import CancelForm
from kontor.meetings.models import Meeting
from kontor.meetings.permissions import can_call_off
from kontor.meetings.services import agreements
from kontor.routes import TAKING_PART, page
from kontor.ui.redirects import safe_redirect


@page(roles=TAKING_PART, of="meetings.Meeting", methods=("GET", "POST"))
def meeting_cancel(request: HttpRequest, slug: str, meeting: str) -> HttpResponse:
    """Say what calling this meeting off will do, and do it."""
    user = signed_in(request)
    row = (
        Meeting.objects.visible_to(user)
        .filter(event__slug=slug, public_id=meeting)
        .select_related("event", "booth", "seat__slot", "seat__hall", "seat__table")
        .select_related("seat__interpreter__person")
        .first()
    )
    if row is None or not can_call_off(user, row):
        raise Http404
    back = reverse("meetings:request-list", args=[slug])
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agreements.cancel_meeting(row, by=user, at=now(), reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The meeting is called off. Everybody concerned is told."))
            return safe_redirect(request, request.POST.get("next"), back)
    context = {
        "event": row.event,
        "meeting": row,
        "seat": getattr(row, "seat", None),
        "parties": row.parties.select_related("participation__person", "participation__organisation"),
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "back": back,
    }
    return render(request, "meetings/meeting_cancel.html", context)
