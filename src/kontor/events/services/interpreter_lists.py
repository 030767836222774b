"""Lists of interpreters: names, language pairs, addresses, and how many meetings in a row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import combinations
from typing import Any

from kontor.accounts.models import User, mail_identity
from kontor.directory.models import Person
from kontor.directory.names import NameOrder, PersonName, display, identity_key, join_name, split_name
from kontor.events.lists import Field, UnreadableFile, propose_mapping, read_table
from kontor.events.lists.cells import is_nothing, read_address
from kontor.events.lists.languages import read_languages
from kontor.events.models import Event, Interpreter, ListImport
from kontor.events.services.people import PersonData, save_interpreter
from kontor.events.services.small_lists import InUseByNow, Preview

LANGUAGES = ("de", "en", "zh")
MAX_RUN = 4
_PAIRS = re.compile(
    r"sprachpaar|sprachrichtung|language pair|^pairs?$|interprets|语言对|语对|互译|翻译方向", re.IGNORECASE
)
_RUN = re.compile(r"in folge|am stück|in a row|without (a )?(pause|break)|max|连续", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:<->|[-–—↔⇄/]|互译)\s*")


def build_preview(event: Event, file_name: str, content: bytes) -> Preview:
    """Everything the page shows and `write_interpreters` writes. Raises `UnreadableFile`."""
    table = read_table(content, file_name)
    fields = [meaning.field for meaning in propose_mapping(table.headings)]
    pairs = [index for index, heading in enumerate(table.headings) if _PAIRS.search(heading)]
    runs = [index for index, heading in enumerate(table.headings) if _RUN.search(heading)]
    if not {Field.NAME, Field.FAMILY, Field.NATIVE_NAME} & set(fields):
        raise UnreadableFile("no_name_column")
    known = _known(event)
    rows: list[dict[str, Any]] = []
    faults = []
    seen: set[str] = set()
    for line in table.rows:
        cells = {field: line.cells[index].strip() for index, field in enumerate(fields) if field}
        name = _name(cells)
        address = read_address(cells.get(Field.EMAIL, ""))
        email = mail_identity(address.email)
        spoken = ", ".join(line.cells[index] for index in pairs) or cells.get(Field.LANGUAGES, "")
        found = _pairs(spoken)
        key = f"mail:{email}" if email else f"name:{identity_key(name)}"
        fault = ""
        if not (name.family or name.native_family):
            fault = "no_name"
        elif not found:
            fault = "no_pair"
        elif key in seen:
            fault = "repeated"
        if fault:
            faults.append(
                {
                    "row": line.number,
                    "value": spoken if fault == "no_pair" else display(name, "en"),
                    "code": fault,
                }
            )
            continue
        seen.add(key)
        max_run = _number([line.cells[index] for index in runs])
        old = known.get(key)
        is_same = old is not None and (old.pairs, old.max_run) == (found, max_run or old.max_run)
        rows.append(
            {
                "row": line.number,
                "fate": "new" if old is None else "unchanged" if is_same else "changed",
                "target": old.public_id if old else None,
                "name": asdict(name),
                "email": email,
                "pairs": found,
                "max_run": max_run,
                "cells": [display(name, "en"), ", ".join(found), str(max_run or MAX_RUN)],
            }
        )
    return {"rows": rows, "refusals": [], "faults": faults}


def _known(event: Event) -> dict[str, Interpreter]:
    found = {}
    for one in event.interpreters.select_related("person"):
        found[f"name:{identity_key(one.person.name)}"] = one
        if one.person.email:
            found[f"mail:{one.person.email}"] = one
    return found


def _name(cells: dict[Field, str]) -> PersonName:
    if cells.get(Field.FAMILY):
        return join_name(
            family=cells[Field.FAMILY],
            given=cells.get(Field.GIVEN, ""),
            native=cells.get(Field.NATIVE_NAME, ""),
            romanised=cells.get(Field.ROMANISED_NAME, ""),
            titles=cells.get(Field.TITLE, ""),
        ).name
    return split_name(cells.get(Field.NAME) or cells.get(Field.NATIVE_NAME, "")).name


def _pairs(text: str) -> list[str]:
    """ "de-zh, Englisch–Chinesisch" or "Deutsch, Chinesisch" → sorted pairs of the languages of this site."""
    written = [part for part in re.split(r"[,;，；、\n]+", text) if not is_nothing(part)]
    named = [codes for part in written if len(codes := list(_codes(_BETWEEN.split(part)))) > 1]
    groups: Sequence[Sequence[str]] = named or [list(_codes(written))]
    return sorted(
        {"-".join(sorted(pair)) for codes in groups for pair in combinations(dict.fromkeys(codes), 2)}
    )


def _codes(parts: Sequence[str]) -> Iterator[str]:
    for part in parts:
        word = part.strip().lower()
        if word in LANGUAGES:
            yield word
        else:
            yield from (spoken.code for spoken in read_languages(part).languages if spoken.code in LANGUAGES)


def _number(cells: Sequence[str]) -> int | None:
    found = next((int(number[0]) for cell in cells if (number := re.search(r"\d+", cell))), None)
    return found if found is not None and 1 <= found <= 20 else None


def write_interpreters(row: ListImport, by: User | None, at: datetime) -> dict[str, Any]:
    """Write what the preview shows."""
    event = row.event
    known = {one.public_id: one for one in event.interpreters.select_related("person__user")}
    new, changed = [], {}
    for entry in row.preview["rows"]:
        old = known.get(entry["target"] or "")
        if old is not None and entry["fate"] == "changed":
            changed[old.public_id] = [old.pairs, old.max_run]
            old.pairs, old.max_run = entry["pairs"], entry["max_run"] or old.max_run
            old.save(update_fields=("pairs", "max_run"))
        elif old is None:
            name = PersonName(**entry["name"] | {"order": NameOrder(entry["name"]["order"])})
            levels = {code: ("C2", False) for pair in entry["pairs"] for code in pair.split("-")}
            one = Interpreter(
                event=event,
                person=Person(is_sample=event.is_sample),
                pairs=entry["pairs"],
                max_run=entry["max_run"] or MAX_RUN,
                is_sample=event.is_sample,
            )
            data = PersonData(
                name=name, email=entry["email"], language="zh" if name.native_family else "en", levels=levels
            )
            new.append(save_interpreter(one, data, by=by, at=at).public_id)
    return {"new": new, "changed": changed}


def put_interpreters_back(row: ListImport, by: User | None, at: datetime) -> None:  # noqa: ARG001 -- every list has this shape
    """Take the new ones off, and give the others their old pairs. Raises InUseByNow."""
    new = row.event.interpreters.filter(public_id__in=row.undo["new"])
    if count := new.filter(seats__isnull=False).distinct().count():
        raise InUseByNow(count=count)
    people = list(Person.objects.filter(interpreting__in=new))
    new.delete()
    for person in people:
        if not person.participations.exists() and not person.interpreting.exists():
            person.delete()
    for public_id, (pairs, max_run) in row.undo["changed"].items():
        row.event.interpreters.filter(public_id=public_id).update(pairs=pairs, max_run=max_run)
