"""Import a list of participants: read completely, stored as a preview, applied in one transaction, undone as a whole."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kontor.accounts.models import User, mail_identity
from kontor.audit.services import record
from kontor.directory.models import Organisation, Person
from kontor.directory.names import NameOrder, PersonName, identity_key, organisation_key
from kontor.errors import DomainError
from kontor.events.lists import Field, ParticipantRow, Table, propose_mapping, read_participants, read_table
from kontor.events.models import Event, ListImport, Participation, Unavailability
from kontor.events.services.people import (
    BATCH,
    ParticipantData,
    PersonData,
    add_many,
    busy_from_free,
    event_days,
    known_person,
    profiles_changed,
    without_loss,
    write_participation,
)
from kontor.i18n import Text

KNOWN_CATEGORIES = frozenset(Participation.Category.values)
SEPARATOR = {"zh": "、", "de": "; ", "en": "; "}
KEEP_FILES = 50
"""uploads kept per event; the bytes of older ones are dropped"""


class PreviewOutdated(DomainError):
    """The participants changed after the preview was made."""

    sentence = _(
        "Participants have changed since this preview was made. It has been made anew; please look at it again."
    )


class NotInThisState(DomainError):
    """Somebody else applied, undid or discarded the list."""

    sentence = _("This list has been applied, undone or discarded in the meantime.")


class CannotUndo(DomainError):
    """Later work stands on the imported people."""

    sentence = _(
        "%(count)s of the imported people have requests or meetings by now. Cancel these people one by one instead."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How a file is read; empty values mean: recognise it yourself."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_line: int = 0
    mapping: tuple[str, ...] = ()
    """a field per column; empty: as recognised"""
    corrections: tuple[tuple[int, str, str], ...] = ()
    """(row, field, new text): proposals that were accepted"""

    def as_json(self) -> dict[str, Any]:
        """The form in which the row holds it."""
        return {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "header_line": self.header_line,
            "mapping": list(self.mapping),
            "corrections": [list(entry) for entry in self.corrections],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Choices":
        """The reverse of `as_json`."""
        return cls(
            encoding=data.get("encoding", ""),
            delimiter=data.get("delimiter", ""),
            sheet=data.get("sheet", ""),
            header_line=data.get("header_line", 0),
            mapping=tuple(data.get("mapping", ())),
            corrections=tuple(
                (int(row), str(name), str(value)) for row, name, value in data.get("corrections", ())
            ),
        )


@transaction.atomic
def prepare_import(
    event: Event, *, file_name: str, content: bytes, by: User | None, at: datetime
) -> ListImport:
    """Read a file and store its preview. Raises `UnreadableFile` for a file that is no list; nothing is kept then."""
    row = ListImport(
        event=event,
        kind=ListImport.Kind.PARTICIPANTS,
        file_name=file_name[:200],
        content=content,
        created_by=by,
    )
    row.choices = Choices().as_json()
    row.preview = build_preview(event, file_name, content, Choices())
    row.save(force_insert=True)
    record(
        "list_uploaded",
        by=by,
        subject=row,
        at=at,
        event=event.public_id,
        data={"counts": row.preview["counts"]},
    )
    old = (
        event.imports.exclude(state=ListImport.State.PREVIEWED)
        .order_by("-id")
        .values_list("id", flat=True)[KEEP_FILES:]
    )
    ListImport.objects.filter(pk__in=list(old)).update(content=b"")
    return row


@transaction.atomic
def change_choices(row: ListImport, choices: Choices) -> None:
    """Read the file again in another way. Raises NotInThisState, `UnreadableFile`."""
    locked = lock_import(row, ListImport.State.PREVIEWED)
    locked.preview = build_preview(locked.event, locked.file_name, bytes(locked.content), choices)
    locked.choices = choices.as_json()
    locked.save(update_fields=("preview", "choices"))


def accept_proposal(row: ListImport, *, row_number: int, field: str, value: str) -> None:
    """Correct one cell as proposed and read the file again. Raises NotInThisState."""
    choices = Choices.from_json(row.choices)
    kept = tuple(entry for entry in choices.corrections if entry[:2] != (row_number, field))
    change_choices(row, replace(choices, corrections=(*kept, (row_number, field, value))))


def build_preview(event: Event, file_name: str, content: bytes, choices: Choices) -> dict[str, Any]:
    """Everything the page of the preview shows and `apply_import` writes, as JSON. Raises `UnreadableFile`."""
    table = read_table(
        content,
        file_name,
        encoding=choices.encoding,
        delimiter=choices.delimiter,
        sheet=choices.sheet,
        header_line=choices.header_line,
    )
    recognised = propose_mapping(table.headings)
    fields: Sequence[Field | None] = [meaning.field for meaning in recognised]
    if len(choices.mapping) == len(table.headings):
        fields = [Field(name) if name else None for name in choices.mapping]
    found = read_participants(
        table,
        mapping=fields,
        event_days=event_days(event),
        corrections={(number, Field(name)): value for number, name, value in choices.corrections},
    )
    rows = fates(event, found.rows)
    counts = Counter(entry["fate"] for entry in rows)
    return {
        "table": _table_facts(table),
        "mapping": [str(field) if field else "" for field in fields],
        "confidence": [meaning.confidence for meaning in recognised],
        "language": found.language,
        "rows": rows,
        "refusals": [refusal.to_json() for refusal in found.refusals],
        "repetitions": [repetition.to_json() for repetition in found.repetitions],
        "notices": [notice.to_json() for notice in found.notices],
        "candidates": [group.to_json() for group in found.candidates],
        "counts": {
            "people": found.num_people,
            "new": counts["new"],
            "changed": counts["changed"],
            "unchanged": counts["unchanged"],
            "refused": found.num_refused,
            "repeated": len(found.repetitions),
        },
    }


def _table_facts(table: Table) -> dict[str, Any]:
    return {
        "kind": table.kind,
        "encoding": table.encoding,
        "encodings": list(table.encodings),
        "delimiter": table.delimiter,
        "delimiters": list(table.delimiters),
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "titles": list(table.titles),
        "header_line": table.header_line,
        "headings": list(table.headings),
        "sample": [list(line.cells) for line in table.rows[:5]],
    }


def fates(event: Event, rows: Sequence[ParticipantRow]) -> list[dict[str, Any]]:
    """For each row: new, changed (in which fields) or unchanged, against the participants as they are now."""
    known = _known(event)
    entries = []
    for row in rows:
        target = known.get(row.identity)
        differing = _differences(row, target) if target is not None else []
        entries.append(
            {
                "fate": "new" if target is None else "changed" if differing else "unchanged",
                "target": target.public_id if target is not None else None,
                "fields": differing,
                "row": row.to_json(),
            }
        )
    return entries


def _known(event: Event) -> dict[str, Participation]:
    """Participants by identity: the address, and also name with organisation where there is none."""
    rows = event.participations.select_related("person__user", "organisation", "event").prefetch_related(
        "person__languages"
    )
    found: dict[str, Participation] = {}
    for one in rows:
        if one.person.email:
            found[f"mail:{one.person.email}"] = one
        else:
            key = organisation_key(one.organisation.name.original_words().text)
            found[f"name:{identity_key(one.person.name)}|{key}"] = one
    return found


def _differences(row: ParticipantRow, target: Participation) -> list[str]:
    """Names of the fields in which the list says something else than the rows; an empty cell says nothing."""
    person = target.person
    now: dict[str, object] = {
        "name": person.name,
        "organisation": organisation_key(target.organisation.name.original_words().text),
        "function": str(target.function),
        "country": person.country,
        "phone": person.phone,
        "wechat": person.wechat,
        "languages": {spoken.code: spoken.level for spoken in person.languages.all()},
        "offers": str(target.offers),
        "seeks": str(target.seeks),
        "availability": target.availability_words,
        "category": str(target.category),
    }
    wanted: dict[str, object] = {
        "name": row.name,
        "organisation": organisation_key(row.organisation),
        "function": row.function,
        "country": row.country,
        "phone": row.phone,
        "wechat": row.wechat,
        "languages": {spoken.code: spoken.level for spoken in row.languages},
        "offers": _joined(row.offers, row.language),
        "seeks": _joined(row.seeks, row.language),
        "availability": row.availability,
        "category": row.category if row.category in KNOWN_CATEGORIES else "",
    }
    return [name for name, value in wanted.items() if value and value != now[name]]


def _joined(parts: Sequence[str], language: str) -> str:
    return SEPARATOR[language].join(parts)


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
    free = [(date.fromisoformat(part.day), part.start_min, part.end_min) for part in row.intervals]
    before = tuple((one.starts_at, one.ends_at) for one in old.unavailabilities.all()) if old else ()
    person = old.person if old else None
    return ParticipantData(
        person=PersonData(
            name=row.name,
            email=row.email,
            phone=row.phone or (person.phone if person else ""),
            wechat=row.wechat or (person.wechat if person else ""),
            country=row.country or (person.country if person else ""),
            language=person.language if person else language,
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
        offers=text(_joined(row.offers, language), offers),
        seeks=text(_joined(row.seeks, language), seeks),
        availability_words=row.availability or (old.availability_words if old else ""),
        busy=(() if row.is_available_always else busy_from_free(event, free)) if has_words else before,
        booth_id=old.booth_id if old else None,
        is_listed=old.is_listed if old else True,
    )


def apply_import(row: ListImport, *, by: User | None, at: datetime) -> ListImport:
    """Write what the preview shows, all of it or nothing. Raises NotInThisState, PreviewOutdated, AddressTaken."""
    with transaction.atomic():
        locked = lock_import(row, ListImport.State.PREVIEWED)
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
        change_choices(row, Choices.from_json(row.choices))
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
    known = {one.public_id: one for one in _known(event).values()}
    last_organisation = Organisation.objects.order_by("-id").values_list("id", flat=True).first() or 0
    new, changed, snapshots = [], [], {}
    unknown: list[ParticipantData] = []
    taken = _taken_addresses(rows)
    for entry, wanted in zip(entries, rows, strict=True):
        if entry["fate"] == "unchanged":
            continue
        old = known.get(entry["target"] or "")
        if old is not None:
            snapshots[old.public_id] = _snapshot(old)
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


def _snapshot(one: Participation) -> dict[str, Any]:
    """What `undo_import` puts back of a changed participant."""
    person = one.person
    return {
        "family": person.family,
        "given": person.given,
        "native_family": person.native_family,
        "native_given": person.native_given,
        "order": person.name_order,
        "titles": person.title,
        "email": person.email or "",
        "phone": person.phone,
        "wechat": person.wechat,
        "country": person.country,
        "language": person.language,
        "levels": {spoken.code: [spoken.level, spoken.is_assumed] for spoken in person.languages.all()},
        "organisation": one.organisation.public_id,
        "function": one.function.as_json(),
        "category": one.category,
        "offers": one.offers.as_json(),
        "seeks": one.seeks.as_json(),
        "availability_words": one.availability_words,
        "busy": [
            [part.starts_at.isoformat(), part.ends_at.isoformat()] for part in one.unavailabilities.all()
        ],
        "booth": one.booth_id,
        "is_listed": one.is_listed,
    }


@transaction.atomic
def undo_import(row: ListImport, *, by: User | None, at: datetime) -> ListImport:
    """Put everything back as it was before. Raises NotInThisState, CannotUndo."""
    locked = lock_import(row, ListImport.State.APPLIED)
    undo = locked.undo
    ids = [entry["participation"] for entry in undo["new"]]
    people = {
        one.public_id: one
        for one in locked.event.participations.select_related("person__user").filter(public_id__in=ids)
    }
    if busy := _with_later_work(people.values()):
        raise CannotUndo(count=busy)
    for entry in undo["new"]:
        one = people.get(entry["participation"])
        if one is None:
            continue
        person, user = one.person, one.person.user
        one.delete()
        if (
            not entry["keeps_person"]
            and not person.participations.exists()
            and not person.interpreting.exists()
        ):
            person.delete()
            if user is not None and user.last_login is None:
                user.delete()
    for public_id, before in undo["changed"].items():
        old = locked.event.participations.select_related("person__user").filter(public_id=public_id).first()
        if old is not None:
            _restore(old, before)
    for organisation in Organisation.objects.filter(public_id__in=undo["organisations"], participations=None):
        organisation.delete()
    locked.state = ListImport.State.UNDONE
    locked.save(update_fields=("state",))
    record("list_undone", by=by, subject=locked, at=at, event=locked.event.public_id)
    return locked


def _with_later_work(people: Any) -> int:
    """How many of these people have rows of later work (requests, meetings, seats): whatever points to a participation."""
    ids = [one.pk for one in people]
    touched: set[int] = set()
    for relation in Participation._meta.related_objects:  # noqa: SLF001 -- Django's documented _meta
        model = relation.related_model
        if model is Unavailability or model._meta.app_label == "matching":  # noqa: SLF001 -- as above
            continue
        name = relation.field.name
        rows = model._default_manager.filter(**{f"{name}__in": ids})  # noqa: SLF001 -- Django documents it
        touched.update(rows.values_list(f"{name}_id", flat=True))
    return len(touched)


def _restore(old: Participation, before: Mapping[str, Any]) -> None:
    organisation = Organisation.objects.get(public_id=before["organisation"])
    write_participation(
        old,
        ParticipantData(
            person=PersonData(
                name=PersonName(
                    family=before["family"],
                    given=before["given"],
                    native_family=before["native_family"],
                    native_given=before["native_given"],
                    order=NameOrder(before["order"]),
                    titles=before["titles"],
                ),
                email=before["email"],
                phone=before["phone"],
                wechat=before["wechat"],
                country=before["country"],
                language=before["language"],
                levels={code: (level, is_assumed) for code, (level, is_assumed) in before["levels"].items()},
            ),
            organisation=organisation.name,
            function=Text.from_json(before["function"]),
            category=before["category"],
            offers=Text.from_json(before["offers"]),
            seeks=Text.from_json(before["seeks"]),
            availability_words=before["availability_words"],
            busy=tuple(
                (datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in before["busy"]
            ),
            booth_id=before["booth"],
            is_listed=before["is_listed"],
        ),
    )


@transaction.atomic
def discard_import(row: ListImport, *, by: User | None, at: datetime) -> None:
    """Forget a preview. Raises NotInThisState."""
    locked = lock_import(row, ListImport.State.PREVIEWED)
    locked.state, locked.content = ListImport.State.DISCARDED, b""
    locked.save(update_fields=("state", "content"))
    record("list_discarded", by=by, subject=locked, at=at, event=locked.event.public_id)


def lock_import(row: ListImport, state: ListImport.State) -> ListImport:
    locked = ListImport.objects.select_for_update(of=("self",)).select_related("event").get(pk=row.pk)
    if locked.state != state:
        raise NotInThisState
    return locked
