"""The vocabulary in the form in which texts are compared with it: built once, stored, loaded fast."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from hashlib import blake2b
from itertools import pairwise
from mmap import mmap

import numpy as np
from numpy.typing import NDArray

from kontor_engines.matching._labels import Labels
from kontor_engines.matching._likeness import Likeness, build_likeness
from kontor_engines.matching._store import read, write
from kontor_engines.matching._text import (
    HAN_RUN,
    LANGUAGES,
    Word,
    fold,
    fold_german,
    han_text,
    simplified_table,
    stem,
    without_umlauts,
    words_of,
)
from kontor_engines.matching._types import ConceptLike

LEXICON_FORMAT = 8
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
    latin: Mapping[str, Labels[Entry]]
    """Language → normal form of an alphabetic label, words joined without spaces → concepts."""
    han: Labels[int]
    """Label with Chinese characters in normal form → concepts."""
    han_lengths: Mapping[str, tuple[int, ...]]
    """First character → lengths of the labels and listed words that begin with it, longest first."""
    hints: Mapping[int, frozenset[str]]
    """Concept with an ambiguous label → words that speak for it."""
    words: Mapping[str, WordLists]
    german: NDArray[np.uint64]
    """Marks (`_mark`) of all German words, ascending: a million of them, so they stay in the mapped file."""
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

    def is_german(self, folded: str) -> bool:
        """Whether an alphabetic word is one of the German language."""
        mark = np.frombuffer(_mark(folded.encode()), dtype=np.uint64)[0]
        place = self.german.searchsorted(mark)
        return mark in self.german[place : place + 1]

    def dump(self) -> bytes:
        """The lexicon as bytes for `load_lexicon`."""
        texts: dict[str, Sequence[str]] = {
            "ids": self.ids,
            "han": list(self.han),
            "han_lengths": [f"{first}{' '.join(map(str, of))}" for first, of in self.han_lengths.items()],
            "hints": [f"{number} {' '.join(sorted(words))}" for number, words in self.hints.items()],
            "simplify": [f"{old}{new}" for old, new in self.simplify.items()],
        }
        arrays: dict[str, NDArray[np.generic]] = {
            "parent": np.array(self.parent, dtype=np.int32),
            "related": np.array([other for found in self.related for other in found], dtype=np.int32),
            "num_related": np.array(list(map(len, self.related)), dtype=np.int32),
            "han": np.array(self.han.all_named(), dtype=np.int32),
            "num_han": np.array(self.han.lengths(), dtype=np.int32),
            "german": self.german,
            **{name: getattr(self.likeness, name) for name in _ARRAYS},
        }
        for language in LANGUAGES:
            texts[f"preferred.{language}"] = self.preferred[language]
            for name, words in asdict(self.words[language]).items():
                texts[f"{name}.{language}"] = sorted(words)
        for language, labels in self.latin.items():
            texts[f"latin.{language}"] = list(labels)
            texts[f"rules.{language}"] = [rule for _, rule in labels.all_named()]
            arrays[f"latin.{language}"] = np.array([n for n, _ in labels.all_named()], dtype=np.int32)
            arrays[f"num_latin.{language}"] = np.array(labels.lengths(), dtype=np.int32)
        return write(LEXICON_FORMAT, texts, arrays)


def load_lexicon(stored: bytes | mmap) -> Lexicon:
    """The lexicon that `Lexicon.dump` wrote; ValueError for bytes of another version.

    The arrays stay where they are: a file mapped into memory is read only where it is looked at.
    """
    try:
        found = read(stored, LEXICON_FORMAT)
        lines, arrays = found.lines, found.arrays
        words = {
            language: WordLists(
                **{part.name: frozenset(lines(f"{part.name}.{language}")) for part in fields(WordLists)}
            )
            for language in LANGUAGES
        }
        simplify = {pair[0]: pair[1] for pair in lines("simplify")}
        related = _starts(arrays["num_related"])
        others = arrays["related"].tolist()
        likeness = Likeness(
            **{name: arrays[name] for name in _ARRAYS},
            num_concepts=len(arrays["parent"]),
            table=simplified_table(simplify),
            small=_small_words(words),
        )
        return Lexicon(
            ids=tuple(lines("ids")),
            parent=tuple(arrays["parent"].tolist()),
            related=tuple(tuple(others[begin:end]) for begin, end in pairwise(related)),
            preferred={language: tuple(lines(f"preferred.{language}")) for language in LANGUAGES},
            latin={
                language: Labels(
                    lines(f"latin.{language}"),
                    _starts(arrays[f"num_latin.{language}"]),
                    list(zip(arrays[f"latin.{language}"].tolist(), lines(f"rules.{language}"), strict=True)),
                )
                for language in ("de", "en")
            },
            han=Labels(lines("han"), _starts(arrays["num_han"]), arrays["han"].tolist()),
            han_lengths={line[0]: tuple(map(int, line[1:].split())) for line in lines("han_lengths")},
            hints={
                int(number): frozenset(spoken.split())
                for number, _, spoken in (line.partition(" ") for line in lines("hints"))
            },
            words=words,
            german=arrays["german"],
            simplify=simplify,
            likeness=likeness,
        )
    except (KeyError, IndexError, TypeError) as error:
        msg = f"Lexicon: not a compiled vocabulary: {error}"
        raise ValueError(msg) from error


def _starts(lengths: NDArray[np.generic]) -> list[int]:
    return [0, *np.cumsum(lengths).tolist()]


def _han_lengths(labels: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for label in labels:
        lengths[label[0]].add(len(label))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def compile_lexicon(
    concepts: Iterable[ConceptLike],
    *,
    words: Mapping[str, WordLists],
    simplify: Mapping[str, str],
    german: Iterable[str] = (),
    variants: Mapping[str, tuple[str, ...]] | None = None,
) -> Lexicon:
    """Bring every label of the vocabulary into normal form.

    `german` are the words of the language, inflected ones too: what stands beside a label in a compound must be one.
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
                    found = words_of(label)
                    entry = number, _case_rule(found, of)
                    for key in latin_keys([word.folded for word in found], of):
                        latin[of][key][entry] = None
    return Lexicon(
        ids=tuple(concept.id for concept in ordered),
        parent=tuple(-1 if concept.broader is None else index[concept.broader] for concept in ordered),
        related=tuple(tuple(index[other] for other in concept.related) for concept in ordered),
        preferred={
            language: tuple(concept.labels[language][0] for concept in ordered) for language in LANGUAGES
        },
        latin={
            language: Labels.of({key: tuple(found) for key, found in keys.items()})
            for language, keys in latin.items()
        },
        han=Labels.of({label: tuple(found) for label, found in han.items()}),
        han_lengths=_han_lengths((*han, *_plain(listed["zh"]))),
        hints={
            number: frozenset(
                word for text in concept.hint.values() for word in _hint_words(text, table, listed)
            )
            for number, concept in enumerate(ordered)
            if concept.hint
        },
        words=listed,
        german=_marks(german),
        simplify=simplify,
        likeness=build_likeness(
            [[concept.labels.get(language, ()) for language in LANGUAGES] for concept in ordered],
            table=table,
            small=_small_words(listed),
        ),
    )


