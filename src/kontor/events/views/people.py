"""Participants of an event: list, form, merge and remove; a participant's own profile."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.accounts.permissions import signed_in
from kontor.directory.countries import country_name
from kontor.directory.lists.availability import read_availability
from kontor.directory.lists.phrases import ImpossibleTime
from kontor.directory.models import PersonLanguage
from kontor.directory.names import NameOrder, PersonName
from kontor.errors import DomainError, outcome_told
from kontor.events.forms import ParticipantForm, ProfileForm
from kontor.events.models import Event, Participation
from kontor.events.permissions import organised_event_or_404
from kontor.events.services import people
from kontor.i18n import Text, content_language
from kontor.jobs.clock import now
from kontor.prepared import PreparedRows
from kontor.routes import ORGANISERS, page
from kontor.ui.addresses import row_addresses
from kontor.ui.components import Column, Table
from kontor.ui.paging import cursor_page
from kontor.ui.rows import chip, in_one_line, link
from kontor.ui.templatetags.kontor import person_name, words_beside

LANGUAGES = ("de", "en", "zh")


@page(roles=ORGANISERS, of="events.Event")
def participant_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All participants in order of family names, fifty a page, filtered by words and category."""
    event = organised_event_or_404(signed_in(request), slug)
    rows = event.participations.all()
    words = request.GET.get("q", "").strip()[:100]
    category = request.GET.get("category", "")
    if words:
        rows = rows.called(words)
    if category in Participation.Category.values:
        rows = rows.filter(category=category)
    listed = cursor_page(request, rows.values_list(*_SHOWN, named=True), ("sort_key", "id"), size=50)
    context = {
        "event": event,
        "page": listed,
        "table": _table(listed.rows, event),
        "words": words,
        "category": category,
        "categories": Participation.Category.choices,
        "num_all": sum(num for (num,) in _CONFIRMED.read(event=event.pk)),
    }
    return render(request, "events/participant_list.html", context)


def _confirmed(event: int) -> QuerySet[Participation, tuple[Any, ...]]:
    """How many take part: a row with the number, none where nobody does."""
    rows = Participation.objects.confirmed().filter(event=event).order_by()
    return rows.values("event").annotate(num=Count("*")).values_list("num")


_CONFIRMED = PreparedRows(_confirmed)
_NAME = ("family", "given", "native_family", "native_given", "name_order", "title")
_SHOWN = (
    "id", "sort_key", "public_id", "state", "category", "organisation__name", "person__country",
    *(f"person__{part}" for part in _NAME),
)  # fmt: skip


def _table(listed: Iterable[Any], event: Event) -> Table:
    """The values of `_SHOWN` as a table; what is the same for all rows is asked for once."""
    language = get_language() or "en"
    address = row_addresses("events:participant-show", event.slug)
    categories = {value: str(label) for value, label in Participation.Category.choices}
    cancelled = chip(_("cancelled"), "outline")
    rows = []
    for row in listed:
        family, given, native_family, native_given, order, titles = row[-len(_NAME) :]
        name = PersonName(
            family=family,
            given=given,
            native_family=native_family,
            native_given=native_given,
            order=NameOrder(order),
            titles=titles,
        )
        organisation = row.organisation__name
        state = cancelled if row.state == Participation.State.CANCELLED else ""
        rows.append(
            (
                in_one_line(link(address(row.public_id), person_name(name)), state),
                words_beside(organisation.for_reader(language), organisation.original_words()),
                country_name(row.person__country, language),
                categories[row.category],
            )
        )
    facts = (_("Organisation"), _("Country"), _("Category"))
    columns = [Column(heading=_("Name"), is_title=True), *(Column(heading=fact) for fact in facts)]
    return Table(columns=columns, rows=rows)


def _participation_or_404(event: Event, public_id: str) -> Participation:
    languages = Prefetch("person__languages", PersonLanguage.objects.order_by("code"))
    row = (
        event.participations.select_related("person__user__personal_code", "organisation", "booth", "event")
        .prefetch_related(languages, "unavailabilities")
        .filter(public_id=public_id)
        .first()
    )
    if row is None:
        raise Http404
    return row


@page(roles=ORGANISERS, of="events.Participation")
def participant_show(request: HttpRequest, slug: str, participant: str) -> HttpResponse:
    """One participant with everything the organiser knows; people who could be the same one; what can be done."""
    event = organised_event_or_404(signed_in(request), slug)
    row = _participation_or_404(event, participant)
    candidates = (
        event.participations.select_related("person", "organisation")
        .filter(person__candidate_key=row.person.candidate_key, state=Participation.State.CONFIRMED)
        .exclude(pk=row.pk)
    )
    context = {"event": event, "participation": row, "candidates": candidates[:10]}
    return render(request, "events/participant_show.html", context)


@page(roles=ORGANISERS, of="events.Event", methods=("GET", "POST"))
def participant_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter one participant by hand."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    form = ParticipantForm(event, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            data = _participant_data(event, form)
            row = people.add_participant(event, data, by=user, at=now())
        except DomainError as error:
            form.add_error(None, str(error))
        except ImpossibleTime as error:
            form.add_error("availability_words", str(error))
        else:
            messages.success(request, _("The participant is added."))
            return redirect("events:participant-show", slug, row.public_id)
    return render(
        request, "events/participant_edit.html", {"form": form, "event": event, "participation": None}
    )


