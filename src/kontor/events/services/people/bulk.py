"""Many new participants at once, in a few statements however many there are."""

from collections.abc import Sequence

from kontor.accounts.models import User
from kontor.directory.models import Organisation, Person, PersonLanguage
from kontor.directory.names import display, organisation_key
from kontor.directory.services.refreshing import refresh_organisations
from kontor.events.models import Event, Participation, Unavailability
from kontor.events.services.people.participants import ParticipantData, fill_participation
from kontor.events.services.people.persons import fill_person, new_sign_in

BATCH = 500


def add_many(event: Event, people: Sequence[ParticipantData]) -> list[Participation]:
    """New participants whose addresses nobody has, in a few statements; the caller holds the transaction and knows that."""
    organisations = _find_organisations(event, people)
    rows = []
    for data in people:
        person = Person(is_sample=event.is_sample)
        fill_person(person, data.person)
        user = new_sign_in(person)
        user.email, user.name = person.email, display(person.name, "en")
        user.is_sample = person.is_sample
        person.user = user
        one = Participation(event=event, person=person, is_sample=event.is_sample, sort_key=person.sort_key)
        one.organisation = organisations[organisation_key(data.organisation.original_words().text)]
        fill_participation(one, data)
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
    refresh_organisations(one.pk for one in new)
    return found | {one.name_key: one for one in new}
