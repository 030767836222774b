"""What goes into the matching engine and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from kontor_engines.matching._text import LANGUAGES

Mode = Literal["reciprocal", "oneway"]
Relation = Literal["same", "narrower", "broader", "related", "field", "word"]
Direction = Literal["forward", "backward"]


class ConceptLike(Protocol):
    """A concept of the vocabulary, as the engine needs it; `kontor.topics` has the real one."""

    @property
    def id(self) -> str:
        """Unique over the vocabulary."""

    @property
    def broader(self) -> str | None:
        """Id of the sub-field or field above; None for a field."""

    @property
    def related(self) -> tuple[str, ...]:
        """Ids of concepts that belong together without one containing the other."""

    @property
    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """Labels per language, the preferred one first."""

    @property
    def hint(self) -> Mapping[str, str]:
        """Words per language that tell this concept from another one with the same label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Somebody who offers and seeks; either side may be empty."""

    id: str
    language: str | None = None
    """de, en or zh; None: detected from the texts."""
    offers: str = ""
    seeks: str = ""
    topics_offered: tuple[str, ...] = ()
    """Ids of concepts; unknown ids are a ValueError when the profile is prepared."""
    topics_sought: tuple[str, ...] = ()
    organisation: str | None = None
    """Two profiles of one organisation never match."""

    def __post_init__(self) -> None:
        if not self.id:
            msg = "Profile.id must not be empty"
            raise ValueError(msg)
        if self.language is not None and self.language not in LANGUAGES:
            msg = f"Profile {self.id!r}: language must be one of de, en, zh or None, not {self.language!r}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question for partners: the profile that asks, and among whom."""

    profile: Profile
    pool: str | None = None
    """Only partners whose profile is in this language; None: all."""
    mode: Mode | None = None
    """None: as `rank` is told."""
    self_id: str | None = None
    """The prepared profile that asks and is not returned."""

    def __post_init__(self) -> None:
        if self.pool is not None and self.pool not in LANGUAGES:
            msg = f"Query {self.profile.id!r}: pool must be one of de, en, zh or None, not {self.pool!r}"
            raise ValueError(msg)
        if self.mode is not None and self.mode not in get_args(Mode):
            msg = f"Query {self.profile.id!r}: mode must be reciprocal or oneway, not {self.mode!r}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why two profiles fit: a wish of one side, what the other side offers, and how the two are related."""

    seek: str
    """Short quotation from the one who seeks, or the label of the topic that was ticked."""
    offer: str
    """Short quotation from the one who offers, or the label of the topic that was ticked."""
    topic: str | None
    """Id of the concept of the offer; None for the relation "word"."""
    relation: Relation
    """narrower: the offer is more special than the wish; broader: the other way round."""
    direction: Direction
    """forward: the asker seeks; backward: the other one seeks."""
    strength: float
    """0 … 1: share of this side's needs that the reason covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One recommended partner."""

    id: str
    score: float
    """0 … 1; in mode oneway the same as `forward`."""
    forward: float | None
    """Share of the asker's needs that the partner covers; None: the asker seeks nothing."""
    backward: float | None
    """Share of the partner's needs that the asker covers; None: the partner seeks nothing."""
    reasons: tuple[Reason, ...]
    """Strongest first, at least one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The partners for one query, best first."""

    id: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A piece of a text that names one or several concepts, or a plain word outside the vocabulary."""

    start: int
    end: int
    """The piece is text[start:end]."""
    concepts: tuple[tuple[int, float], ...]
    """(index of the concept in the lexicon, 0 … 1 how surely it is meant), surest first; empty for a word."""
    word: str | None = None
    """Normal form of a term that no concept covers; the same in German and English where it is the same word."""
    is_generic: bool = False
    """Whether it is a label made of words that every profile uses, such as "consulting"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What one text says."""

    language: str
    mentions: tuple[Mention, ...]
    """In the order of the text; they do not overlap. Denied ones ("no …") are left out."""
