"""Lists of pairs who want to meet: the organiser agrees their meetings on behalf of both."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kontor.accounts.models import User, mail_identity
from kontor.directory.lists import (
    PairField,
    PairRow,
    PersonReference,
    Refusal,
    UnreadableFile,
    previews,
    propose_pair_mapping,
    read_pairs,
)
from kontor.directory.lists.choices import Choices, chosen_fields, read_chosen, reading_facts
from kontor.directory.names import display, display_other_script, organisation_key
from kontor.events.models import Event, ListImport, Participation
from kontor.events.services.small_lists import InUseByNow, ListOutdated
from kontor.meetings.models import Meeting, MeetingRequest
from kontor.meetings.services.agreements import agree_for_both

LIVE = (MeetingRequest.State.SENT, MeetingRequest.State.ACCEPTED)


def build_preview(event: Event, file_name: str, content: bytes, choices: Choices) -> previews.Built:
    """Everything the page shows and `write_pairs` writes. Raises `UnreadableFile`."""
    table = read_chosen(content, file_name, choices, list_kind="pairs")
    recognised = propose_pair_mapping(table.headings)
    fields = chosen_fields(choices, recognised, PairField)
    reading = reading_facts(table, recognised, fields)
    try:
        found = read_pairs(table, mapping=fields)
    except UnreadableFile as error:
        if error.code not in previews.COLUMN_PROBLEMS:
            raise
        return previews.build(
            reading=reading, rows=(), shown=(), num_rows=len(table.rows), problem=error.code
        )
    columns = {field: heading for field, heading in zip(fields, table.headings, strict=True) if field}
    people = _People(event)
    live = {
        frozenset(pair)
        for pair in event.meeting_requests.filter(state__in=LIVE).values_list("sender", "recipient")
    }
    rows: list[dict[str, Any]] = []
    shown = []
    refusals = list(found.refusals)
    for pair in found.rows:
        first, second = people.find(pair.first), people.find(pair.second)
        if refusal := _refusal(pair, first, second, columns):
            refusals.append(refusal)
            continue
        pair_key = frozenset((first[0].pk, second[0].pk))
        fate = "unchanged" if pair_key in live else "new"
        live.add(pair_key)
        rows.append(
            {
                "fate": fate,
                "first": first[0].public_id,
                "second": second[0].public_id,
                "reason": pair.reason[:300],
                "priority": pair.priority,
            }
        )
        cells = (_words(first[0]), _words(second[0]), pair.reason[:300])
        shown.append(previews.summary_row(pair.row_number, fate, cells=cells))
    return previews.build(
        reading=reading,
        rows=rows,
        shown=shown,
        num_rows=found.num_pairs,
        refusals=refusals,
        repetitions=found.repetitions,
        notices=found.notices,
    )


class _People:
    """The participants of an event, found by address, else by name and organisation."""

    def __init__(self, event: Event) -> None:
        self.by_email: dict[str, Participation] = {}
        self.by_name: dict[tuple[str, str], list[Participation]] = defaultdict(list)
        for one in event.participations.confirmed().select_related("person", "organisation"):
            if one.person.email:
                self.by_email[one.person.email] = one
            self.by_name[one.person.candidate_key, one.organisation.name_key].append(one)

    def find(self, wanted: PersonReference) -> list[Participation]:
        """Nobody, the one, or several who could be meant."""
        if wanted.email:
            found = self.by_email.get(mail_identity(wanted.email))
            return [found] if found else []
        return self.by_name.get((wanted.candidate_key, organisation_key(wanted.organisation)), [])


def _refusal(
    pair: PairRow, first: list[Participation], second: list[Participation], columns: Mapping[PairField, str]
) -> Refusal | None:
    """Why these two cannot be brought together, if so."""
    for wanted, found, fields in (
        (pair.first, first, (PairField.FIRST_EMAIL, PairField.FIRST_NAME)),
        (pair.second, second, (PairField.SECOND_EMAIL, PairField.SECOND_NAME)),
    ):
        if len(found) == 1:
            continue
        code = "pair_unknown_address" if wanted.email else "pair_of_several" if found else "pair_unknown_name"
        return _refused(pair, wanted, fields[0] if wanted.email else fields[1], code, columns)
    if first[0].organisation_id == second[0].organisation_id:
        field = PairField.SECOND_EMAIL if pair.second.email else PairField.SECOND_NAME
        return _refused(pair, pair.second, field, "pair_of_colleagues", columns)
    return None


def _refused(
    pair: PairRow, person: PersonReference, field: PairField, code: str, columns: Mapping[PairField, str]
) -> Refusal:
    named = (display(person.name, "en"), person.organisation)
    return Refusal(
        row_number=pair.row_number,
        line=pair.line,
        field=str(field),
        column=columns.get(field, ""),
        value=person.email or " · ".join(filter(None, named)),
        code=code,
    )


def _words(one: Participation) -> str:
    """LYU Wentao 吕文涛 · 泉芯: as pages write names, in both scripts for readers of either."""
    name = one.person.name
    both = " ".join(filter(None, (display(name, "en"), display_other_script(name, "en"))))
    return f"{both} · {one.organisation}"


def _weight(priority: int) -> float:
    """1 is the most important wish of a list; no number counts like the usual weight."""
    return 1.0 if priority < 1 else round(1 + 1 / priority, 2)


def write_pairs(row: ListImport, by: User | None, at: datetime) -> dict[str, Any]:
    """Agree the meetings that the preview shows as new. Raises ListOutdated."""
    people = {
        one.public_id: one
        for one in row.event.participations.confirmed()
        .select_related("person", "organisation", "booth")
        .prefetch_related("person__languages")
    }
    meetings = []
    for entry in row.preview["rows"]:
        if entry["fate"] != "new":
            continue
        meeting = agree_for_both(
            row.event,
            people[entry["first"]],
            people[entry["second"]],
            reason=entry["reason"],
            priority=_weight(entry["priority"]),
            by=by,
            at=at,
        )
        if meeting is None:
            raise ListOutdated
        meetings.append(meeting.public_id)
    return {"meetings": meetings}


def put_pairs_back(row: ListImport, by: User | None, at: datetime) -> None:  # noqa: ARG001 -- every list has this shape
    """Take the meetings back as if they had never been agreed. Raises InUseByNow."""
    meetings = Meeting.objects.filter(event=row.event, public_id__in=row.undo["meetings"])
    if count := meetings.filter(seat_changes__isnull=False).distinct().count():
        raise InUseByNow(count=count)
    asked = list(meetings.values_list("request", flat=True))
    meetings.delete()
    MeetingRequest.objects.filter(pk__in=asked).delete()
