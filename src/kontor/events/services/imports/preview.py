"""The preview of a list of participants: for each row, whether it is new, changed or unchanged against the event."""

from collections.abc import Sequence
from typing import Any

from kontor.directory.lists import (
    Field,
    ParticipantRow,
    UnreadableFile,
    propose_mapping,
    read_participants,
)
from kontor.directory.lists.choices import Choices, chosen_fields, read_chosen, reading_facts
from kontor.directory.lists.previews import COLUMN_PROBLEMS, Built, build, summary_row
from kontor.directory.names import identity_key, organisation_key
from kontor.events.models import Event, Participation
from kontor.events.services.people import event_days

KNOWN_CATEGORIES = frozenset(Participation.Category.values)

SEPARATOR = {"zh": "、", "de": "; ", "en": "; "}


def build_preview(event: Event, file_name: str, content: bytes, choices: Choices) -> Built:
    """Everything the page of the preview shows and `apply_import` writes. Raises `UnreadableFile`."""
    table = read_chosen(content, file_name, choices, list_kind="participants")
    recognised = propose_mapping(table.headings)
    fields = chosen_fields(choices, recognised, Field)
    reading = reading_facts(table, recognised, fields)
    try:
        found = read_participants(
            table,
            mapping=fields,
            event_days=event_days(event),
            corrections={(number, Field(name)): value for number, name, value in choices.corrections},
        )
    except UnreadableFile as error:
        if error.code not in COLUMN_PROBLEMS:
            raise
        return build(reading=reading, rows=(), shown=(), num_rows=len(table.rows), problem=error.code)
    rows = fates(event, found.rows)
    return build(
        reading=reading,
        rows=rows,
        shown=[
            summary_row(
                row.row_number,
                entry["fate"],
                name=row.name,
                cells=(row.organisation,),
                fields=entry["fields"],
            )
            for entry, row in zip(rows, found.rows, strict=True)
        ],
        num_rows=found.num_people,
        refusals=found.refusals,
        repetitions=found.repetitions,
        notices=found.notices,
        candidates=found.candidates,
    )


def fates(event: Event, rows: Sequence[ParticipantRow]) -> list[dict[str, Any]]:
    """For each row: new, changed (in which fields) or unchanged, against the participants as they are now."""
    known = known_participants(event)
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


def known_participants(event: Event) -> dict[str, Participation]:
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
        "offers": joined(row.offers, row.language),
        "seeks": joined(row.seeks, row.language),
        "availability": row.availability,
        "category": row.category if row.category in KNOWN_CATEGORIES else "",
    }
    return [name for name, value in wanted.items() if value and value != now[name]]


def joined(parts: Sequence[str], language: str) -> str:
    return SEPARATOR[language].join(parts)
