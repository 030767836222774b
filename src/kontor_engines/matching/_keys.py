"""Under which keys wishes and offers meet, and how well, and how much each wish weighs.

Keys 0 … C-1 are the concepts themselves; C + c means "anything at or below the field or sub-field c"; terms outside
the vocabulary follow from 2 C on.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kontor_engines.matching._lexicon import Lexicon
from kontor_engines.matching._likeness import unit_rows
from kontor_engines.matching._units import Unit

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# How much of a wish is met by an offer that …
NARROWER = 0.85  # is a special kind of it
BROADER = 0.6  # names only the sub-field or field of it
RELATED = 0.45
SAME_SUBFIELD = 0.2
SAME_FIELD = 0.06

COMMON_WEIGHT = 0.2  # of a need that everybody has, against a rare one
TERM_WEIGHT = 0.7  # of a term outside the vocabulary that is surely technical, against a concept
SURE = 0.25  # confidence from which a term outside the vocabulary is taken for technical

ONE = 1 << 15  # strengths and shares are whole numbers up to this, so that sums are exact in every order
FIELD_ONE = 1 << 7  # the same for fields, which tell so little that less will do
_FAINT = round(SAME_FIELD * ONE)
_WEIGHT_STEPS = 1 << 20  # of a need before the needs of a profile are scaled to add up to ONE

GUESSES = 8  # concepts that stand for a term outside the vocabulary
LEAST_LIKENESS = 0.1  # of a term and a concept, or of two terms
GUESS = 0.45  # sureness of a concept that is fully like the term
LEAST_STRENGTH = 0.03  # weaker keys cost more time than they tell
MOST_LIKE_TERMS = 30
SLOPE = 1.6
LIKE_LABEL = 0.7  # of that where one of the two is a label
LIKE_TERM = 0.9  # how much of a wish for an unknown term a fully like one meets
_BLOCK = 512


class Tree:
    """What an offer of one concept is worth for a wish for another.

    `fields` numbers the keys that mean "anything in this field".
    """

    __slots__ = ("_lexicon", "_need", "_offer", "fields", "num_concepts")

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        tops = [number for number, above in enumerate(lexicon.parent) if above < 0]
        self.fields = {len(lexicon.ids) + number: place for place, number in enumerate(tops)}
        self.num_concepts = len(lexicon.ids)
        self._need: dict[int, dict[int, float]] = {}
        self._offer: dict[int, tuple[int, ...]] = {}

    def of_need(self, concept: int) -> Mapping[int, float]:
        """Key → share of the wish that an offer with this key meets."""
        if concept not in self._need:
            self._need[concept] = self._expanded(concept)
        return self._need[concept]

    def of_offer(self, concept: int) -> tuple[int, ...]:
        """The keys of an offer: itself, its sub-field and its field."""
        if concept not in self._offer:
            lexicon, count = self._lexicon, self.num_concepts
            above = (lexicon.middle[concept], lexicon.top[concept])
            self._offer[concept] = (concept, *(count + number for number in above if number >= 0))
        return self._offer[concept]

    def _expanded(self, concept: int) -> dict[int, float]:
        lexicon, count = self._lexicon, self.num_concepts
        found = {concept: 1.0}

        def add(key: int, strength: float) -> None:
            found[key] = max(found.get(key, 0.0), strength)

        path = lexicon.path(concept)
        if len(path) < 3:
            add(count + concept, NARROWER)
        for distance, above in enumerate(path[1:], start=1):
            add(above, BROADER / distance)
        for other in lexicon.related[concept]:
            add(other, RELATED)
        if lexicon.middle[concept] >= 0:
            add(count + lexicon.middle[concept], SAME_SUBFIELD)
        add(count + lexicon.top[concept], SAME_FIELD)
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """The terms outside the vocabulary that the prepared profiles name, and what they are like.

    The labels that they name are among them, for unknown terms to be compared with.
    """

    keys: Mapping[str, int]
    """Normal form → key; the words outside the vocabulary come first."""
    num_words: int
    likeness: "csr_array"
    """(terms, concepts) 0 … 1, in the order of the keys."""
    directions: "csr_array"
    """The same rows at length 1."""


def terms_of(units: Iterable[Unit], lexicon: Lexicon) -> Terms:
    """Number the terms of all units and find out what they are like."""
    named: dict[str, str] = {}
    labels: dict[str, str] = {}
    for unit in units:
        if unit.word:
            named[unit.word] = unit.term
        elif unit.label:
            labels[unit.label] = unit.term
    num_words = len(named)
    named = named | {label: term for label, term in labels.items() if label not in named}
    first = 2 * len(lexicon.ids)
    likeness = lexicon.likeness.rows(list(named.values()))
    return Terms(
        keys={word: first + number for number, word in enumerate(named)},
        num_words=num_words,
        likeness=likeness,
        directions=unit_rows(likeness),
    )


def rarities(sides: Iterable[Sequence[Unit]], terms: Terms) -> Mapping[int, float]:
    """Inverse document frequency of concepts and terms over all sides of all languages together, scaled to 0 … 1."""
    counts: Counter[int] = Counter()
    num_sides = 0
    for units in sides:
        num_sides += 1
        counts.update({terms.keys[unit.word] if unit.word else unit.concepts[0][0] for unit in units})
    total = max(num_sides, 2)
    return {key: math.log(1 + total / count) / math.log(1 + total) for key, count in counts.items()}


@dataclass(frozen=True, slots=True)
class Need:
    """What meets a wish, and how much it weighs."""

    keys: Mapping[int, int]
    """Key → 0 … ONE: share of the wish that an offer with this key meets; without those that only share a field."""
    fields: Mapping[int, int]
    """Number of a field in which the wish lies → 0 … ONE: how surely."""
    weight: int
    """Among the needs of one profile."""


class Keys:
    """Turns units into keys: of the prepared profiles, and of others that are compared with them."""

    __slots__ = ("_guesses", "_lexicon", "_like", "_needs", "_offers", "_rarity", "terms", "tree")

    def __init__(self, lexicon: Lexicon, terms: Terms, rarity: Mapping[int, float]) -> None:
        self._lexicon = lexicon
        self._rarity = rarity
        self.terms = terms
        self.tree = Tree(lexicon)
        self._guesses: dict[str, tuple[tuple[int, float], ...]] = {}
        self._like: dict[str, tuple[tuple[int, float], ...]] = {}
        # What everybody needs and offers is worked out once.
        self._needs: dict[object, Need] = {}
        self._offers: dict[object, Mapping[int, int]] = {}

    def learn(self, units: Iterable[Unit]) -> None:
        """Compare the terms of these units with the concepts and with the prepared terms, all at once."""
        new = {
            unit.word or unit.label: unit.term
            for unit in units
            if (unit.word or unit.label) and (unit.word or unit.label) not in self._like
        }
        if not new:
            return
        directions = unit_rows(self._lexicon.likeness.rows(list(new.values())))
        names = list(new)
        concepts = self._lexicon.likeness.concept_directions
        first = 2 * self.tree.num_concepts
        for begin in range(0, len(names), _BLOCK):
            block = directions[begin : begin + _BLOCK]
            named = names[begin : begin + _BLOCK]
            rows = strongest_entries((block @ concepts.T).tocsr(), GUESSES, LEAST_LIKENESS)
            for name, found in zip(named, rows, strict=True):
                self._guesses[name] = tuple(
                    (concept, GUESS * term_strength(value)) for concept, value in found
                )
            like = strongest_entries(
                (block @ self.terms.directions.T).tocsr(), MOST_LIKE_TERMS, LEAST_LIKENESS
            )
            for name, found in zip(named, like, strict=True):
                self._like[name] = tuple((first + term, term_strength(value)) for term, value in found)

    def _share_of(self, key: int) -> float:
        return 1.0 if key < 2 * self.tree.num_concepts + self.terms.num_words else LIKE_LABEL

    def _unknown_like(self, label: str) -> Iterable[tuple[int, float]]:
        """The words outside the vocabulary that a label is like."""
        behind = 2 * self.tree.num_concepts + self.terms.num_words
        return ((key, LIKE_LABEL * strength) for key, strength in self._like[label] if key < behind)

    def need(self, unit: Unit) -> Need:
        """Keys under which a wish is met, with the share that each meets."""
        found = self._needs.get(unit.kind)
        if found is None:
            found = self._needs[unit.kind] = self._need(unit)
        return found

    def _need(self, unit: Unit) -> Need:
        found: dict[int, float] = {}
        for concept, sureness in self._concepts(unit):
            for key, strength in self.tree.of_need(concept).items():
                found[key] = max(found.get(key, 0.0), sureness * strength)
        if unit.word:
            for key, strength in self._like[unit.word]:
                found[key] = max(found.get(key, 0.0), strength * self._share_of(key))
            if unit.word in self.terms.keys:
                found[self.terms.keys[unit.word]] = 1.0
        elif unit.label:
            found.update(self._unknown_like(unit.label))
        keys: dict[int, int] = {}
        fields: dict[int, int] = {}
        for key, strength in found.items():
            if strength < LEAST_STRENGTH:
                continue
            whole = round(strength * ONE)
            if key in self.tree.fields and whole <= _FAINT:
                fields[self.tree.fields[key]] = min(ONE, round(strength / SAME_FIELD * ONE))
            else:
                keys[key] = whole
        return Need(keys, fields, max(1, round(self._weight(unit) * _WEIGHT_STEPS)))

    def of_offer(self, unit: Unit) -> Mapping[int, int]:
        """Keys that an offer meets, with its sureness, 0 … ONE."""
        found = self._offers.get(unit.kind)
        if found is None:
            found = self._offers[unit.kind] = self._of_offer(unit)
        return found

    def _of_offer(self, unit: Unit) -> dict[int, int]:
        found: dict[int, float] = {}
        for concept, sureness in self._concepts(unit):
            for key in self.tree.of_offer(concept):
                found[key] = max(found.get(key, 0.0), sureness)
        if unit.word:
            if unit.word in self.terms.keys:
                found[self.terms.keys[unit.word]] = 1.0
            else:
                found.update((key, strength * self._share_of(key)) for key, strength in self._like[unit.word])
        elif unit.label in self.terms.keys:
            found[self.terms.keys[unit.label]] = 1.0
        elif unit.label:
            found.update(self._unknown_like(unit.label))
        return {key: round(strength * ONE) for key, strength in found.items()}

    def _weight(self, unit: Unit) -> float:
        """Rare wishes weigh more, terms outside the vocabulary less."""
        if not unit.word:
            concept, sureness = unit.concepts[0]
            return sureness * (COMMON_WEIGHT + (1 - COMMON_WEIGHT) * self._rarity.get(concept, 1.0))
        rare = self._rarity.get(self.terms.keys.get(unit.word, -1), 1.0)
        technical = min(1.0, self.confidence(unit) / SURE)
        return TERM_WEIGHT * (0.02 + technical) * (COMMON_WEIGHT + (1 - COMMON_WEIGHT) * rare)

    def confidence(self, unit: Unit) -> float:
        """How surely a unit is about something of the vocabulary, 0 … 1."""
        return max((sureness for _, sureness in self._concepts(unit)), default=0.0)

    def concepts(self, unit: Unit) -> tuple[tuple[int, float], ...]:
        """What a unit names or, outside the vocabulary, is like."""
        return self._concepts(unit)

    def _concepts(self, unit: Unit) -> tuple[tuple[int, float], ...]:
        if not unit.word:
            return unit.concepts
        return (*unit.concepts, *self._guesses[unit.word])


def term_strength(cosine: float) -> float:
    """How much of a wish for an unknown term an offer of another one meets."""
    return min(LIKE_TERM, max(0.0, SLOPE * (cosine - LEAST_LIKENESS)))


def strongest_entries(rows: "csr_array", most: int, least: float) -> Iterable[list[tuple[int, float]]]:
    """(column, value) of each row's strongest entries, strongest first."""
    for row in range(rows.shape[0]):
        part = slice(rows.indptr[row], rows.indptr[row + 1])
        columns, values = rows.indices[part], rows.data[part]
        order = np.lexsort((columns, -values))[:most]
        yield [(int(columns[place]), float(values[place])) for place in order if values[place] >= least]
