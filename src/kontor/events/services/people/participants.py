"""Participants of an event: add, correct, merge two rows of one person, cancel, bring back."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.models import Organisation, Person, PersonLanguage
from kontor.directory.names import organisation_key
from kontor.directory.services.refreshing import refresh_organisations
from kontor.errors import DomainError
from kontor.events.models import Event, Participation, Unavailability
from kontor.events.services.people.persons import (
    AlreadyTakesPart,
    PersonData,
    is_their_own,
    known_person,
    without_loss,
    write_person,
)
from kontor.i18n import Text
from kontor.jobs.services import enqueue
from kontor.search.services import index


class NotTheSameEvent(DomainError):
    """Only two participants of one event can be merged."""

    sentence = _("Only two different participants of the same event can be merged.")


class MergeTheOtherWay(DomainError):
    """The row that would be cancelled is the one somebody signs in with."""

    sentence = _("%(name)s already signs in. Open the page of that row instead, and merge this one into it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantData:
    """What is known of a participant, however it came in. `busy` are stretches of local time of the event."""

    person: PersonData
    organisation: Text
    function: Text = field(default_factory=Text)
    place: str = ""
    category: str = Participation.Category.MATCHMAKING
    offers: Text = field(default_factory=Text)
    seeks: Text = field(default_factory=Text)
    availability_words: str = ""
    busy: tuple[tuple[datetime, datetime], ...] = ()
    booth_id: int | None = None
    is_listed: bool = True


def find_organisation(
    name: Text, *, country: str = "", place: str = "", is_sample: bool = False
) -> Organisation:
    """The organisation with this name (any of its spellings that fold alike), else a new one."""
    key = organisation_key(name.original_words().text)
    found = Organisation.objects.filter(name_key=key).order_by("id").first()
    if found is not None:
        return found
    made = Organisation.objects.create(
        name=name, name_key=key, country=country, place=place, is_sample=is_sample
    )
    refresh_organisations([made.pk])
    return made


@transaction.atomic
def add_participant(event: Event, data: ParticipantData, *, by: User, at: datetime) -> Participation:
    """A new participant by hand; somebody known from another event keeps their row. Raises AddressTaken, AlreadyTakesPart."""
    person = known_person(data.person.email)
    if person is not None:
        if Participation.objects.filter(event=event, person=person).exists():
            raise AlreadyTakesPart(name=str(person))
        data = replace(data, person=without_loss(person, data.person))
    participation = Participation(
        event=event, person=person or Person(is_sample=event.is_sample), is_sample=event.is_sample
    )
    write_participation(participation, data)
    record("participant_added", by=by, subject=participation, at=at)
    profiles_changed(event, [participation])
    return participation


@transaction.atomic
def change_participant(
    participation: Participation, data: ParticipantData, *, by: User, at: datetime
) -> Participation:
    """Correct a participant by hand; absences stay while the words about them do. Raises AddressTaken."""
    locked = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("event", "person__user")
        .get(pk=participation.pk)
    )
    if data.availability_words == locked.availability_words:
        data = replace(
            data, busy=tuple((one.starts_at, one.ends_at) for one in locked.unavailabilities.all())
        )
    write_participation(locked, data)
    record("participant_changed", by=by, subject=locked, at=at)
    profiles_changed(locked.event, [locked])
    return locked


def fill_participation(participation: Participation, data: ParticipantData) -> None:
    participation.function, participation.category = data.function, data.category
    participation.offers, participation.seeks = data.offers, data.seeks
    participation.availability_words, participation.booth_id = data.availability_words, data.booth_id
    participation.is_listed = data.is_listed


def write_participation(participation: Participation, data: ParticipantData) -> Participation:
    """Fill the rows of a participant from the data; the caller holds the transaction. Raises AddressTaken."""
    is_sample = participation.is_sample
    person = write_person(participation.person, data.person)
    participation.person = person
    participation.organisation = find_organisation(
        data.organisation, country=data.person.country, place=data.place, is_sample=is_sample
    )
    fill_participation(participation, data)
    participation.sort_key = person.sort_key
    try:
        with transaction.atomic():
            participation.save()
    except IntegrityError as error:
        raise AlreadyTakesPart(name=str(person)) from error
    participation.unavailabilities.all().delete()
    Unavailability.objects.bulk_create(
        Unavailability(participation=participation, starts_at=start, ends_at=end) for start, end in data.busy
    )
    return participation


@transaction.atomic
def change_profile(
    participation: Participation, *, offers: Text, seeks: Text, is_listed: bool, by: User, at: datetime
) -> None:
    """A participant's own words about offers and wishes."""
    participation.offers, participation.seeks, participation.is_listed = offers, seeks, is_listed
    participation.save(update_fields=("offers", "seeks", "is_listed"))
    record("profile_changed", by=by, subject=participation, at=at)
    profiles_changed(participation.event, [participation])