def latin_keys(folded: list[str], language: str) -> set[str]:
    """The normal forms of an alphabetic label: every word stemmed, only the last one stemmed, one word as it is."""
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


def _marks(words: Iterable[str]) -> NDArray[np.uint64]:
    """The marks of words; not of acronyms, for "usa" is no word."""
    plain = "\n".join(word for word in words if word[1:].islower())
    folded = fold_german(plain).encode().split(b"\n")  # all at once: fast
    return np.sort(np.frombuffer(b"".join(map(_mark, folded)), dtype=np.uint64))


def _mark(folded: bytes) -> bytes:
    """A number of 64 bits that no other word has, as good as surely."""
    return blake2b(folded, digest_size=8).digest()


def _folded(lists: WordLists) -> WordLists:
    return WordLists(**{name: frozenset(map(fold, words)) for name, words in asdict(lists).items()})


def _small_words(words: Mapping[str, WordLists]) -> frozenset[str]:
    return words["de"].function | words["en"].function


def _plain(words: WordLists) -> frozenset[str]:
    return words.function | words.quiet | words.generic | words.negation


def _case_rule(found: list[Word], language: str) -> str:
    if len(found) != 1:
        is_acronym = bool(found) and len(found[0].surface) <= 5 and found[0].surface.isupper()
        return WHOLE if is_acronym else ANY_CASE
    surface = found[0].surface
    if len(surface) <= 5 and sum(char.isupper() for char in surface) >= 2 and _ACRONYM.fullmatch(surface):
        return surface
    return NOUN if language == "de" and surface[0].isupper() else ANY_CASE


def _hint_words(text: str, table: Mapping[int, str], words: Mapping[str, WordLists]) -> set[str]:
    found = {word.folded for word in words_of(text)} - words["de"].function - words["en"].function
    for run in HAN_RUN.findall(han_text(text, table).text):
        found.update(run[place : place + 2] for place in range(len(run) - 1))
    return found
