"""Lists of interpreters: compared with those of the event, written, and put back as they were."""

from datetime import datetime
from typing import Any

from kontor.accounts.models import User, mail_identity
from kontor.directory.lists import (
    Field,
    InterpreterRow,
    UnreadableFile,
    previews,
    propose_interpreter_mapping,
    read_interpreters,
)
from kontor.directory.lists.choices import Choices, chosen_fields, read_chosen, reading_facts
from kontor.directory.models import Person
from kontor.directory.names import identity_key
from kontor.events.models import Event, Interpreter, ListImport
from kontor.events.services.people import (
    PersonData,
    busy_beside,
    event_days,
    save_interpreter,
    write_absences,
)
from kontor.events.services.small_lists import InUseByNow

USUAL_RUN = 4
"""meetings in a row where nobody says a number"""


def build_preview(event: Event, file_name: str, content: bytes, choices: Choices) -> previews.Built:
    """Everything the page shows and `write_interpreters` writes. Raises `UnreadableFile`."""
    table = read_chosen(content, file_name, choices, list_kind="interpreters")
    recognised = propose_interpreter_mapping(table.headings)
    fields = chosen_fields(choices, recognised, Field)
    reading = reading_facts(table, recognised, fields)
    try:
        found = read_interpreters(table, mapping=fields, event_days=event_days(event))
    except UnreadableFile as error:
        if error.code not in previews.COLUMN_PROBLEMS:
            raise
        return previews.build(
            reading=reading, rows=(), shown=(), num_rows=len(table.rows), problem=error.code
        )
    known = _known(event)
    rows: list[dict[str, Any]] = []
    for row in found.rows:
        key = f"mail:{mail_identity(row.email)}" if row.email else row.identity
        old = known.get(key)
        differing = _differences(row, old) if old else []
        rows.append(
            {
                "fate": "new" if old is None else "changed" if differing else "unchanged",
                "target": old.public_id if old else None,
                "fields": differing,
                "row": row.to_json(),
            }
        )
    return previews.build(
        reading=reading,
        rows=rows,
        shown=[
            previews.summary_row(
                row.row_number,
                entry["fate"],
                name=row.name,
                pairs=row.pairs,
                cells=(str(row.max_run or USUAL_RUN), row.availability),
                fields=entry["fields"],
            )
            for entry, row in zip(rows, found.rows, strict=True)
        ],
        num_rows=found.num_people,
        refusals=found.refusals,
        repetitions=found.repetitions,
        notices=found.notices,
    )


def _known(event: Event) -> dict[str, Interpreter]:
    found = {}
    for one in event.interpreters.select_related("person"):
        found[f"name:{identity_key(one.person.name)}"] = one
        if one.person.email:
            found[f"mail:{one.person.email}"] = one
    return found


def _differences(row: InterpreterRow, old: Interpreter) -> list[str]:
    """Fields in which the list says something else; an empty cell says nothing."""
    now = {
        Field.LANGUAGE_PAIRS: old.pairs,
        Field.MAX_RUN: old.max_run,
        Field.AVAILABILITY: old.availability_words,
    }
    wanted = {
        Field.LANGUAGE_PAIRS: list(row.pairs),
        Field.MAX_RUN: row.max_run,
        Field.AVAILABILITY: row.availability,
    }
    return [str(field) for field, value in wanted.items() if value and value != now[field]]


def write_interpreters(row: ListImport, by: User | None, at: datetime) -> dict[str, Any]:
    """Write what the preview shows."""
    event = row.event
    known = {
        one.public_id: one
        for one in event.interpreters.select_related("person__user").prefetch_related("unavailabilities")
    }
    new, changed = [], {}
    for entry in row.preview["rows"]:
        wanted = InterpreterRow.from_json(entry["row"])
        old = known.get(entry["target"] or "")
        if old is not None and entry["fate"] == "changed":
            changed[old.public_id] = _snapshot(old)
            _change(old, wanted)
        elif old is None:
            new.append(_add(event, wanted, by=by, at=at).public_id)
    return {"new": new, "changed": changed}


def _snapshot(old: Interpreter) -> dict[str, Any]:
    """What `put_interpreters_back` puts back."""
    return {
        "pairs": old.pairs,
        "max_run": old.max_run,
        "availability_words": old.availability_words,
        "busy": [
            [part.starts_at.isoformat(), part.ends_at.isoformat()] for part in old.unavailabilities.all()
        ],
    }


def _change(old: Interpreter, wanted: InterpreterRow) -> None:
    old.pairs, old.max_run = list(wanted.pairs), wanted.max_run or old.max_run
    if wanted.availability and wanted.availability != old.availability_words:
        old.availability_words = wanted.availability
        write_absences(old, _busy(old.event, wanted))
    old.save(update_fields=("pairs", "max_run", "availability_words"))


def _add(event: Event, wanted: InterpreterRow, *, by: User | None, at: datetime) -> Interpreter:
    one = Interpreter(
        event=event,
        person=Person(is_sample=event.is_sample),
        pairs=list(wanted.pairs),
        max_run=wanted.max_run or USUAL_RUN,
        availability_words=wanted.availability,
        is_sample=event.is_sample,
    )
    data = PersonData(
        name=wanted.name,
        email=wanted.email,
        phone=wanted.phone,
        wechat=wanted.wechat,
        language="zh" if wanted.name.native_family else "en",
        levels={code: ("C2", False) for pair in wanted.pairs for code in pair.split("-")},
    )
    return save_interpreter(one, data, busy=_busy(event, wanted), by=by, at=at)


def _busy(event: Event, wanted: InterpreterRow) -> tuple[tuple[datetime, datetime], ...]:
    return () if wanted.is_available_always else busy_beside(event, wanted.intervals)


def put_interpreters_back(row: ListImport, by: User | None, at: datetime) -> None:  # noqa: ARG001 -- every list has this shape
    """Take the new ones off, and give the others what they had. Raises InUseByNow."""
    new = row.event.interpreters.filter(public_id__in=row.undo["new"])
    if count := new.filter(seats__isnull=False).distinct().count():
        raise InUseByNow(count=count)
    people = list(Person.objects.filter(interpreting__in=new))
    new.delete()
    for person in people:
        if not person.participations.exists() and not person.interpreting.exists():
            person.delete()
    for one in row.event.interpreters.filter(public_id__in=row.undo["changed"]):
        before = row.undo["changed"][one.public_id]
        one.pairs, one.max_run = before["pairs"], before["max_run"]
        one.availability_words = before["availability_words"]
        one.save(update_fields=("pairs", "max_run", "availability_words"))
        write_absences(
            one,
            [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in before["busy"]],
        )