@transaction.atomic
def merge_participants(kept: Participation, gone: Participation, *, by: User, at: datetime) -> None:
    """Two rows of one person become one: `kept` stays, its blanks are filled from `gone`, which is cancelled.

    Nothing is deleted: the other person's row stays without participation, and requests move by hand.
    Raises NotTheSameEvent, MergeTheOtherWay.
    """
    if kept.event_id != gone.event_id or kept.pk == gone.pk:
        raise NotTheSameEvent
    person, other = kept.person, gone.person
    if other.user is not None and is_their_own(other, other.user):
        raise MergeTheOtherWay(name=str(other))
    filled = [
        name
        for name in ("phone", "wechat", "country", "title", "native_family", "native_given")
        if not getattr(person, name)
    ]
    for name in filled:
        setattr(person, name, getattr(other, name))
    if not person.email and other.email:
        address, other.email = other.email, None
        other.save(update_fields=("email",))
        if other.user is not None:
            other.user.email = None
            other.user.is_active = False
            other.user.save(update_fields=("email", "is_active"))
        person.email = address
        if person.user is not None:
            person.user.email = address
            person.user.save(update_fields=("email",))
    person.save()
    for spoken in other.languages.exclude(code__in=person.languages.values("code")):
        PersonLanguage.objects.create(
            person=person, code=spoken.code, level=spoken.level, is_assumed=spoken.is_assumed
        )
    for name in ("offers", "seeks", "function"):
        if not getattr(kept, name):
            setattr(kept, name, getattr(gone, name))
    kept.save()
    cancel_participation(gone, by=by, at=at)
    record("participants_merged", by=by, subject=kept, at=at, data={"gone": gone.public_id})
    profiles_changed(kept.event, [kept])


@transaction.atomic
def cancel_participation(participation: Participation, *, by: User, at: datetime) -> None:
    """Take somebody off the list; softly, so that it can be taken back."""
    if participation.state == Participation.State.CANCELLED:
        return
    participation.state = Participation.State.CANCELLED
    participation.save(update_fields=("state",))
    record("participation_cancelled", by=by, subject=participation, at=at)
    enqueue("meetings.after_cancellation", arguments={"participation": participation.public_id})
    profiles_changed(participation.event, [participation])


@transaction.atomic
def restore_participation(participation: Participation, *, by: User, at: datetime) -> None:
    """Take a cancellation back; meetings that were cancelled with it are asked for anew."""
    participation.state = Participation.State.CONFIRMED
    participation.save(update_fields=("state",))
    record("participation_restored", by=by, subject=participation, at=at)
    profiles_changed(participation.event, [participation])


SINGLY = 20
"""changed profiles up to which each is followed by itself; beyond, one run for everybody is cheaper"""


def profiles_changed(event: Event, participations: Iterable[Participation]) -> None:
    """Have search follow these people, and their matches found anew, in a job."""
    ids = [participation.public_id for participation in participations]
    if len(ids) > SINGLY:
        key = f"match:{event.public_id}"
        enqueue("matching.match_event", arguments={"event": event.public_id}, unique_key=key)
        enqueue("events.index_profiles", arguments={"event": event.public_id})
    elif ids:
        enqueue("matching.refresh", arguments={"event": event.public_id, "participations": ids})
        index("profile", *ids)


def index_profiles(event: Event) -> None:
    """Have search follow everybody of an event."""
    index("profile", *event.participations.order_by("pk").values_list("public_id", flat=True))
