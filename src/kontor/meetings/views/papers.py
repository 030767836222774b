"""What the organiser prints and hands out: all schedules, interpreters' sheets, tent cards, and the plan as a workbook."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext, override

from kontor.accounts.models import User
from kontor.accounts.permissions import signed_in
from kontor.audit.services import record_disclosure
from kontor.events.models import Event, Interpreter, Participation
from kontor.events.permissions import organised_event_or_404
from kontor.i18n import Words
from kontor.jobs import clock
from kontor.meetings.agenda import (
    EventPlan,
    Place,
    PublishedMeeting,
    agenda_person,
    assigned_interpreter,
    hall_of,
    interpreter_agenda,
    load_event_plan,
    participant_agenda,
    place_of,
    reader_of,
    text_scripts,
)
from kontor.meetings.causes import cause_sentence, remedy_sentence
from kontor.meetings.documents import pdf, spreadsheet
from kontor.meetings.phrases import join_sentences
from kontor.meetings.queries.changes import latest_publication
from kontor.meetings.queries.unplaced import UnplacedRow, names_for, unplaced_rows
from kontor.routes import ORGANISERS, page
from kontor.ui.downloads import download_response


@page(roles=ORGANISERS, of="events.Event")
def papers_schedules(request: HttpRequest, slug: str) -> HttpResponse:
    """One PDF with the schedules of all who meet, each in its reader's language, in order of tables."""
    user, event = _organised(request, slug)
    plan = load_event_plan(event)
    if plan.published_at is None:
        return _nothing_yet(request, event)
    by_participation = plan.of_participants()
    people = Participation.objects.filter(event=event, pk__in=by_participation).select_related(
        "person__user__personal_code", "organisation"
    )
    schedules = [_schedule(one, by_participation[one.pk], plan) for one in people]
    title = gettext("Schedules: %(event)s") % {"event": _name(event)}
    content = pdf.print_schedules(pdf.order_by_table(schedules), title=title)
    _note(user, event, num_people=len(schedules))
    return download_response(content, f"{title}.pdf", pdf.CONTENT_TYPE)


@page(roles=ORGANISERS, of="events.Event")
def papers_interpreters(request: HttpRequest, slug: str) -> HttpResponse:
    """One PDF with the sheets of all interpreters, those without a meeting too."""
    user, event = _organised(request, slug)
    plan = load_event_plan(event)
    if plan.published_at is None:
        return _nothing_yet(request, event)
    by_interpreter = plan.of_interpreters()
    interpreters = Interpreter.objects.filter(event=event).select_related("person__user__personal_code")
    sheets = [_sheet(one, by_interpreter.get(one.pk, ()), plan) for one in interpreters]
    title = gettext("Interpreters: %(event)s") % {"event": _name(event)}
    content = pdf.print_schedules(sheets, title=title)
    _note(user, event, num_people=len(sheets))
    return download_response(content, f"{title}.pdf", pdf.CONTENT_TYPE)


@page(roles=ORGANISERS, of="events.Event")
def papers_tents(request: HttpRequest, slug: str) -> HttpResponse:
    """A tent card for each table at which somebody meets; it names organisations, not people."""
    _user, event = _organised(request, slug)
    language = get_language() or "en"
    plan = load_event_plan(event)
    if plan.published_at is None:
        return _nothing_yet(request, event)
    sittings: dict[tuple[int, str], list[pdf.Sitting]] = {}
    halls = {}
    for known, place in _placed(plan.meetings):
        if place.table:
            names = [text_scripts(party.organisation, language) for party in known.parties]
            sitting = pdf.Sitting(starts_at=place.starts_at, organisations=tuple(dict.fromkeys(names)))
            sittings.setdefault((place.hall, place.table), []).append(sitting)
            halls[place.hall] = hall_of(place, language)
    cards = [
        pdf.TentCard(table=table, hall=halls[hall], sittings=tuple(of_table))
        for (hall, table), of_table in sittings.items()
    ]
    content = pdf.print_tent_cards(
        cards,
        event=event.name.for_reader(language),
        place=place_of(event, language),
        language=language,
        as_of=plan.published_at,
        is_sample=event.is_sample,
    )
    name = gettext("Tent cards: %(event)s") % {"event": _name(event)}
    return download_response(content, f"{name}.pdf", pdf.CONTENT_TYPE)


