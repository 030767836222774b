"""Pages of matches: whom to meet and why; the organiser finds matches and takes over the best ones."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.directory.countries import country_name
from kontor.events.models import Event, Participation
from kontor.events.permissions import organised_event_or_404, seen_event_or_404
from kontor.jobs.clock import now
from kontor.jobs.models import Job
from kontor.jobs.services import enqueue
from kontor.matching.models import Recommendation, Verdict
from kontor.matching.queries import MatchRow, match_rows
from kontor.matching.services import give_verdict
from kontor.routes import page
from kontor.ui.components import Chip, MatchCard
from kontor.ui.paging import cursor_page
from kontor.ui.redirects import safe_redirect

SIZE = 20


@page(roles=("participant", "organiser", "operator"), of="events.Event")
def match_list(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own matches; the organiser sees those of anybody, or the overview of the event."""
    user = signed_in(request)
    seen = seen_event_or_404(user, slug)
    event, is_organiser = seen.event, seen.is_organiser
    wanted = request.GET.get("participant")
    rows = event.participations.confirmed().select_related("person", "organisation", "event")
    if is_organiser and not wanted:
        return _overview(request, event)
    own = rows.filter(public_id=wanted).first() if is_organiser else rows.filter(person__user=user).first()
    if own is None:
        raise Http404
    start = int(after) if (after := request.GET.get("from", "")).isdecimal() and len(after) < 6 else 0
    found, has_more = match_rows(own, size=SIZE, after=start)
    context = {
        "event": event,
        "own": own,
        "is_organiser": is_organiser,
        "cards": [_card(row, event) for row in found],
        "next_from": start + SIZE if has_more else None,
        "previous_from": max(0, start - SIZE) if start else None,
    }
    return render(request, "matching/match_list.html", context)


def _card(row: MatchRow, event: Event) -> MatchCard:
    language = get_language() or "en"
    organisation, person = row.partner.organisation, row.partner.person
    spoken = ", ".join(sorted(one.code for one in person.languages.all()))
    place = ", ".join(
        part
        for part in (
            organisation.place,
            country_name(organisation.country, language) if organisation.country else "",
        )
        if part
    )
    facts = [
        str(organisation.get_kind_display()),
        place,
        _("speaks %(languages)s") % {"languages": spoken} if spoken else "",
    ]
    chips = []
    if row.verdict == Verdict.Kind.SAVED:
        chips.append(Chip(text=_("saved"), tone="ok"))
    if row.verdict == Verdict.Kind.NOT_FOR_US:
        chips.append(Chip(text=_("not for us"), tone="outline"))
    return MatchCard(
        title=organisation.name.for_reader(language),
        second_title=organisation.name.beside(language),
        url=reverse("meetings:request-new", args=[event.slug, row.partner.public_id]),
        score=row.score,
        facts=[fact for fact in facts if fact],
        reasons=row.reasons,
        chips=chips,
        is_sample=row.partner.is_sample,
        subject=row.partner,
    )


def _overview(request: HttpRequest, event: Event) -> HttpResponse:
    rows = (
        event.participations.confirmed()
        .select_related("person", "organisation")
        .annotate(num_matches=Count("recommendations"))
    )
    job = (
        Job.objects.filter(name="matching.match_event", arguments__event=event.public_id)
        .order_by("-id")
        .first()
    )
    figures = Recommendation.objects.filter(participation__event=event).aggregate(
        pairs=Count("id"), people=Count("participation", distinct=True)
    )
    context = {
        "event": event,
        "page": cursor_page(request, rows, ("sort_key", "id"), size=50),
        "figures": figures,
        "is_at_work": job is not None and not job.is_finished,
    }
    return render(request, "matching/match_overview.html", context)


@page(roles=("organiser", "operator"), of="events.Event", methods=("POST",))
def match_refresh(request: HttpRequest, slug: str) -> HttpResponse:
    """Find matches for everybody, as a job."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    enqueue(
        "matching.match_event", arguments={"event": event.public_id}, unique_key=f"match:{event.public_id}"
    )
    messages.success(
        request,
        _("Matches are being found. This takes some seconds; the page shows them when they are there."),
    )
    return redirect("matching:match-list", slug)


@page(roles=("participant",), of="events.Participation", methods=("POST",))
def match_verdict(request: HttpRequest, slug: str, partner: str) -> HttpResponse:
    """Save a partner, say "not for us", or take it back."""
    user = signed_in(request)
    own = (
        Participation.objects.confirmed()
        .select_related("event")
        .filter(event__slug=slug, person__user=user)
        .first()
    )
    if own is None:
        raise Http404
    other = own.event.participations.filter(public_id=partner, recommended_to__participation=own).first()
    kind = request.POST.get("kind", "")
    if other is None or kind not in ("", *Verdict.Kind.values):
        raise Http404
    give_verdict(own, partner=other, kind=kind, by=user, at=now())
    return safe_redirect(request, request.POST.get("next"), reverse("matching:match-list", args=[slug]))
