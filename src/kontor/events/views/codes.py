"""The personal code of a participant without an e-mail address: the organiser issues, shows and revokes it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.accounts.services import issue_personal_code, revoke_personal_code
from kontor.events.permissions import organised_event_or_404
from kontor.jobs.clock import now
from kontor.routes import ORGANISERS, page


@page(roles=ORGANISERS, of="events.Participation", methods=("POST",))
def participant_code(request: HttpRequest, slug: str, participant: str) -> HttpResponse:
    """Issue a code for the printed schedule, or make it useless from the next request on."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    row = event.participations.select_related("person__user").filter(public_id=participant).first()
    # people with an address sign in by mailed links; a code would be one more key to lose
    if row is None or row.person.user is None or row.person.email:
        raise Http404
    if request.POST.get("act") == "revoke":
        revoke_personal_code(row.person.user, by=user, at=now())
        messages.success(request, _("The code no longer opens anything. You can issue a new one."))
    else:
        issue_personal_code(row.person.user, by=user, at=now())
        messages.success(request, _("The code is issued. It is printed on the schedule."))
    return redirect("events:participant-show", slug, participant)
