"""The overview of an event: how far its preparation is, up to requests and plan, and what comes next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kontor.accounts.permissions import signed_in
from kontor.events.permissions import organised_event_or_404
from kontor.events.queries import event_figures
from kontor.jobs.clock import now
from kontor.meetings.queries.overview import request_counts
from kontor.routes import ORGANISERS, page


@page(roles=ORGANISERS, of="events.Event")
def event_show(request: HttpRequest, slug: str) -> HttpResponse:
    """How far the preparation is, and what comes next."""
    event = organised_event_or_404(signed_in(request), slug)
    run = event.plan_runs.without_files().with_publication().order_by("-number").first()
    context = {
        "event": event,
        "figures": event_figures(event),
        "requests": request_counts(event, now()),
        "run": run,
        "is_published": run is not None and vars(run)["published_run"] == run.pk,
    }
    return render(request, "meetings/event_show.html", context)
