"""The reading half of imports: lists as organisers send them become checked rows or refusals with a reason.

Nothing here touches the database: the same bytes, mapping and days always give the same result.
"""

from kontor.directory.lists.availability import Interval
from kontor.directory.lists.fields import (
    INTERPRETER_FIELDS,
    PARTICIPANT_FIELDS,
    Field,
    OrganisationField,
    PairField,
    field_label,
)
from kontor.directory.lists.headings import (
    ColumnMeaning,
    ListKind,
    missing_fields,
    propose_interpreter_mapping,
    propose_mapping,
    propose_organisation_mapping,
    propose_pair_mapping,
)
from kontor.directory.lists.interpreters import read_interpreters
from kontor.directory.lists.languages import SpokenLanguage
from kontor.directory.lists.messages import UnreadableFile
from kontor.directory.lists.organisations import (
    MembershipWords,
    OrganisationRow,
    OrganisationRows,
    read_organisations,
)
from kontor.directory.lists.pairs import PairList, PairRow, PersonReference, read_pairs
from kontor.directory.lists.reading import read_participants
from kontor.directory.lists.results import (
    CandidateGroup,
    InterpreterList,
    InterpreterRow,
    Notice,
    ParticipantList,
    ParticipantRow,
    Proposal,
    Refusal,
    Repetition,
)
from kontor.directory.lists.tables import Table, TableRow, read_table

__all__ = [
    "INTERPRETER_FIELDS",
    "PARTICIPANT_FIELDS",
    "CandidateGroup",
    "ColumnMeaning",
    "Field",
    "InterpreterList",
    "InterpreterRow",
    "Interval",
    "ListKind",
    "MembershipWords",
    "Notice",
    "OrganisationField",
    "OrganisationRow",
    "OrganisationRows",
    "PairField",
    "PairList",
    "PairRow",
    "ParticipantList",
    "ParticipantRow",
    "PersonReference",
    "Proposal",
    "Refusal",
    "Repetition",
    "SpokenLanguage",
    "Table",
    "TableRow",
    "UnreadableFile",
    "field_label",
    "missing_fields",
    "propose_interpreter_mapping",
    "propose_mapping",
    "propose_organisation_mapping",
    "propose_pair_mapping",
    "read_interpreters",
    "read_organisations",
    "read_pairs",
    "read_participants",
    "read_table",
]
