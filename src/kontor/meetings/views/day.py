"""My day: the agenda on screen, on paper and in the calendar."""

import hashlib
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext, override

from kontor.accounts.models import User
from kontor.accounts.permissions import signed_in
from kontor.events.models import Event, Interpreter, Participation
from kontor.jobs import clock
from kontor.meetings.agenda import (
    Agenda,
    AgendaDay,
    Owner,
    amount_words,
    day_to_show,
    format_day,
    lead,
    load_interpreter_agenda,
    load_owner,
    load_owner_of_calendar,
    load_participant_agenda,
    reader_of,
)
from kontor.meetings.documents import calendar, pdf
from kontor.meetings.services.calendar import renew_calendar_address
from kontor.meetings.views.day_lines import draw_day
from kontor.meetings.views.day_partners import draw_partners
from kontor.meetings.views.papers import printed_code
from kontor.routes import Role, page
from kontor.ui import formatting
from kontor.ui.addresses import address
from kontor.ui.components import DayLink
from kontor.ui.downloads import download_response
from kontor.ui.polling import answer_if_changed
from kontor.ui.rows import day_links
from kontor.ui.templatetags.kontor import person_name

THOSE_WITH_A_DAY: tuple[Role, ...] = ("participant", "interpreter", "organiser", "operator")


