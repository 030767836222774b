"""Pages of matches: whom to meet and why; the organiser finds matches and takes over the best ones."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.directory.models import Organisation
from kontor.directory.places import place_words
from kontor.events.models import Event, Participation
from kontor.events.permissions import organised_event_or_404, seen_event_or_404
from kontor.jobs.clock import now
from kontor.jobs.models import Job
from kontor.jobs.services import enqueue
from kontor.matching.models import Recommendation, Verdict
from kontor.matching.queries import MatchRow, match_rows
from kontor.matching.services import give_verdict
from kontor.routes import page
from kontor.ui.addresses import row_addresses
from kontor.ui.components import Chip, Column, MatchCard, Table
from kontor.ui.formatting import format_number, language_name, list_of
from kontor.ui.paging import cursor_page
from kontor.ui.redirects import safe_redirect
from kontor.ui.rows import checkbox, link
from kontor.ui.templatetags.kontor import person_name, words_beside

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
        "cards": _cards(found, event, of=person_name(own.person.name) if is_organiser else ""),
        "page_url": request.get_full_path(),
        "next_from": start + SIZE if has_more else None,
        "previous_from": max(0, start - SIZE) if start else None,
    }
    return render(request, "matching/match_list.html", context)


def _cards(rows: Iterable[MatchRow], event: Event, *, of: str) -> list[MatchCard]:
    """The proposed partners as cards, of somebody or of the reader; what is the same for all of them is asked for once."""
    language = get_language() or "en"
    ask, judge = (
        row_addresses(name, event.slug) for name in ("meetings:request-new", "matching:match-verdict")
    )
    kinds = {value: str(label) for value, label in Organisation.Kind.choices}
    verdicts = {
        Verdict.Kind.SAVED.value: (Chip(text=_("saved"), tone="ok"),),
        Verdict.Kind.NOT_FOR_US.value: (Chip(text=_("not for us"), tone="outline"),),
    }
    cards = []
    for row in rows:
        organisation, partner = row.partner.organisation, row.partner
        spoken = list_of(sorted(language_name(one.code) for one in partner.person.languages.all()))
        facts = (
            person_name(partner.person.name),
            kinds.get(organisation.kind, ""),
            place_words(organisation.place, organisation.country),
            _("speaks %(languages)s") % {"languages": spoken} if spoken else "",
        )
        cards.append(
            MatchCard(
                title=organisation.name.for_reader(language),
                second_title=organisation.name.beside(language),
                url=ask(partner.public_id),
                score=row.score,
                facts=[fact for fact in facts if fact],
                reasons=row.reasons,
                chips=verdicts.get(row.verdict, ()),
                is_sample=partner.is_sample,
                verdict_url=judge(partner.public_id),
                of=of,
            )
        )
    return cards


def _overview(request: HttpRequest, event: Event) -> HttpResponse:
    found = Recommendation.objects.filter(participation=OuterRef("pk"))
    people = event.participations.confirmed()
    num_matches = found.order_by().values("participation").annotate(num=Count("pk")).values("num")
    rows = people.select_related("person", "organisation").annotate(
        num_matches=Coalesce(Subquery(num_matches), 0)
    )
    shown = cursor_page(request, rows, ("sort_key", "id"), size=50)
    job = (
        Job.objects.filter(name="matching.match_event", arguments__event=event.public_id)
        .order_by("-id")
        .first()
    )
    context = {
        "event": event,
        "page": shown,
        "table": _table(shown.rows, event),
        "num_people": people.filter(Exists(found)).count(),
        "is_at_work": job is not None and not job.is_finished,
    }
    return render(request, "matching/match_overview.html", context)


def _table(rows: Iterable[Any], event: Event) -> Table:
    """Whom one can choose, and how many matches each of them has: participations with `num_matches`."""
    language = get_language() or "en"
    listed = reverse("matching:match-list", args=[event.slug])
    return Table(
        caption=_("Choose people and agree their best matches as meetings on their behalf."),
        columns=(
            Column(heading=_("Choose"), is_bare=True),
            Column(heading=_("Name"), is_title=True),
            Column(heading=_("Organisation")),
            Column(heading=_("Matches"), is_number=True),
        ),
        rows=[
            (
                checkbox("participant", row.public_id, str(row.person)),
                link(f"{listed}?participant={row.public_id}", person_name(row.person.name)),
                words_beside(
                    row.organisation.name.for_reader(language), row.organisation.name.beside(language)
                ),
                format_number(row.num_matches),
            )
            for row in rows
        ],
    )


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
