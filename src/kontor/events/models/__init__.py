"""Tables of events: setting (event, halls, slots), people (participations, interpreters), imports."""

from kontor.events.models.imports import ListImport
from kontor.events.models.people import (
    Interpreter,
    InterpreterUnavailability,
    Participation,
    Unavailability,
)
from kontor.events.models.setting import (
    Block,
    Booth,
    Event,
    Hall,
    HallsApart,
    Organiser,
    Slot,
    Table,
    TableClosure,
)

__all__ = [
    "Block",
    "Booth",
    "Event",
    "Hall",
    "HallsApart",
    "Interpreter",
    "InterpreterUnavailability",
    "ListImport",
    "Organiser",
    "Participation",
    "Slot",
    "Table",
    "TableClosure",
    "Unavailability",
]