@page(roles=THOSE_WITH_A_DAY, of="events.Event")
def day_show(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One's own day, now and next first; the organiser sees anybody's. An open page asks for news by htmx."""
    user = signed_in(request)
    owner = _owner_or_404(request, user, slug)
    language = get_language() or "en"
    agenda = _load(owner, language=language, zone=user.time_zone)
    at = clock.now()
    day = _chosen_day(agenda, request.GET.get("on", ""), at=at)
    sentence = lead(day, at=at, place=agenda.place_zone) if day else ""
    calendar_url = _calendar_url(owner) if owner.person.user_id == user.pk else ""
    context = {
        "event": owner.event,
        "agenda": agenda,
        "day": day,
        "heading": format_day(day.on) if day else gettext("My day"),
        "lead": sentence,
        "lines": draw_day(day, agenda, at=at) if day else "",
        "day_links": day_links(_day_links(agenda, day, request)),
        "clocks": _clocks(agenda) if day else "",
        "page_url": request.get_full_path(),
        "print_url": _with_person(address("meetings:day-print", slug), request),
        "is_own": owner.person.user_id == user.pk,
        "owner_url": _owner_url(owner),
        "calendar_url": calendar_url,
        "webcal_url": "webcal://" + calendar_url.partition("://")[2],
        "is_participant": isinstance(owner, Participation),
        "published": _published(agenda),
    }
    if "HTTP_HX_REQUEST" not in request.META:  # whoever asks for `headers` has all of them read
        if isinstance(owner, Participation):
            of = "" if context["is_own"] else person_name(owner.person.name)
            context["worth_meeting"] = draw_partners(owner, language, of=of)
        response: HttpResponseBase = render(request, "meetings/day.html", context)
    else:
        shown = [context[name] for name in ("lead", "lines", "day_links", "published", "clocks")]
        news = hashlib.sha256(repr((shown, agenda.as_of)).encode()).hexdigest()
        response = answer_if_changed(
            request, news, lambda: render(request, "meetings/day_news.html", context)
        )
    patch_vary_headers(response, ["HX-Request"])
    return response


@page(roles=THOSE_WITH_A_DAY, of="events.Event")
def day_print(request: HttpRequest, slug: str) -> HttpResponse:
    """The schedule as a PDF, in the language of the page; with the personal code of somebody without e-mail."""
    user = signed_in(request)
    owner = _owner_or_404(request, user, slug)
    agenda = _load(owner, language=get_language() or "en", zone=user.time_zone)
    schedule = pdf.Schedule(agenda=agenda, personal_code=printed_code(owner))
    name = gettext("Schedule %(name)s.pdf") % {"name": agenda.owner.name.reading.text}
    return download_response(pdf.print_schedules([schedule]), name, pdf.CONTENT_TYPE)


@page(roles=("visitor",), of="meetings.CalendarAddress")
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The agenda for calendar programs: whoever knows the secret address reads it; an old address is unknown."""
    owner = load_owner_of_calendar(token)
    if owner is None:
        raise Http404
    language, zone = reader_of(owner.person, owner.event)
    agenda = _load(owner, language=language, zone=zone)
    with override(language):
        url = settings.ORIGIN + reverse("meetings:day-show", args=[owner.event.slug])
    feed = calendar.build_calendar(agenda, url=url)

    def answer() -> HttpResponse:
        return download_response(feed, f"{owner.event.slug}.ics", calendar.CONTENT_TYPE)

    return answer_if_changed(request, hashlib.sha256(feed).hexdigest(), answer)


@page(roles=("participant", "interpreter"), of="events.Event", methods=("POST",))
def calendar_renew(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the secret address of one's calendar, or a new one in place of the old."""
    user = signed_in(request)
    owner = load_owner(user, slug)
    if owner is None:
        raise Http404
    renew_calendar_address(owner, by=user, at=clock.now())
    messages.success(
        request, gettext("Your calendar has a new address. Subscribe to it in your calendar app.")
    )
    return redirect(reverse("meetings:day-show", args=[slug]) + "#calendar")


# Whose day


def _owner_or_404(request: HttpRequest, user: User, slug: str) -> Owner:
    """Whose day the address names: somebody's, for the organiser, else one's own."""
    participant, interpreter = request.GET.get("participant"), request.GET.get("interpreter")
    found: Owner | None
    if not participant and not interpreter:
        found = load_owner(user, slug)
    elif participant:
        people = Participation.objects.visible_to(user).select_related("event", "person", "organisation")
        found = people.filter(event__in=_organised(user, slug), public_id=participant).first()
    else:
        interpreters = Interpreter.objects.select_related("event", "person")
        found = interpreters.filter(event__in=_organised(user, slug), public_id=interpreter).first()
    if found is None:
        raise Http404
    return found


def _organised(user: User, slug: str) -> QuerySet[Event]:
    return Event.objects.organised_by(user).filter(slug=slug)


def _load(owner: Owner, *, language: str, zone: str) -> Agenda:
    if isinstance(owner, Participation):
        return load_participant_agenda(owner, language=language, zone=zone)
    return load_interpreter_agenda(owner, language=language, zone=zone)


def _owner_url(owner: Owner) -> str:
    """The page of this person that an organiser comes from."""
    name = "participant-show" if isinstance(owner, Participation) else "interpreter-edit"
    return address(f"events:{name}", owner.event.slug, owner.public_id)


def _calendar_url(owner: Owner) -> str:
    calendar_address = getattr(owner, "calendar_address", None)
    if calendar_address is None:
        return ""
    return settings.ORIGIN + address("calendars:calendar-feed", calendar_address.token)


# What the page shows


def _chosen_day(agenda: Agenda, wanted: str, *, at: datetime) -> AgendaDay | None:
    """The day that the address names, if it is one of the agenda; else the one that matters now."""
    chosen = next((day for day in agenda.days if day.on.isoformat() == wanted), None)
    return chosen or day_to_show(agenda, at=at)


def _day_links(agenda: Agenda, shown: AgendaDay | None, request: HttpRequest) -> list[DayLink]:
    if len(agenda.days) < 2:
        return []
    return [
        DayLink(
            label=formatting.format_day(day.on, formatting.SHORT_WEEKDAY_AND_DAY),
            amount="" if day is shown else amount_words(day),
            url=_with_person(request.path, request, on=day.on.isoformat()),
            is_current=day is shown,
        )
        for day in agenda.days
    ]


def _with_person(url: str, request: HttpRequest, **more: str) -> str:
    """Keep whose day it is when the organiser goes from page to paper, or to another day."""
    query = {
        name: request.GET[name] for name in ("participant", "interpreter") if request.GET.get(name)
    } | more
    return f"{url}?{urlencode(query)}" if query else url


def _clocks(agenda: Agenda) -> str:
    """Which clocks stand on the page, where the reader's is not that of the place."""
    if not agenda.is_read_elsewhere:
        return ""
    cities = {"place": agenda.place_zone.city, "home": agenda.reader_zone.city}
    return gettext("%(place)s · %(home)s below") % cities


def _published(agenda: Agenda) -> str:
    if agenda.as_of is None:
        return ""
    there = agenda.as_of.astimezone(agenda.place_zone.info)
    facts = {"day": format_day(there.date()), "time": f"{there:%H:%M}", "city": agenda.place_zone.city}
    return gettext("Plan published on %(day)s, %(time)s %(city)s.") % facts
