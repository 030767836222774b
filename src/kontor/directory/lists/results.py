"""What reading a list of people gives: rows, refusals with reason and proposal, notices, repetitions and candidates."""

import dataclasses
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import get_language

from kontor.directory.countries import country_name
from kontor.directory.lists.availability import Interval
from kontor.directory.lists.fields import CHOICES, Field
from kontor.directory.lists.languages import SpokenLanguage, language_names
from kontor.directory.lists.messages import (
    CANDIDATES,
    NOTICE_SENTENCES,
    REFUSAL_SENTENCES,
    REPETITION,
    sentence,
)
from kontor.directory.names import NameOrder, PersonName

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What was probably meant; taken over by putting `value` into the corrections of the row."""

    field: str
    value: str

    @property
    def text(self) -> str:
        """In the reader's language: the name of the country, the word for a choice, or the value itself."""
        if self.field == Field.COUNTRY:
            return country_name(self.value, get_language() or "en")
        labels = dict(CHOICES[self.field].choices) if self.field in CHOICES else {}
        return str(labels.get(self.value, self.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a row is not imported; a row may have several."""

    row_number: int
    line: int
    field: str
    """Empty if the row as a whole is meant."""
    column: str
    """The heading as written."""
    value: str
    """The cell as written."""
    code: str
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)
    proposal: Proposal | None = None

    @property
    def reason(self) -> str:
        """In the reader's language."""
        return sentence(REFUSAL_SENTENCES, self.code, self.params)

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Json) -> "Refusal":
        proposal = Proposal(**data["proposal"]) if data["proposal"] else None
        return cls(**{**data, "proposal": proposal})


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that was read in a way somebody should know about; the row is imported."""

    row_number: int
    line: int
    field: str
    column: str
    value: str
    code: str
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)

    @property
    def text(self) -> str:
        """In the reader's language."""
        params = dict(self.params)
        if "languages" in params:
            params["languages"] = language_names(str(params["languages"]).split(), get_language() or "en")
        return sentence(NOTICE_SENTENCES, self.code, params)

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Json) -> "Notice":
        return cls(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """A row that says the same about the same person as an earlier one; it is left out."""

    row_number: int
    line: int
    of_row: int

    @property
    def text(self) -> str:
        """In the reader's language."""
        return str(REPETITION) % {"row": self.row_number, "of_row": self.of_row}

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Json) -> "Repetition":
        return cls(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateGroup:
    """Rows that may be one person under two spellings or addresses; only somebody who knows may merge them."""

    key: str
    row_numbers: tuple[int, ...]
    spellings: tuple[str, ...]
    is_same_organisation: bool

    @property
    def text(self) -> str:
        """In the reader's language."""
        rows = ", ".join(map(str, self.row_numbers))
        return str(CANDIDATES) % {"rows": rows, "spellings": ", ".join(self.spellings)}

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Json) -> "CandidateGroup":
        return cls(
            **{**data, "row_numbers": tuple(data["row_numbers"]), "spellings": tuple(data["spellings"])}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRow:
    """One person as the list says it, every value clean and checked."""

    row_number: int
    line: int
    name: PersonName
    organisation: str
    organisation_other: str = ""
    """The organisation's name in another script or language."""
    function: str = ""
    country: str = ""
    """ISO 3166-1 alpha-2, or empty if the list does not say."""
    place: str = ""
    email: str = ""
    phone: str = ""
    wechat: str = ""
    languages: tuple[SpokenLanguage, ...] = ()
    offers: tuple[str, ...] = ()
    seeks: tuple[str, ...] = ()
    is_available_always: bool = True
    intervals: tuple[Interval, ...] = ()
    """When the person has time, unless always."""
    availability: str = ""
    """The words as written."""
    category: str = ""
    language: str = ""
    """In which language the list is written: de, en or zh."""
    identity: str
    """Finds the person again: the address, or without one name and organisation."""
    candidate_key: str

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Json) -> "ParticipantRow":
        name = PersonName(**{**data["name"], "order": NameOrder(data["name"]["order"])})
        return cls(
            **{
                **data,
                "name": name,
                "languages": tuple(SpokenLanguage(**item) for item in data["languages"]),
                "intervals": tuple(Interval(**item) for item in data["intervals"]),
                "offers": tuple(data["offers"]),
                "seeks": tuple(data["seeks"]),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantList:
    """A whole list, read: every person is either a row, refused, or a repetition."""

    language: str
    num_people: int
    rows: tuple[ParticipantRow, ...]
    refusals: tuple[Refusal, ...]
    repetitions: tuple[Repetition, ...]
    notices: tuple[Notice, ...]
    candidates: tuple[CandidateGroup, ...]

    @property
    def num_refused(self) -> int:
        """People refused; one person may be refused for several reasons."""
        return len({refusal.row_number for refusal in self.refusals})


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpreterRow:
    """One interpreter as the list says it, every value clean and checked."""

    row_number: int
    line: int
    name: PersonName
    email: str = ""
    phone: str = ""
    wechat: str = ""
    pairs: tuple[str, ...]
    """Sorted pairs of sorted codes: de-zh."""
    max_run: int = 0
    """Meetings in a row without a pause; 0 if the list does not say."""
    is_available_always: bool = True
    intervals: tuple[Interval, ...] = ()
    """When the interpreter is there, unless always."""
    availability: str = ""
    """The words as written."""
    identity: str
    """Finds the person again: the address, or without one the name."""

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Json) -> "InterpreterRow":
        return cls(
            **{
                **data,
                "name": PersonName(**{**data["name"], "order": NameOrder(data["name"]["order"])}),
                "pairs": tuple(data["pairs"]),
                "intervals": tuple(Interval(**item) for item in data["intervals"]),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpreterList:
    """A whole list of interpreters, read: everybody is either a row, refused, or a repetition."""

    num_people: int
    rows: tuple[InterpreterRow, ...]
    refusals: tuple[Refusal, ...]
    repetitions: tuple[Repetition, ...]
    notices: tuple[Notice, ...]
