"""Apply a list of participants: what the preview shows is written in one transaction, all of it or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User, mail_identity
from kontor.audit.services import record
from kontor.directory.lists import ParticipantRow
from kontor.directory.lists.choices import Choices
from kontor.directory.models import LEVELS, Organisation, Person
from kontor.directory.names import organisation_key
from kontor.errors import DomainError
from kontor.events.models import Event, ListImport, Participation
from kontor.events.services.imports.preview import (
    KNOWN_CATEGORIES,
    build_preview,
    fates,
    joined,
    known_participants,
)
from kontor.events.services.imports.undoing import snapshot
from kontor.events.services.people import (
    BATCH,
    ParticipantData,
    PersonData,
    add_many,
    busy_beside,
    known_person,
    profiles_changed,
    without_loss,
    write_participation,
)
from kontor.events.services.stored_lists import lock_list, read_again
from kontor.i18n import Text
from kontor.i18n.text import LANGUAGES


class PreviewOutdated(DomainError):
    """The participants changed after the preview was made."""

    sentence = _(
        "Participants have changed since this preview was made. It has been made anew; please look at it again."
    )


def apply_import(row: ListImport, *, by: User | None, at: datetime) -> ListImport:
    """Write what the preview shows, all of it or nothing. Raises NotInThisState, PreviewOutdated, AddressTaken."""
    with transaction.atomic():
        locked = lock_list(row, ListImport.State.PREVIEWED)
        event = Event.objects.select_for_update().get(pk=locked.event_id)
        entries = locked.preview["rows"]
        rows = [ParticipantRow.from_json(entry["row"]) for entry in entries]
        now = fates(event, rows)
        outdated = [(entry["fate"], entry["target"]) for entry in now] != [
            (entry["fate"], entry["target"]) for entry in entries
        ]
        if not outdated:
            _write(locked, event, entries, rows, by=by, at=at)
    if outdated:
        read_again(row, Choices.from_json(row.choices), build=build_preview)
        raise PreviewOutdated
    return locked


def _write(
    row: ListImport,
    event: Event,
    entries: list[dict[str, Any]],
    rows: list[ParticipantRow],
    *,
    by: User | None,
    at: datetime,
) -> None:
    known = {one.public_id: one for one in known_participants(event).values()}
    last_organisation = Organisation.objects.order_by("-id").values_list("id", flat=True).first() or 0
    new, changed, snapshots = [], [], {}
    unknown: list[ParticipantData] = []
    taken = _taken_addresses(rows)
    for entry, wanted in zip(entries, rows, strict=True):
        if entry["fate"] == "unchanged":
            continue
        old = known.get(entry["target"] or "")
        if old is not None:
            snapshots[old.public_id] = snapshot(old)
            changed.append(write_participation(old, _data(event, wanted, old=old)))
        else:
            data = _data(event, wanted, old=None)
            if mail_identity(wanted.email) not in taken:
                unknown.append(data)
                continue
            person = known_person(wanted.email)
            if person is not None:
                data = replace(data, person=without_loss(person, data.person))
            one = Participation(
                event=event, person=person or Person(is_sample=event.is_sample), is_sample=event.is_sample
            )
            write_participation(one, data)
            new.append((one, person is not None))
    new += [(one, False) for one in add_many(event, unknown)]
    made = Organisation.objects.filter(pk__gt=last_organisation).values_list("public_id", flat=True)
    row.undo = {
        "new": [{"participation": one.public_id, "keeps_person": keeps_person} for one, keeps_person in new],
        "changed": snapshots,
        "organisations": list(made),
    }
    row.state, row.applied_at = ListImport.State.APPLIED, at
    row.save(update_fields=("undo", "state", "applied_at"))
    record(
        "list_applied",
        by=by,
        subject=row,
        at=at,
        event=event.public_id,
        data={"new": len(new), "changed": len(changed)},
    )
    profiles_changed(event, [*(one for one, _keeps_person in new), *changed])


def _taken_addresses(rows: Sequence[ParticipantRow]) -> set[str]:
    """Those of the addresses of a list that a person or a sign-in has already."""
    wanted = [address for row in rows if (address := mail_identity(row.email))]
    taken: set[str] = set()
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        for model in (Person, User):
            found = model.objects.filter(email__in=part).values_list("email", flat=True)
            taken.update(address for address in found if address)
    return taken


def _reads(row: ParticipantRow) -> str:
    """The language of somebody's pages and mails: that of the list, unless they speak another of the three better."""
    levels = {one.code: LEVELS.index(one.level) for one in row.languages if one.code in LANGUAGES}
    return max(levels, key=lambda code: (levels[code], code == row.language), default=row.language)


def _data(event: Event, row: ParticipantRow, *, old: Participation | None) -> ParticipantData:
    """What to write for a row; where the list says nothing, what is there stays."""
    language = row.language
    levels = {spoken.code: (spoken.level, spoken.is_assumed) for spoken in row.languages}
    organisation = Text.of(language, **{language: row.organisation})
    if row.organisation_other:
        other = "en" if language == "zh" else "zh"
        organisation = Text.of(language, **{language: row.organisation, other: row.organisation_other})
    if old is not None:
        kept = {spoken.code: (spoken.level, spoken.is_assumed) for spoken in old.person.languages.all()}
        levels = levels or kept
        if organisation_key(old.organisation.name.original_words().text) == organisation_key(
            row.organisation
        ):
            organisation = old.organisation.name

    def text(words: str, before: Text) -> Text:
        return Text.of(language, **{language: words}) if words and words != str(before) else before

    function, offers, seeks = (old.function, old.offers, old.seeks) if old else (Text(language),) * 3
    has_words = bool(row.availability)
    before = tuple((one.starts_at, one.ends_at) for one in old.unavailabilities.all()) if old else ()
    person = old.person if old else None
    return ParticipantData(
        person=PersonData(
            name=row.name,
            email=row.email,
            phone=row.phone or (person.phone if person else ""),
            wechat=row.wechat or (person.wechat if person else ""),
            country=row.country or (person.country if person else ""),
            language=person.language if person else _reads(row),
            levels=levels,
        ),
        organisation=organisation,
        place=row.place,
        function=text(row.function, function),
        category=row.category
        if row.category in KNOWN_CATEGORIES
        else old.category
        if old
        else Participation.Category.MATCHMAKING,
        offers=text(joined(row.offers, language), offers),
        seeks=text(joined(row.seeks, language), seeks),
        availability_words=row.availability or (old.availability_words if old else ""),
        busy=(() if row.is_available_always else busy_beside(event, row.intervals)) if has_words else before,
        booth_id=old.booth_id if old else None,
        is_listed=old.is_listed if old else True,
    )
