"""From the texts and topics of a profile to the units that are compared: what it needs, what it offers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kontor_engines.matching._analysis import analyse
from kontor_engines.matching._lexicon import Lexicon
from kontor_engines.matching._text import detect_language
from kontor_engines.matching._types import Mention, Profile

# How much of a wish is met by an offer that …
NARROWER = 0.85  # is a special kind of it
BROADER = 0.6  # names only the sub-field or field of it
RELATED = 0.45
SAME_SUBFIELD = 0.2
SAME_FIELD = 0.06

QUOTE_LENGTH = 60
_EDGE = re.compile(r"\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One thing that a side of a profile names."""

    quote: str
    """The original words, 2 … 60 characters, or the label of a ticked topic."""
    concepts: tuple[tuple[int, float], ...]
    """(concept, 0 … 1 how surely it is meant); empty for a plain word."""
    word: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The units of one profile."""

    language: str
    needs: tuple[Unit, ...]
    offers: tuple[Unit, ...]


def sides_of(profile: Profile, lexicon: Lexicon) -> Sides:
    """Analyse both sides of a profile."""
    language = profile.language or detect_language(
        f"{profile.offers}\n{profile.seeks}", {name: lists.function for name, lists in lexicon.words.items()}
    )
    return Sides(
        language=language,
        needs=_units(profile, profile.seeks, profile.topics_sought, lexicon, language),
        offers=_units(profile, profile.offers, profile.topics_offered, lexicon, language),
    )


def _units(
    profile: Profile, text: str, topics: tuple[str, ...], lexicon: Lexicon, language: str
) -> tuple[Unit, ...]:
    units: dict[object, Unit] = {}
    for topic in topics:
        number = lexicon.index.get(topic)
        if number is None:
            msg = f"Profile {profile.id!r}: topic {topic!r} is not in the vocabulary"
            raise ValueError(msg)
        label = lexicon.preferred[language][number]
        units.setdefault(number, Unit(quote=label, concepts=((number, 1.0),), word=None))
    for mention in analyse(text, lexicon, language=language).mentions:
        key: object = mention.concepts[0][0] if mention.concepts else mention.word
        known = units.get(key)
        if known is None or (mention.concepts and mention.concepts[0][1] > known.concepts[0][1]):
            units[key] = Unit(quote=_quote(text, mention), concepts=mention.concepts, word=mention.word)
    return tuple(units.values())


def _quote(text: str, mention: Mention) -> str:
    """The mention as it stands in the text; a single character takes its neighbour with it."""
    start, end = mention.start, min(mention.end, mention.start + QUOTE_LENGTH)
    if end - start < 2:
        if end < len(text) and _EDGE.match(text[end]):
            end += 1
        elif start > 0 and _EDGE.match(text[start - 1]):
            start -= 1
    return text[start:end].strip()


class Expansion:
    """Which keys of an offer meet a wish for a concept, and how well.

    Keys 0 … C-1 are the concepts themselves; C + c means "anything at or below the field or sub-field c"; words
    follow from 2 C on.
    """

    __slots__ = ("_lexicon", "_need", "_offer", "num_concepts")

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.num_concepts = len(lexicon.ids)
        self._need: dict[int, tuple[tuple[int, float], ...]] = {}
        self._offer: dict[int, tuple[int, ...]] = {}

    def of_need(self, concept: int) -> tuple[tuple[int, float], ...]:
        """(key, share of the wish that an offer with this key meets), strongest first."""
        if concept not in self._need:
            self._need[concept] = self._expand(concept)
        return self._need[concept]

    def of_offer(self, concept: int) -> tuple[int, ...]:
        """The keys of an offer: itself and everything above it."""
        if concept not in self._offer:
            above = tuple(self.num_concepts + number for number in self._lexicon.path(concept))
            self._offer[concept] = (concept, *(key for key in above if self._is_inner(key)))
        return self._offer[concept]

    def _is_inner(self, key: int) -> bool:
        number = key - self.num_concepts
        return number in (self._lexicon.top[number], self._lexicon.middle[number])

    def _expand(self, concept: int) -> tuple[tuple[int, float], ...]:
        lexicon, count = self._lexicon, self.num_concepts
        found: dict[int, float] = {}

        def add(key: int, strength: float) -> None:
            found[key] = max(found.get(key, 0.0), strength)

        add(concept, 1.0)
        path = lexicon.path(concept)
        if len(path) < 3:
            add(count + concept, NARROWER)
        for above in path[1:]:
            add(above, BROADER if above == path[1] else BROADER / 2)
        for other in lexicon.related[concept]:
            add(other, RELATED)
        if len(path) > 1:
            add(count + path[-2], max(found.get(count + path[-2], 0.0), SAME_SUBFIELD))
            add(count + path[-1], SAME_FIELD)
        return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def need_keys(unit: Unit, expansion: Expansion, words: Mapping[str, int]) -> dict[int, float]:
    """Keys under which a wish is met, with the share that each meets."""
    found: dict[int, float] = {}
    for concept, sureness in unit.concepts:
        for key, strength in expansion.of_need(concept):
            found[key] = max(found.get(key, 0.0), sureness * strength)
    if unit.word is not None and unit.word in words:
        found[words[unit.word]] = 1.0
    return found


def offer_keys(unit: Unit, expansion: Expansion, words: Mapping[str, int]) -> dict[int, float]:
    """Keys that an offer meets, with its sureness."""
    found: dict[int, float] = {}
    for concept, sureness in unit.concepts:
        for key in expansion.of_offer(concept):
            found[key] = max(found.get(key, 0.0), sureness)
    if unit.word is not None and unit.word in words:
        found[words[unit.word]] = 1.0
    return found
