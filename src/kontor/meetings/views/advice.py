"""Pages about what cannot be planned, and about what further changes would buy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from kontor.accounts.permissions import signed_in
from kontor.errors import outcome_told
from kontor.events.permissions import organised_event_or_404
from kontor.jobs.clock import now
from kontor.meetings.causes import cause_sentence
from kontor.meetings.models import PlanCheck
from kontor.meetings.phrases import join_sentences
from kontor.meetings.queries.conflicts import conflict_rows
from kontor.meetings.services import advice
from kontor.routes import ORGANISERS, page

MENDED_AT = {"H3": "events:event-halls", "H4": "events:interpreter-list", "H6": "meetings:request-list"}
"""where the facts of a rule are changed; people are changed on their own pages"""


@page(roles=ORGANISERS, of="events.Event", methods=("GET", "POST"))
def plan_check(request: HttpRequest, slug: str) -> HttpResponse:
    """What cannot all be placed, whatever the plan: the smallest contradicting facts, and where to mend them."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    if request.method == "POST":
        with outcome_told(request):
            advice.check_event(event, by=user, at=now())
        return redirect("meetings:plan-check", slug)
    check = PlanCheck.objects.filter(event=event).first()
    rows, names = conflict_rows(event, check, get_language() or "en") if check else ([], None)
    context = {
        "event": event,
        "check": check,
        "rows": [
            {
                "row": row,
                "sentence": join_sentences(cause_sentence(fact, names) for fact in row.facts),
                "url": reverse(MENDED_AT[row.rule], args=[slug]) if row.rule in MENDED_AT else "",
                "num_more": row.num_meetings - len(row.meetings),
            }
            for row in rows
            if names is not None
        ],
    }
    return render(request, "meetings/plan_check.html", context)
