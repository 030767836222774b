"""After a no-show: offers for those who are stranded, and one of them taken: agreed, placed and published in one act."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.errors import DomainError
from kontor.events.models import Event, Participation, Slot, Unavailability
from kontor.meetings.models import Meeting, PlanRun, Publication, Recovery
from kontor.meetings.planner import (
    build_instance,
    busy_slots,
    edited_plan,
    find_offers,
    published_places,
    violations_of,
)
from kontor.meetings.queries.recovery import introductions, still_waiting, stranded_in
from kontor.meetings.services.agreements import agree_for_both
from kontor.meetings.services.drafts import store_draft
from kontor.meetings.services.plan import NothingPublished, Place
from kontor.meetings.services.publication import publish_plan


class NoSlotToCome(DomainError):
    """The last time slot has begun."""

    sentence = _("No time slot is left in which somebody could meet.")


class OfferGone(DomainError):
    """What was offered is not possible any more."""

    sentence = _(
        "This is no longer possible: somebody or something was taken meanwhile. Look for offers again."
    )


@transaction.atomic
def look_for_offers(event: Event, *, by: User, at: datetime) -> Recovery:
    """Who is stranded in the next time slot, and what they could do then; replaces what was found before.

    Raises NothingPublished, NoSlotToCome.
    """
    if not event.publications.exists():
        raise NothingPublished
    slot = event.slots.filter(starts_at__gt=at).order_by("position").first()
    if slot is None:
        raise NoSlotToCome
    recovery = _find(event, slot, at=at)
    record(
        "recovery_sought",
        by=by,
        subject=event,
        at=at,
        event=event.public_id,
        data={"slot": slot.position, "people": len(recovery.people), "offers": len(recovery.offers)},
    )
    return recovery


def _find(event: Event, slot: Slot, *, at: datetime) -> Recovery:
    """Offers for the stranded, those found earlier for the same slot included while they wait."""
    before = Recovery.objects.filter(event=event, slot=slot).first()
    stranded = stranded_in(slot)
    people = sorted(stranded.people | still_waiting(slot, before.people if before else ()))
    offers = []
    if people:
        matches = introductions(event, slot, people)
        places = {
            meeting: place
            for meeting, place in (published_places(event) or {}).items()
            if meeting not in stranded.meetings
        }
        instance = build_instance(event, at=at, may_move_published=True)
        _add_people(instance, event, (person for one in matches for person in one["people"]))
        offers = find_offers(instance, places, slot=slot.position, people=people, matches=matches)
    found = {"slot": slot, "people": people, "offers": offers, "found_at": at}
    return Recovery.objects.update_or_create(event=event, defaults=found)[0]


def _add_people(instance: dict[str, Any], event: Event, people: Iterable[str]) -> None:
    """Those whom the instance does not know because nothing is agreed with them yet."""
    known = {one["id"] for one in instance["people"]}
    new = dict(event.participations.filter(public_id__in=set(people) - known).values_list("pk", "public_id"))
    absences = Unavailability.objects.filter(participation__in=new)
    times = [(slot.position, slot.starts_at, slot.ends_at) for slot in event.slots.order_by("position")]
    busy = busy_slots(absences.values_list("participation", "starts_at", "ends_at"), times)
    instance["people"] += [
        {"id": public_id, "unavailable": sorted(busy.get(pk, ()))} for pk, public_id in sorted(new.items())
    ]


@transaction.atomic
def take_offer(event: Event, number: int, *, found_at: str, by: User, at: datetime) -> Publication:
    """Agree the meeting on behalf of both sides where it is an introduction, give it its place, and publish.

    What the two had in this slot, and cannot take place, is taken out; all other meetings stay where they are, also
    those that still wait for a repair. The mails wait to be looked at. Raises OfferGone.
    """
    Event.objects.select_for_update().get(pk=event.pk)
    recovery = Recovery.objects.select_for_update().select_related("slot").filter(event=event).first()
    if (
        recovery is None
        or recovery.found_at.isoformat() != found_at
        or number >= len(recovery.offers)
        or recovery.slot.starts_at <= at
    ):
        raise OfferGone
    offer = recovery.offers[number]
    dead = stranded_in(recovery.slot).meetings
    meeting = _meeting_of(event, offer, by=by, at=at)
    instance = build_instance(event, at=at, may_move_published=True)
    places = _without_the_dead(instance, published_places(event) or {}, offer, dead)
    known = {violation.message for violation in violations_of(instance, places)}
    places[meeting.public_id] = offer["place"]
    if any(violation.message not in known for violation in violations_of(instance, places)):
        raise OfferGone
    run = PlanRun.objects.create(
        event=event,
        number=(event.plan_runs.aggregate(last=models.Max("number"))["last"] or 0) + 1,
        state=PlanRun.State.FINISHED,
        seconds=0,
        is_repair=True,
        instance=instance,
        started_by=by,
        created_at=at,
        finished_at=at,
    )
    by_hand = {"seed": 0, "iterations": 0, "wall_s": 0.0, "cpu_s": 0.0}
    store_draft(run, edited_plan(instance, by_hand, places))
    last = event.publications.latest("number").number
    publication = publish_plan(run, after_number=last, by=by, at=at, tolerated=frozenset(known))
    record("recovery_taken", by=by, subject=meeting, at=at, event=event.public_id)
    _find(event, recovery.slot, at=at)
    return publication


def _meeting_of(event: Event, offer: Mapping[str, Any], *, by: User, at: datetime) -> Meeting:
    """The agreed meeting of an offer that has no place yet, written now for an introduction."""
    if offer["meeting"] is not None:
        meeting = Meeting.objects.agreed().filter(event=event, public_id=offer["meeting"], seat=None).first()
    else:
        people = {
            one.public_id: one
            for one in Participation.objects.filter(event=event, public_id__in=offer["people"])
            .select_related("person", "booth")
            .prefetch_related("person__languages")
        }
        if len(people) != len(offer["people"]):
            raise OfferGone
        first, second = (people[one] for one in offer["people"])
        meeting = agree_for_both(event, first, second, by=by, at=at)
    if meeting is None:
        raise OfferGone
    return meeting


def _without_the_dead(
    instance: Mapping[str, Any],
    published: Mapping[str, Place],
    offer: Mapping[str, Any],
    dead: frozenset[str],
) -> dict[str, Place]:
    """The published places but for those meetings that cannot take place and are in the way of the offer."""
    of_meeting = {one["id"]: set(one["people"]) for one in instance["meetings"]}
    place = offer["place"]

    def is_in_the_way(meeting: str, other: Place) -> bool:
        return meeting in dead and (
            bool(of_meeting.get(meeting, set()) & set(offer["people"]))
            or (other["interpreter"] is not None and other["interpreter"] == place["interpreter"])
            or (
                other["table"] is not None
                and (other["hall"], other["table"]) == (place["hall"], place["table"])
            )
        )

    return {meeting: other for meeting, other in published.items() if not is_in_the_way(meeting, other)}
