"""What the components show: one frozen dataclass per component; pages fill them, templates in `ui/components` draw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Tone = Literal["", "ok", "warn", "no", "outline"]
SeatState = Literal["meeting", "interpreter", "fixed"]


class WordsLike(Protocol):
    """A text with the language it is in and how it came to be."""

    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A state: a word and a colour."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """One figure of a row of figures."""

    label: str
    value: str
    """formatted for the reader"""
    of: str = ""
    """the denominator in words, "of 912" """
    chip: Chip | None = None
    """the bound or state"""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table; on phones each of its cells says the heading again."""

    heading: str
    is_number: bool = False
    is_bare: bool = False
    """nobody needs the heading to understand a cell: it is read out, but not shown"""
    is_title: bool = False
    """what the row is about: on phones it stands above the other cells, without the heading"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of ready cells; cells that are not marked as safe for HTML are escaped."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    caption: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"row {row!r} has {len(row)} cells for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaLine:
    """One line of a day as it is shown; texts that are not marked as safe for HTML are escaped."""

    kind: str
    """meeting, session or free"""
    starts_at: str
    """machine-readable"""
    place_clock: str
    home_clock: str
    """empty where both clocks agree"""
    title: str
    notes: str
    chips: Sequence[Chip]
    is_now: bool
    people: Sequence[Sequence[str]]
    """for each person: name, function, organisation, as far as they are told"""
    interpreters: Sequence[tuple[str, str]]
    """name, and the pair in words"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLink:
    """Another day of the same agenda."""

    label: str
    amount: str
    """how much there is on that day, where one is not looking at it anyway"""
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchReason:
    """Why two should meet: one side seeks what the other offers."""

    sought: WordsLike
    offered: WordsLike
    is_mine: bool
    """True: the one for whom the card is seeks, and the other side offers"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCard:
    """A recommended partner."""

    title: str | WordsLike
    url: str
    score: int
    """0 to 100"""
    second_title: WordsLike | None = None
    facts: Sequence[str] = ()
    reasons: Sequence[MatchReason] = ()
    chips: Sequence[Chip] = ()
    is_sample: bool = False
    verdict_url: str = ""
    """where the reader says what they think of it"""
    of: str = ""
    """whose match it is; empty: the reader's"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A meeting on the board."""

    text: str
    state: SeatState = "meeting"
    url: str = ""
    detail: str = ""
    """what does not fit: shown on hover and read out"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A table, an interpreter or a person over all slots."""

    label: str
    seats: Sequence[Seat | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Who meets when and where: rows × slots."""

    caption: str
    corner: str
    """heading of the first column"""
    slots: Sequence[str]
    rows: Sequence[BoardRow]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.seats) != len(self.slots):
                raise ValueError(f"row {row.label!r} has {len(row.seats)} seats for {len(self.slots)} slots")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a long work is."""

    done: int
    total: int
    """0: not known yet"""
    sentence: str
    """what is being done, with figures"""
    is_finished: bool = False
    poll_url: str = ""
    """address of the fragment that replaces this one every two seconds while not finished"""
