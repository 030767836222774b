"""Participants and interpreters: save, cancel, bring back, merge two rows of one person."""

from kontor.events.services.people.bulk import BATCH, add_many
from kontor.events.services.people.interpreters import (
    InterpreterHasMeetings,
    remove_interpreter,
    save_interpreter,
    write_absences,
)
from kontor.events.services.people.participants import (
    MergeTheOtherWay,
    NotTheSameEvent,
    ParticipantData,
    add_participant,
    cancel_participation,
    change_participant,
    change_profile,
    index_profiles,
    merge_participants,
    profiles_changed,
    restore_participation,
    write_participation,
)
from kontor.events.services.people.persons import (
    ZONES,
    AddressBelongsToSignIn,
    AddressTaken,
    AlreadyTakesPart,
    PersonData,
    known_person,
    without_loss,
)
from kontor.events.services.people.times import busy_beside, busy_from_free, event_days

__all__ = [
    "BATCH",
    "ZONES",
    "AddressBelongsToSignIn",
    "AddressTaken",
    "AlreadyTakesPart",
    "InterpreterHasMeetings",
    "MergeTheOtherWay",
    "NotTheSameEvent",
    "ParticipantData",
    "PersonData",
    "add_many",
    "add_participant",
    "busy_beside",
    "busy_from_free",
    "cancel_participation",
    "change_participant",
    "change_profile",
    "event_days",
    "index_profiles",
    "known_person",
    "merge_participants",
    "profiles_changed",
    "remove_interpreter",
    "restore_participation",
    "save_interpreter",
    "without_loss",
    "write_absences",
    "write_participation",
]
