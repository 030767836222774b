"""Lists of pairs who want to meet: the organiser agrees their meetings on behalf of both."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from kontor.accounts.models import User, mail_identity
from kontor.directory.names import display, organisation_key
from kontor.events.lists import PersonReference, read_pairs, read_table
from kontor.events.models import Event, ListImport, Participation
from kontor.events.services.small_lists import InUseByNow, ListOutdated, Preview
from kontor.meetings.models import Meeting, MeetingRequest
from kontor.meetings.services.requests import agree_for_both

LIVE = (MeetingRequest.State.SENT, MeetingRequest.State.ACCEPTED)


def build_preview(event: Event, file_name: str, content: bytes) -> Preview:
    """Everything the page shows and `write_pairs` writes. Raises `UnreadableFile`."""
    found = read_pairs(read_table(content, file_name, pairs=True))
    people = _People(event)
    live = {
        frozenset(pair)
        for pair in event.meeting_requests.filter(state__in=LIVE).values_list("sender", "recipient")
    }
    rows: list[dict[str, Any]] = []
    faults = []
    for pair in found.rows:
        first, second = people.find(pair.first), people.find(pair.second)
        fault, value = _fault(pair.first, first), pair.first
        if not fault:
            fault, value = _fault(pair.second, second), pair.second
        if not fault and first[0].organisation_id == second[0].organisation_id:
            fault = "colleagues"
        if fault:
            words = value.email or f"{display(value.name, 'en')}, {value.organisation}".strip(", ")
            faults.append({"row": pair.row_number, "value": words, "code": fault})
            continue
        is_known = frozenset((first[0].pk, second[0].pk)) in live
        rows.append(
            {
                "row": pair.row_number,
                "fate": "unchanged" if is_known else "new",
                "first": first[0].public_id,
                "second": second[0].public_id,
                "reason": pair.reason[:300],
                "priority": pair.priority,
                "cells": [_words(first[0]), _words(second[0]), pair.reason[:300]],
            }
        )
        live.add(frozenset((first[0].pk, second[0].pk)))
    return {"rows": rows, "refusals": [one.to_json() for one in found.refusals], "faults": faults}


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


def _fault(wanted: PersonReference, found: list[Participation]) -> str:
    return (
        ""
        if len(found) == 1
        else "unknown_address"
        if wanted.email
        else "unknown_name"
        if not found
        else "several"
    )


def _words(one: Participation) -> str:
    return f"{display(one.person.name, 'en')}, {one.organisation}"


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
