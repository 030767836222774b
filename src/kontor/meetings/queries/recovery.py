"""Who is stranded in a slot because somebody is missing, whom else they could meet then, and the offers in words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from kontor.directory.names import display
from kontor.events.models import Event, Participation, Slot, Unavailability
from kontor.i18n import Text, Words, content_language
from kontor.matching.models import Recommendation, Verdict
from kontor.meetings.languages import common_language, interpreted_pair
from kontor.meetings.models import Meeting, MeetingParty, PersonSeat, Recovery
from kontor.meetings.queries.board import halls_with_tables

MOST_MATCHES = 200
"""introductions that are looked at, the best first"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrandedIn:
    """What a missing person leaves behind in one slot."""

    meetings: frozenset[str]
    """public ids of the meetings that cannot take place"""
    people: frozenset[str]
    """public ids of those who are there and have nobody to meet"""


def stranded_in(slot: Slot) -> StrandedIn:
    """Meetings of a slot that lost one of their people, and the others of them; one statement."""
    missing = Unavailability.objects.filter(
        participation=OuterRef("participation"), starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at
    )
    rows = list(
        PersonSeat.objects.filter(slot=slot)
        .annotate(is_missing=Exists(missing))
        .values_list("seat__meeting__public_id", "participation__public_id", "is_missing")
    )
    dead = frozenset(meeting for meeting, _person, is_missing in rows if is_missing)
    people = frozenset(person for meeting, person, is_missing in rows if meeting in dead and not is_missing)
    return StrandedIn(meetings=dead, people=people)


def still_waiting(slot: Slot, people: Collection[str]) -> frozenset[str]:
    """Those of these people who are there in the slot and meet nobody; one statement."""
    return frozenset(_free(slot).filter(public_id__in=people).values_list("public_id", flat=True))


def _free(slot: Slot) -> Any:
    missing = Unavailability.objects.filter(
        participation=OuterRef("pk"), starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at
    )
    return Participation.objects.confirmed().filter(
        ~Exists(missing), ~Exists(PersonSeat.objects.filter(participation=OuterRef("pk"), slot=slot))
    )


def introductions(event: Event, slot: Slot, people: Collection[str]) -> list[dict[str, Any]]:
    """Good matches of these people who are free in the slot and neither met, asked nor dismissed each other; two statements.

    Each with the pair of languages that it needs, and the place of an exhibitor.
    """
    partners = _free(slot).filter(event=event, is_listed=True).values("pk")
    dismissed = Verdict.objects.filter(
        participation=OuterRef("participation"), partner=OuterRef("partner"), kind=Verdict.Kind.NOT_FOR_US
    )
    asked = event.meeting_requests.filter(
        Q(sender=OuterRef("participation"), recipient=OuterRef("partner"))
        | Q(sender=OuterRef("partner"), recipient=OuterRef("participation")),
        state__in=("sent", "accepted"),
    )
    agreed = MeetingParty.objects.filter(
        participation=OuterRef("partner"),
        meeting__state=Meeting.State.AGREED,
        meeting__parties__participation=OuterRef("participation"),
    )
    rows = (
        Recommendation.objects.filter(
            participation__event=event, participation__public_id__in=people, partner__in=partners
        )
        .filter(~Exists(dismissed), ~Exists(asked), ~Exists(agreed), score__gt=0)
        .select_related("participation__person", "participation__booth__hall")
        .select_related("partner__person", "partner__booth__hall")
        .prefetch_related("participation__person__languages", "partner__person__languages")
        .order_by("-score", "id")[:MOST_MATCHES]
    )
    found: dict[frozenset[str], dict[str, Any]] = {}
    for row in rows:
        sides = [row.participation, row.partner]
        if sides[0].organisation_id == sides[1].organisation_id:
            continue
        levels = [{spoken.code: spoken.level for spoken in one.person.languages.all()} for one in sides]
        booth = next((one.booth for one in reversed(sides) if one.booth), None)
        people_of = [one.public_id for one in sides]
        introduction = {
            "people": people_of,
            "score": row.score,
            "pair": "" if common_language(levels) else interpreted_pair(levels[0], levels[1]),
            "hall": booth.hall.public_id if booth else None,
            "table": booth is None,
        }
        found.setdefault(frozenset(people_of), introduction)
    return list(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """A meeting that could take place in the slot, as the organiser reads it."""

    number: int
    people: tuple[tuple[str, Text], ...]
    """name and organisation"""
    is_request: bool
    """both sides agreed to it before; else an introduction"""
    is_together: bool
    pair: str
    interpreter: str
    hall: Words | None
    table: str


def offer_rows(event: Event, recovery: Recovery) -> tuple[list[OfferRow], Sequence[str]]:
    """The offers, and the names of those who are stranded; three statements."""
    language = get_language() or "en"
    wanted = {person for offer in recovery.offers for person in offer["people"]} | set(recovery.people)
    known = {
        one.public_id: (display(one.person.name, content_language(language)), one)
        for one in event.participations.filter(public_id__in=wanted).select_related(
            "person", "organisation", "booth"
        )
    }
    halls = {hall.public_id: hall for hall in halls_with_tables(event)}
    interpreters = {
        one.public_id: display(one.person.name, content_language(language))
        for one in event.interpreters.select_related("person")
    }

    def row(number: int, offer: Mapping[str, Any]) -> OfferRow:
        place = offer["place"]
        hall = halls.get(place["hall"])
        booths = [known[person][1].booth for person in offer["people"] if known[person][1].booth]
        table = hall.tables.get(place["table"], "") if hall and place["table"] is not None else ""
        return OfferRow(
            number=number,
            people=tuple((known[one][0], known[one][1].organisation.name) for one in offer["people"]),
            is_request=offer["meeting"] is not None,
            is_together=offer["is_together"],
            pair=offer["pair"],
            interpreter=interpreters.get(place["interpreter"] or "", ""),
            hall=hall.name.for_reader(language) if hall else None,
            table=table or next((booth.name for booth in booths if booth), ""),
        )

    rows = [
        row(number, offer)
        for number, offer in enumerate(recovery.offers)
        if all(person in known for person in offer["people"])
    ]
    return rows, sorted(known[person][0] for person in recovery.people if person in known)
