"""The vocabulary in the form in which texts are compared with it: built once, stored, loaded fast."""

import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

import numpy as np

from kontor_engines.matching._likeness import Likeness, build_likeness
from kontor_engines.matching._text import (
    HAN_RUN,
    LANGUAGES,
    fold,
    han_text,
    simplified_table,
    stem,
    without_umlauts,
    words_of,
)
from kontor_engines.matching._types import ConceptLike

FORMAT = 5
# How a word of a text has to look to count as a label: anyhow, exactly like this (acronyms), with a capital (nouns),
# or as a whole: "IT-Sicherheit" is no part of "Kreditsicherheit".
ANY_CASE, NOUN, WHOLE = "", "^", "-"

Entry = tuple[int, str]
"""(index of a concept, ANY_CASE, NOUN, WHOLE or the exact spelling of an acronym)."""

_ARRAYS = ("starts", "concepts", "weights", "rarity", "among_starts", "among", "among_values")
_ACRONYM = re.compile(r"[A-Za-z0-9&.-]{1,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLists:
    """Words of one language that carry no topic of their own."""

    function: frozenset[str]
    """Small words: articles, pronouns, prepositions; they tell the language and are never a topic."""
    quiet: frozenset[str]
    """Words of every company profile ("customers", "leading"): no topic unless a label says so."""
    generic: frozenset[str]
    """Heads that add nothing to what stands before them: "solutions", "consulting", "研发"."""
    negation: frozenset[str]
    """Words that deny what follows in the same clause."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexicon:
    """Concepts, their tree and every label in normal form.

    Concepts are numbered in the order of the vocabulary; `parent` of a field is -1.
    """

    ids: tuple[str, ...]
    parent: tuple[int, ...]
    related: tuple[tuple[int, ...], ...]
    preferred: Mapping[str, tuple[str, ...]]
    """Language → preferred label of each concept."""
    latin: Mapping[str, Mapping[str, tuple[Entry, ...]]]
    """Language → normal form of an alphabetic label, words joined without spaces → concepts."""
    han: Mapping[str, tuple[int, ...]]
    """Label with Chinese characters in normal form → concepts."""
    hints: Mapping[int, frozenset[str]]
    """Concept with an ambiguous label → words that speak for it."""
    words: Mapping[str, WordLists]
    simplify: Mapping[str, str]
    """Traditional → simplified character."""
    likeness: Likeness
    """What terms outside the vocabulary are compared with."""
    index: Mapping[str, int] = field(init=False)
    """Id → number of the concept."""
    paths: tuple[tuple[int, ...], ...] = field(init=False)
    """The path of each concept: itself and everything above it, the field last."""
    top: tuple[int, ...] = field(init=False)
    """The field of each concept (of a field: itself)."""
    middle: tuple[int, ...] = field(init=False)
    """The sub-field of each concept (of a sub-field: itself; of a field: -1)."""
    han_lengths: Mapping[str, tuple[int, ...]] = field(init=False)
    """First character → lengths of the labels and listed words that begin with it, longest first."""
    plain_han: frozenset[str] = field(init=False)
    """Chinese words that are no topic."""
    plain_latin: frozenset[str] = field(init=False)
    """German and English words that are no topic, folded."""
    table: Mapping[int, str] = field(init=False)
    """Translation table for `han_text`."""

    def __post_init__(self) -> None:
        fill = object.__setattr__
        fill(self, "index", {identifier: number for number, identifier in enumerate(self.ids)})
        paths = tuple(self._path(number) for number in range(len(self.ids)))
        fill(self, "paths", paths)
        fill(self, "top", tuple(path[-1] for path in paths))
        fill(self, "middle", tuple(path[-2] if len(path) > 1 else -1 for path in paths))
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for label in (*self.han, *_plain(self.words["zh"])):
            lengths[label[0]].add(len(label))
        fill(
            self,
            "han_lengths",
            {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
        )
        fill(self, "plain_han", _plain(self.words["zh"]))
        fill(self, "plain_latin", _plain(self.words["de"]) | _plain(self.words["en"]))
        fill(self, "table", simplified_table(self.simplify))

    def path(self, number: int) -> tuple[int, ...]:
        """The concept and everything above it, the field last."""
        return self.paths[number]

    def _path(self, number: int) -> tuple[int, ...]:
        path = [number]
        while self.parent[path[-1]] >= 0:
            path.append(self.parent[path[-1]])
        return tuple(path)

    def is_plain(self, folded: str) -> bool:
        """Whether an alphabetic word carries no topic of its own."""
        return folded in self.plain_latin

    def dump(self) -> bytes:
        """The lexicon as bytes for `load_lexicon`."""
        stored = {
            "format": FORMAT,
            "ids": self.ids,
            "parent": self.parent,
            "related": self.related,
            "preferred": self.preferred,
            "latin": self.latin,
            "han": self.han,
            "hints": {str(number): sorted(words) for number, words in self.hints.items()},
            "words": {
                language: {name: sorted(words) for name, words in asdict(lists).items()}
                for language, lists in self.words.items()
            },
            "simplify": self.simplify,
        }
        text = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
        packed = io.BytesIO()
        np.savez(
            packed,
            text=np.frombuffer(text.encode(), dtype=np.uint8),
            **{name: getattr(self.likeness, name) for name in _ARRAYS},
        )
        return packed.getvalue()


def load_lexicon(stored: bytes) -> Lexicon:
    """The lexicon that `Lexicon.dump` wrote; ValueError for bytes of another version."""
    try:
        arrays = np.load(io.BytesIO(stored), allow_pickle=False)
        found = json.loads(arrays["text"].tobytes())
    except (OSError, EOFError, KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        msg = f"Lexicon: not a compiled vocabulary: {error}"
        raise ValueError(msg) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        msg = f"Lexicon.format must be {FORMAT}; compile the vocabulary again"
        raise ValueError(msg)
    words = {
        language: WordLists(**{name: frozenset(words) for name, words in lists.items()})
        for language, lists in found["words"].items()
    }
    likeness = Likeness(
        **{name: arrays[name] for name in _ARRAYS},
        num_concepts=len(found["ids"]),
        table=simplified_table(found["simplify"]),
        small=_small_words(words),
    )
    return Lexicon(
        ids=tuple(found["ids"]),
        parent=tuple(found["parent"]),
        related=tuple(map(tuple, found["related"])),
        preferred={language: tuple(labels) for language, labels in found["preferred"].items()},
        latin=found["latin"],
        han=found["han"],
        hints={int(number): frozenset(words) for number, words in found["hints"].items()},
        words=words,
        simplify=found["simplify"],
        likeness=likeness,
    )


def compile_lexicon(
    concepts: Iterable[ConceptLike],
    *,
    words: Mapping[str, WordLists],
    simplify: Mapping[str, str],
    variants: Mapping[str, tuple[str, ...]] | None = None,
) -> Lexicon:
    """Bring every label of the vocabulary into normal form.

    `variants` adds spellings of a Chinese label (Taiwan, Hong Kong) under which it is also found.
    """
    ordered = list(concepts)
    listed = {language: _folded(lists) for language, lists in words.items()}
    index = {concept.id: number for number, concept in enumerate(ordered)}
    table = simplified_table(simplify)
    latin: dict[str, defaultdict[str, dict[Entry, None]]] = {
        language: defaultdict(dict) for language in ("de", "en")
    }
    han: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for number, concept in enumerate(ordered):
        for language in LANGUAGES:
            for label in concept.labels.get(language, ()):
                if HAN_RUN.search(label):
                    for spelling in (label, *(variants or {}).get(label, ())):
                        han[han_text(spelling.strip(), table).text][number] = None
                else:
                    of = "en" if language == "zh" else language
                    for key in latin_keys(label, of):
                        latin[of][key][number, _case_rule(label, of)] = None
    return Lexicon(
        ids=tuple(concept.id for concept in ordered),
        parent=tuple(-1 if concept.broader is None else index[concept.broader] for concept in ordered),
        related=tuple(tuple(index[other] for other in concept.related) for concept in ordered),
        preferred={
            language: tuple(concept.labels[language][0] for concept in ordered) for language in LANGUAGES
        },
        latin={
            language: {key: tuple(found) for key, found in keys.items()} for language, keys in latin.items()
        },
        han={label: tuple(found) for label, found in han.items()},
        hints={
            number: frozenset(
                word for text in concept.hint.values() for word in _hint_words(text, table, listed)
            )
            for number, concept in enumerate(ordered)
            if concept.hint
        },
        words=listed,
        simplify=simplify,
        likeness=build_likeness(
            [[concept.labels.get(language, ()) for language in LANGUAGES] for concept in ordered],
            table=table,
            small=_small_words(listed),
        ),
    )


def latin_keys(label: str, language: str) -> set[str]:
    """The normal forms of an alphabetic label: every word stemmed, only the last one stemmed, one word as it is."""
    folded = [word.folded for word in words_of(label)]
    keys = {stemmed_key(folded, language), joined_key(folded, language)} - {""}
    if language == "de":
        keys |= {without_umlauts(key) for key in keys}
    if len(folded) == 1:
        keys.add(exact_key(folded[0]))
    return keys


def exact_key(folded: str) -> str:
    """A single word as it is, which goes before all that have the same stem: "Messer" is no "Messe"."""
    return f"={folded}"


def stemmed_key(folded: list[str], language: str) -> str:
    """Words that are inflected one by one: "selbstfahrende Fahrzeuge"."""
    return "".join([stem(word, language) for word in folded])


def joined_key(folded: list[str], language: str) -> str:
    """Words that may be written together, apart or with hyphens: "Finite-Elemente-Methode"."""
    return stem("".join(folded), language)


def _folded(lists: WordLists) -> WordLists:
    return WordLists(**{name: frozenset(map(fold, words)) for name, words in asdict(lists).items()})


def _small_words(words: Mapping[str, WordLists]) -> frozenset[str]:
    return words["de"].function | words["en"].function


def _plain(words: WordLists) -> frozenset[str]:
    return words.function | words.quiet | words.generic | words.negation


def _case_rule(label: str, language: str) -> str:
    found = words_of(label)
    if len(found) != 1:
        is_acronym = bool(found) and len(found[0].surface) <= 5 and found[0].surface.isupper()
        return WHOLE if is_acronym else ANY_CASE
    surface = found[0].surface
    capitals = sum(char.isupper() for char in surface)
    if capitals >= 2 and len(surface) <= 5 and _ACRONYM.fullmatch(surface):
        return surface
    return NOUN if language == "de" and surface[0].isupper() else ANY_CASE


def _hint_words(text: str, table: Mapping[int, str], words: Mapping[str, WordLists]) -> set[str]:
    found = {word.folded for word in words_of(text)} - words["de"].function - words["en"].function
    for run in HAN_RUN.findall(han_text(text, table).text):
        found.update(run[place : place + 2] for place in range(len(run) - 1))
    return found