@page(roles=ORGANISERS, of="events.Participation", methods=("GET", "POST"))
def participant_edit(request: HttpRequest, slug: str, participant: str) -> HttpResponse:
    """Correct a participant."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    row = _participation_or_404(event, participant)
    form = ParticipantForm(event, request.POST or None, initial=_initial(row))
    if request.method == "POST" and form.is_valid():
        try:
            people.change_participant(row, _participant_data(event, form, old=row), by=user, at=now())
        except DomainError as error:
            form.add_error(None, str(error))
        except ImpossibleTime as error:
            form.add_error("availability_words", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("events:participant-show", slug, participant)
    return render(
        request, "events/participant_edit.html", {"form": form, "event": event, "participation": row}
    )


def _initial(row: Participation) -> dict[str, Any]:
    person = row.person
    levels = {f"level_{spoken.code}": spoken.level for spoken in person.languages.all()}
    return {
        **ParticipantForm.initial_of(person),
        "title": person.title,
        "organisation": str(row.organisation),
        "function": row.function,
        "country": person.country,
        "phone": person.phone,
        "wechat": person.wechat,
        "category": row.category,
        "offers": row.offers,
        "seeks": row.seeks,
        "availability_words": row.availability_words,
        "booth": row.booth_id,
        "is_listed": row.is_listed,
        **levels,
    }


def _participant_data(
    event: Event, form: ParticipantForm, *, old: Participation | None = None
) -> people.ParticipantData:
    data = form.cleaned_data
    language = content_language(get_language())
    other_levels = {}
    organisation = Text.of(language, **{language: data["organisation"]})
    if old is not None:
        other_levels = {
            spoken.code: (spoken.level, spoken.is_assumed)
            for spoken in old.person.languages.all()
            if spoken.code not in LANGUAGES
        }
        if str(old.organisation) == data["organisation"]:
            organisation = old.organisation.name
    return people.ParticipantData(
        person=_person_data(form, other_levels, language=old.person.language if old else language),
        organisation=organisation,
        function=data["function"],
        category=data["category"],
        offers=data["offers"],
        seeks=data["seeks"],
        availability_words=data["availability_words"],
        busy=_busy(event, data["availability_words"]),
        booth_id=data["booth"].pk if data["booth"] else None,
        is_listed=data["is_listed"],
    )


def _person_data(
    form: ParticipantForm, levels: dict[str, tuple[str, bool]], *, language: str
) -> people.PersonData:
    data = form.cleaned_data
    spoken = levels | {
        code: (data[f"level_{code}"], False) for code in LANGUAGES if data.get(f"level_{code}")
    }
    return people.PersonData(
        name=form.name(titles=data["title"]),
        email=data["email"],
        phone=data["phone"],
        wechat=data["wechat"],
        country=data["country"],
        language=language,
        levels=spoken,
    )


def _busy(event: Event, words: str) -> Any:
    """Stretches in which somebody is not there, from words; raises ImpossibleTime."""
    reading = read_availability(words, people.event_days(event))
    if reading.is_always:
        return ()
    free = [(date.fromisoformat(part.day), part.start_min, part.end_min) for part in reading.intervals]
    return people.busy_from_free(event, free)


@page(roles=ORGANISERS, of="events.Participation", methods=("POST",))
def participant_merge(request: HttpRequest, slug: str, participant: str) -> HttpResponse:
    """Merge another row of the same person into this one."""
    user = signed_in(request)
    event = organised_event_or_404(user, slug)
    kept = _participation_or_404(event, participant)
    gone = _participation_or_404(event, request.POST.get("gone", ""))
    with outcome_told(
        request, _("The two rows are one now. The other one is cancelled and can be brought back.")
    ):
        people.merge_participants(kept, gone, by=user, at=now())
    return redirect("events:participant-show", slug, participant)


@page(roles=ORGANISERS, of="events.Participation", methods=("POST",))
def participant_remove(request: HttpRequest, slug: str, participant: str) -> HttpResponse:
    """Cancel a participation, or bring it back."""
    user = signed_in(request)
    row = _participation_or_404(organised_event_or_404(user, slug), participant)
    if request.POST.get("restore"):
        people.restore_participation(row, by=user, at=now())
        messages.success(request, _("The participant is back on the list."))
    else:
        people.cancel_participation(row, by=user, at=now())
        messages.success(request, _("The participation is cancelled. You can bring it back below."))
    return redirect("events:participant-show", slug, participant)


@page(roles=("participant",), of="events.Event", methods=("GET", "POST"))
def profile_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """A participant's own offers and wishes."""
    user = signed_in(request)
    row = (
        Participation.objects.select_related("event", "person", "organisation")
        .filter(event__slug=slug, person__user=user, state=Participation.State.CONFIRMED)
        .first()
    )
    if row is None:
        raise Http404
    initial = {"offers": row.offers, "seeks": row.seeks, "is_listed": row.is_listed}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        people.change_profile(row, **form.cleaned_data, by=user, at=now())
        messages.success(request, _("Saved. Your matches are being found anew."))
        return redirect("matching:match-list", slug)
    return render(
        request, "events/profile_edit.html", {"form": form, "event": row.event, "participation": row}
    )
