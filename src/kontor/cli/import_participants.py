"""`kontor import-participants EVENT FILE`: the same import as on the page, for scripts."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kontor.cli.site import setup


def configure(parser: argparse.ArgumentParser) -> None:
    """Event, file, and how to answer."""
    parser.add_argument("event", help="short name of the event")
    parser.add_argument("file", type=Path)
    add_answer_options(parser)


def add_answer_options(parser: argparse.ArgumentParser) -> None:
    """What every import of a list is asked for."""
    parser.add_argument("--preview", action="store_true", help="only say what would happen")
    parser.add_argument(
        "--language", default="en", choices=("de", "en", "zh-hans"), help="language of the answer"
    )
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0: applied (or nothing to do); 2: the event or the file is unusable, nothing was written."""
    setup()
    from django.utils import translation

    with translation.override(arguments.language):
        return _import(arguments)


def _import(arguments: argparse.Namespace) -> int:
    from kontor.directory.lists import UnreadableFile
    from kontor.errors import DomainError
    from kontor.events.models import Event
    from kontor.events.services import imports
    from kontor.events.services.stored_lists import discard_list
    from kontor.jobs.clock import now

    event = Event.objects.filter(slug=arguments.event).first()
    if event is None:
        print(f"There is no event {arguments.event!r}.", file=sys.stderr)
        return 2
    try:
        content = arguments.file.read_bytes()
        row = imports.prepare_import(event, file_name=arguments.file.name, content=content, by=None, at=now())
        counts = row.preview["counts"]
        if not arguments.preview and (counts["new"] or counts["changed"]):
            imports.apply_import(row, by=None, at=now())
        else:
            discard_list(row, by=None, at=now())
    except (OSError, UnreadableFile, DomainError) as error:
        print(str(error), file=sys.stderr)
        return 2
    print_answer(row.preview, as_json=arguments.json)
    return 0


def print_answer(preview: Mapping[str, Any], *, as_json: bool) -> None:
    """What happened, and why each refused row was refused."""
    from kontor.directory.lists import Refusal

    counts = preview["counts"]
    refusals = [Refusal.from_json(entry) for entry in preview["refusals"]]
    if as_json:
        facts = [
            {"row": one.row_number, "column": one.column, "value": one.value, "reason": one.reason}
            for one in refusals
        ]
        print(json.dumps({"counts": counts, "refused": facts}, ensure_ascii=False, indent=1))
        return
    print(", ".join(f"{name}: {number}" for name, number in counts.items()))
    for one in refusals:
        print(f"{one.row_number}: {one.column}: {one.value!r}: {one.reason}")
