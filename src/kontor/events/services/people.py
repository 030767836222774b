"""Participants and interpreters: save, cancel, bring back, merge two rows of one person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User, mail_identity
from kontor.audit.services import record
from kontor.directory.models import Organisation, Person, PersonLanguage
from kontor.directory.names import PersonName, candidate_key, display, organisation_key, sort_key
from kontor.errors import DomainError
from kontor.events.models import Event, Interpreter, Participation, Unavailability
from kontor.i18n import Text
from kontor.jobs.services import enqueue


class AddressTaken(DomainError):
    """Another person has this e-mail address."""

    sentence = _(
        "%(email)s already belongs to %(name)s. Two people cannot share one address; merge them if they are one."
    )


class AddressBelongsToSignIn(DomainError):
    """The person signs in with this address, or uses it elsewhere; changing it would hand their sign-in to somebody else."""

    sentence = _(
        "%(name)s already signs in with the address %(email)s. Only the operator of this site can change it."
    )


class AlreadyTakesPart(DomainError):
    """The person is in this event already."""

    sentence = _("%(name)s already takes part in this event.")


class NotTheSameEvent(DomainError):
    """Only two participants of one event can be merged."""

    sentence = _("Only two different participants of the same event can be merged.")


class MergeTheOtherWay(DomainError):
    """The row that would be cancelled is the one somebody signs in with."""

    sentence = _("%(name)s already signs in. Open the page of that row instead, and merge this one into it.")


BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """What is known of a person, however it came in."""

    name: PersonName
    email: str = ""
    phone: str = ""
    wechat: str = ""
    country: str = ""
    language: str = "en"
    levels: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """code → (level, whether it was assumed)"""


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
    return Organisation.objects.create(
        name=name, name_key=key, country=country, place=place, is_sample=is_sample
    )


def _fill_person(person: Person, data: PersonData) -> None:
    person.family, person.given = data.name.family, data.name.given
    person.native_family, person.native_given = data.name.native_family, data.name.native_given
    person.name_order, person.title = str(data.name.order), data.name.titles
    person.email, person.phone, person.wechat = mail_identity(data.email) or None, data.phone, data.wechat
    person.country, person.language = data.country, data.language
    person.sort_key, person.candidate_key = sort_key(data.name), candidate_key(data.name)


def write_person(person: Person, data: PersonData) -> Person:
    """Fill a person's row, languages and sign-in from the data; the caller holds the transaction.

    Raises AddressTaken, AddressBelongsToSignIn.
    """
    email = mail_identity(data.email) or None
    if email and email != person.email:
        other = Person.objects.filter(email=email).exclude(pk=person.pk).first()
        if other is not None:
            raise AddressTaken(email=email, name=str(other))
    if person.user is not None and email != person.email and _is_their_own(person, person.user):
        raise AddressBelongsToSignIn(name=str(person), email=person.email or "")
    _fill_person(person, data)
    person.user = _sign_in_of(person)
    person.save()
    _write_languages(person, data.levels)
    return person


def _write_languages(person: Person, levels: dict[str, tuple[str, bool]]) -> None:
    """Make the rows say what the data say; nothing is written where they say it already."""
    known = {spoken.code: spoken for spoken in person.languages.all()}
    if gone := [spoken.pk for code, spoken in known.items() if code not in levels]:
        person.languages.filter(pk__in=gone).delete()
    for code, (level, is_assumed) in levels.items():
        spoken = known.get(code)
        if spoken is None:
            PersonLanguage.objects.create(person=person, code=code, level=level, is_assumed=is_assumed)
        elif (spoken.level, spoken.is_assumed) != (level, is_assumed):
            spoken.level, spoken.is_assumed = level, is_assumed
            spoken.save(update_fields=("level", "is_assumed"))


def _is_their_own(person: Person, user: User) -> bool:
    """Whether a sign-in is more than what an organiser made for somebody on a list of theirs."""
    return (
        user.last_login is not None
        or user.is_superuser
        or user.may_organise
        or user.organising.exists()
        or person.participations.count() + person.interpreting.count() > 1
    )


ZONES = {"CN": "Asia/Shanghai", "DE": "Europe/Berlin", "FI": "Europe/Helsinki", "CH": "Europe/Zurich", "AT": "Europe/Vienna",
         "NL": "Europe/Amsterdam", "IL": "Asia/Jerusalem", "GB": "Europe/London", "FR": "Europe/Paris", "IT": "Europe/Rome",
         "ES": "Europe/Madrid", "JP": "Asia/Tokyo", "KR": "Asia/Seoul", "SE": "Europe/Stockholm", "DK": "Europe/Copenhagen",
         "PL": "Europe/Warsaw", "CZ": "Europe/Prague", "BE": "Europe/Brussels"}  # fmt: skip
"""Where people of a country usually are; they can change it."""

_INTERFACE = {"de": "de", "en": "en", "zh": "zh-hans"}


def _sign_in_of(person: Person) -> User:
    """The person's user, made where there is none, with the person's address and name. Raises AddressTaken."""
    user = person.user
    if person.email and (user is None or user.email != person.email):
        holder = User.objects.select_related("person").filter(email=person.email).first()
        if holder is not None:
            if user is not None or getattr(holder, "person", None) is not None:
                raise AddressTaken(email=person.email, name=str(holder))
            user = holder
    if user is None:
        user = _new_sign_in(person)
    name = display(person.name, "en")
    if user.pk is None or (user.email, user.name) != (person.email, name):
        user.email, user.name, user.is_sample = person.email, name, person.is_sample
        user.save()
    return user


def _new_sign_in(person: Person) -> User:
    user = User(time_zone=ZONES.get(person.country, "Europe/Berlin"), language=_INTERFACE[person.language])
    user.set_unusable_password()
    return user


def known_person(email: str) -> Person | None:
    """Whoever has this address already, in whatever event."""
    address = mail_identity(email)
    return Person.objects.select_related("user").filter(email=address).first() if address else None


def without_loss(person: Person, data: PersonData) -> PersonData:
    """The data with their blanks filled from what is known of the person; a new list never empties an earlier one."""
    return replace(
        data,
        phone=data.phone or person.phone,
        wechat=data.wechat or person.wechat,
        country=data.country or person.country,
        levels={spoken.code: (spoken.level, spoken.is_assumed) for spoken in person.languages.all()}
        | data.levels,
    )


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
    """Correct a participant by hand. Raises AddressTaken."""
    locked = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("event", "person__user")
        .get(pk=participation.pk)
    )
    write_participation(locked, data)
    record("participant_changed", by=by, subject=locked, at=at)
    profiles_changed(locked.event, [locked])
    return locked


def add_many(event: Event, people: Sequence[ParticipantData]) -> list[Participation]:
    """New participants whose addresses nobody has, in a few statements; the caller holds the transaction and knows that."""
    organisations = _find_organisations(event, people)
    rows = []
    for data in people:
        person = Person(is_sample=event.is_sample)
        _fill_person(person, data.person)
        user = _new_sign_in(person)
        user.email, user.name = person.email, display(person.name, "en")
        user.is_sample = person.is_sample
        person.user = user
        one = Participation(event=event, person=person, is_sample=event.is_sample, sort_key=person.sort_key)
        one.organisation = organisations[organisation_key(data.organisation.original_words().text)]
        _fill_participation(one, data)
        rows.append(one)
    users = [one.person.user for one in rows if one.person.user is not None]
    User.objects.bulk_create(users, batch_size=BATCH)
    for one in rows:
        one.person.user = one.person.user  # takes the key that the row has now
    Person.objects.bulk_create([one.person for one in rows], batch_size=BATCH)
    for one in rows:
        one.person = one.person
    Participation.objects.bulk_create(rows, batch_size=BATCH)
    pairs = list(zip(rows, people, strict=True))
    PersonLanguage.objects.bulk_create(
        (
            PersonLanguage(person=one.person, code=code, level=level, is_assumed=is_assumed)
            for one, data in pairs
            for code, (level, is_assumed) in data.person.levels.items()
        ),
        batch_size=BATCH,
    )
    Unavailability.objects.bulk_create(
        (
            Unavailability(participation=one, starts_at=start, ends_at=end)
            for one, data in pairs
            for start, end in data.busy
        ),
        batch_size=BATCH,
    )
    return rows


def _find_organisations(event: Event, people: Sequence[ParticipantData]) -> dict[str, Organisation]:
    """The organisations of these people by key; those that are not there yet are made."""
    wanted = {organisation_key(data.organisation.original_words().text): data for data in reversed(people)}
    keys = list(wanted)
    found: dict[str, Organisation] = {}
    for start in range(0, len(keys), BATCH):
        for one in Organisation.objects.filter(name_key__in=keys[start : start + BATCH]).order_by("-id"):
            found[one.name_key] = one
    new = [
        Organisation(
            name=data.organisation,
            name_key=key,
            country=data.person.country,
            place=data.place,
            is_sample=event.is_sample,
        )
        for key, data in reversed(wanted.items())
        if key not in found
    ]
    Organisation.objects.bulk_create(new, batch_size=BATCH)
    return found | {one.name_key: one for one in new}


def _fill_participation(participation: Participation, data: ParticipantData) -> None:
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
    _fill_participation(participation, data)
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
    if other.user is not None and _is_their_own(other, other.user):
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
"""changed profiles up to which each list is found anew by itself; beyond, one run for everybody is cheaper"""


def profiles_changed(event: Event, participations: Iterable[Participation]) -> None:
    """Have the matches of these people found anew, in a job."""
    ids = [participation.public_id for participation in participations]
    if len(ids) > SINGLY:
        key = f"match:{event.public_id}"
        enqueue("matching.match_event", arguments={"event": event.public_id}, unique_key=key)
    elif ids:
        enqueue("matching.refresh", arguments={"event": event.public_id, "participations": ids})


def event_days(event: Event) -> list[date]:
    """The days of an event."""
    return [
        event.starts_on + timedelta(days=number)
        for number in range((event.ends_on - event.starts_on).days + 1)
    ]


def busy_from_free(
    event: Event, free: Iterable[tuple[date, int, int]]
) -> tuple[tuple[datetime, datetime], ...]:
    """The rest of each day of the event as stretches, given when somebody is free (day, from and to in minutes)."""
    busy = []
    zone = event.tzinfo
    free = list(free)
    for day in event_days(event):
        midnight = datetime.combine(day, time(0), tzinfo=zone)
        edge = 0
        for start, end in sorted((start, end) for on, start, end in free if on == day):
            if start > edge:
                busy.append((midnight + timedelta(minutes=edge), midnight + timedelta(minutes=start)))
            edge = max(edge, end)
        if edge < 24 * 60:
            busy.append((midnight + timedelta(minutes=edge), midnight + timedelta(days=1)))
    return tuple(busy)


@transaction.atomic
def save_interpreter(
    interpreter: Interpreter, data: PersonData, *, by: User | None, at: datetime
) -> Interpreter:
    """Save an interpreter with their person. Raises AddressTaken, AlreadyTakesPart."""
    if interpreter._state.adding and data.email:  # noqa: SLF001 -- Django documents _state.adding for this question
        known = known_person(data.email)
        if known is not None:
            interpreter.person, data = known, without_loss(known, data)
    interpreter.person = write_person(interpreter.person, data)
    try:
        with transaction.atomic():
            interpreter.save()
    except IntegrityError as error:
        raise AlreadyTakesPart(name=str(interpreter.person)) from error
    record("interpreter_saved", by=by, subject=interpreter, at=at)
    return interpreter


class InterpreterHasMeetings(DomainError):
    """The published plan names this interpreter."""

    sentence = _("%(name)s interprets %(count)s published meetings. Publish a plan without them first.")


@transaction.atomic
def remove_interpreter(interpreter: Interpreter, *, by: User, at: datetime) -> None:
    """Take an interpreter off an event. Raises InterpreterHasMeetings."""
    record("interpreter_removed", by=by, subject=interpreter, at=at)
    try:
        with transaction.atomic():
            interpreter.delete()
    except models.ProtectedError as error:
        raise InterpreterHasMeetings(
            name=str(interpreter.person), count=len(error.protected_objects)
        ) from error
