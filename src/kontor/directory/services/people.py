"""People: their consent to be found, their other spellings, for whom they work."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from kontor.accounts.models import User
from kontor.audit.services import record
from kontor.directory.models import Affiliation, Organisation, Person, PersonAlias, PersonLanguage
from kontor.directory.names import candidate_key, sort_key
from kontor.i18n import Text
from kontor.search.services import index

PROFILE = (
    "family",
    "given",
    "native_family",
    "native_given",
    "name_order",
    "romanisation",
    "preferred_name",
    "pronunciation",
    "title",
    "official_title",
    "channel",
    "country",
    "language",
)
"""what `save_person` writes"""


@transaction.atomic
def save_person(person: Person, *, aliases: Sequence[str] | None = None, by: User, at: datetime) -> None:
    """Write the name in its parts and what belongs to it; keys to sort and compare by follow."""
    Person.objects.select_for_update().get(pk=person.pk)
    person.sort_key = sort_key(person.name)
    person.candidate_key = candidate_key(person.name)
    person.save(update_fields=[*PROFILE, "sort_key", "candidate_key"])
    if aliases is not None:
        person.aliases.all().delete()
        texts = dict.fromkeys(" ".join(alias.split()) for alias in aliases)
        PersonAlias.objects.bulk_create([PersonAlias(person=person, text=text) for text in texts if text])
    record("directory.save_person", by=by, subject=person, at=at)
    index("person", person.public_id)


@transaction.atomic
def set_languages(person: Person, levels: Mapping[str, str], *, by: User, at: datetime) -> None:
    """What somebody says they speak, by code and level; a level they left as it was stays assumed if it was."""
    Person.objects.select_for_update().get(pk=person.pk)
    known = {row.code: row for row in person.languages.all()}
    if levels == {code: row.level for code, row in known.items()}:
        return
    person.languages.exclude(code__in=levels).delete()
    for code, level in levels.items():
        if code not in known:
            PersonLanguage.objects.create(person=person, code=code, level=level)
        elif known[code].level != level:
            known[code].level, known[code].is_assumed = level, False
            known[code].save(update_fields=["level", "is_assumed"])
    record("directory.set_languages", by=by, subject=person, at=at, data={"levels": dict(levels)})


@transaction.atomic
def set_findable(person: Person, *, findable_by: str, by: User, at: datetime) -> None:
    """The person's own consent to be found, or its withdrawal; the search follows at once."""
    stored = Person.objects.select_for_update().get(pk=person.pk)
    if stored.findable_by == findable_by:
        return  # the day of the consent stays
    is_found = findable_by != Person.FindableBy.NOBODY
    stored.findable_by = Person.FindableBy(findable_by)
    stored.findable_since = at if is_found else None
    stored.save(update_fields=["findable_by", "findable_since"])
    record("directory.set_findable", by=by, subject=stored, at=at, data={"findable_by": findable_by})
    index("person", stored.public_id)


@transaction.atomic
def add_affiliation(
    person: Person,
    *,
    organisation: Organisation,
    function: Text | None = None,
    since: date | None = None,
    is_editor: bool = False,
    by: User | None,
    at: datetime,
) -> Affiliation:
    """Somebody works for an organisation; asked again, the present row is changed."""
    row, _is_new = Affiliation.objects.update_or_create(
        person=person,
        organisation=organisation,
        until=None,
        defaults={"function": function or Text(), "since": since, "is_editor": is_editor},
    )
    record(
        "directory.add_affiliation",
        by=by,
        subject=organisation,
        at=at,
        data={"person": person.public_id, "is_editor": is_editor},
    )
    index("person", person.public_id)
    return row


@transaction.atomic
def end_affiliation(affiliation: Affiliation, *, until: date, by: User, at: datetime) -> None:
    """Somebody left; the row stays on record and no longer lets them edit."""
    stored = (
        Affiliation.objects.select_for_update()
        .select_related("person", "organisation")
        .get(pk=affiliation.pk)
    )
    stored.until, stored.is_editor = until, False
    stored.save(update_fields=["until", "is_editor"])
    record(
        "directory.end_affiliation",
        by=by,
        subject=stored.organisation,
        at=at,
        data={"person": stored.person.public_id},
    )
    index("person", stored.person.public_id)