@page(roles=ORGANISERS, of="events.Event")
def papers_spreadsheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The published plan as XLSX, with what could not be placed, why, and what would help."""
    user, event = _organised(request, slug)
    language = get_language() or "en"
    plan = load_event_plan(event)
    if plan.published_at is None:
        return _nothing_yet(request, event)
    sheets = spreadsheet.PlanSheets(
        event=_name(event),
        language=language,
        place=place_of(event, language),
        as_of=plan.published_at,
        meetings=tuple(_planned(known, place, language) for known, place in _placed(plan.meetings)),
        unplaced=tuple(_unplaced(plan, language)),
        is_sample=event.is_sample,
    )
    _note(user, event, num_people=len(plan.of_participants()))
    name = gettext("Meeting plan: %(event)s") % {"event": _name(event)}
    return download_response(spreadsheet.build_workbook(sheets), f"{name}.xlsx", spreadsheet.CONTENT_TYPE)


def printed_code(owner: Participation | Interpreter) -> pdf.PersonalCode | None:
    """The code that goes on somebody's paper: only where one was issued and is still good."""
    user = owner.person.user
    row = getattr(user, "personal_code", None)
    if user is None or row is None or row.revoked_at is not None:
        return None
    with override(user.language):
        path = reverse("accounts:code-open", args=[row.code])
    return pdf.PersonalCode(code=row.code, url=settings.ORIGIN + path)


def _organised(request: HttpRequest, slug: str) -> tuple[User, Event]:
    user = signed_in(request)
    return user, organised_event_or_404(user, slug)


def _nothing_yet(request: HttpRequest, event: Event) -> HttpResponse:
    """Paper of a plan that nobody knows would only mislead."""
    messages.info(request, gettext("Papers are made of the published plan, and no plan is published yet."))
    return redirect("meetings:plan-show", event.slug)


def _name(event: Event) -> str:
    words: Words = event.name.for_reader(get_language() or "en")
    return words.text


def _note(user: User, event: Event, *, num_people: int) -> None:
    """Remember who took the names of how many people out of the site."""
    fields = ["name", "organisation", "function", "meetings"]
    record_disclosure(
        by=user,
        how="exported",
        fields=fields,
        num_people=num_people,
        at=clock.now(),
        subject=event,
        event=event.public_id,
    )


def _schedule(
    participation: Participation, meetings: Iterable[PublishedMeeting], plan: EventPlan
) -> pdf.Schedule:
    language, zone = reader_of(participation.person, plan.event)
    agenda = participant_agenda(
        participation, meetings, event=plan.event, as_of=plan.published_at, language=language, zone=zone
    )
    return pdf.Schedule(agenda=agenda, personal_code=printed_code(participation))


def _sheet(interpreter: Interpreter, meetings: Iterable[PublishedMeeting], plan: EventPlan) -> pdf.Schedule:
    language, zone = reader_of(interpreter.person, plan.event)
    agenda = interpreter_agenda(
        interpreter, meetings, event=plan.event, as_of=plan.published_at, language=language, zone=zone
    )
    return pdf.Schedule(agenda=agenda, personal_code=printed_code(interpreter))


def _placed(meetings: Iterable[PublishedMeeting]) -> Iterable[tuple[PublishedMeeting, Place]]:
    return ((known, known.place) for known in meetings if known.place is not None and known.takes_place)


def _planned(known: PublishedMeeting, place: Place, language: str) -> spreadsheet.PlannedMeeting:
    interpreter = known.interpreter
    return spreadsheet.PlannedMeeting(
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        hall=hall_of(place, language),
        table=place.table or known.booth,
        sides=tuple(agenda_person(party, language) for party in known.parties),
        interpreters=(assigned_interpreter(interpreter, known, language),) if interpreter else (),
        language=known.language,
        is_locked=known.is_locked,
    )


def _unplaced(plan: EventPlan, language: str) -> Iterable[spreadsheet.UnplacedMeeting]:
    """The agreed meetings without a place, with the reasons that the published plan gave."""
    publication = latest_publication(plan.event)
    rows: dict[str, UnplacedRow] = {}
    if publication is not None and publication.run is not None:
        found, _num = unplaced_rows(publication.run)
        rows = {row.public_id: row for row in found}
    names = names_for(plan.event, rows.values(), language)
    for known in plan.meetings:
        if known.place is not None or not known.is_agreed:
            continue
        row = rows.get(known.public_id)
        yield spreadsheet.UnplacedMeeting(
            sides=tuple(agenda_person(party, language) for party in known.parties),
            reason=join_sentences(cause_sentence(cause, names) for cause in row.causes) if row else "",
            remedy=remedy_sentence(row.remedy, row.places, names) if row and row.remedy else "",
        )
