"""What texts are about: the vocabulary compared with them. The one place of the site that talks to the engine's analysis."""

import hashlib
import logging
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from mmap import ACCESS_READ, mmap
from pathlib import Path

from kontor.topics.vocabulary import DATA, LANGUAGES, Vocabulary, read_vocabulary
from kontor_engines.matching import (
    LEXICON_FORMAT,
    Lexicon,
    WordLists,
    analyse,
    compile_lexicon,
    detect_language,
    load_lexicon,
    stems,
)

logger = logging.getLogger(__name__)

WORDS = Path(__file__).parent / "words"
_OPENCC_VARIANTS = "s2twp", "s2hk"
_SURE = 0.4  # less is a guess from a part of a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A concept that a text names."""

    concept_id: str
    quote: str
    """The words of the text, at most 60 characters."""
    sureness: float
    """0 … 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One searchable unit of a text."""

    key: str
    """"c:" and the id of a concept, "b:" and the id of a concept above one that is named, or "w:" and a plain word."""
    weight: float
    """0 … 1: 1 for what is named outright."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Everything under which a text can be found, in the order of the text."""

    language: str
    concepts: tuple[str, ...]
    """Ids of the concepts that the text names, each once."""
    stems: tuple[str, ...]
    """Every word in one form for singular and plural, German and English; Chinese by pairs of simplified characters."""


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of this installation; lines that cannot be used are left out, with one warning."""
    found, faults = read_vocabulary(topics_folder())
    if faults:
        logger.warning("the vocabulary has %d faults, the first: %s", len(faults), faults[0])
    return found


@cache
def lexicon() -> Lexicon:
    """The vocabulary in the form of the engine: from the compiled file, which is written where it is missing."""
    stored = compiled_file()
    try:
        with stored.open("rb") as file:
            return load_lexicon(mmap(file.fileno(), 0, access=ACCESS_READ))
    except (OSError, ValueError):
        compiled = compile_vocabulary(vocabulary())
        with suppress(OSError):  # a read-only place only costs time
            store_compiled(compiled, stored)
        return compiled


def store_compiled(compiled: Lexicon, target: Path) -> None:
    """Write the compiled vocabulary and remove older ones beside it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    partial.write_bytes(compiled.dump())
    partial.replace(target)
    for old in target.parent.glob("vocabulary-*"):
        if old != target:
            old.unlink(missing_ok=True)


def topics_folder() -> Path:
    """Where the files of the vocabulary are: KONTOR_TOPICS_DIR, or the package's own."""
    return Path(os.environ.get("KONTOR_TOPICS_DIR") or DATA)


def compiled_file() -> Path:
    """Where the compiled vocabulary belongs; its name changes with its format and with every change of a source file."""
    base = os.environ.get("KONTOR_CACHE_DIR")
    if not base:
        base = str(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kontor")
    digest = hashlib.blake2b(str(LEXICON_FORMAT).encode(), digest_size=12)
    for folder, pattern in ((topics_folder(), "*.jsonl"), (WORDS, "*.txt")):
        for path in sorted(folder.glob(pattern)):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return Path(base) / f"vocabulary-{digest.hexdigest()}.lexicon"


def compile_vocabulary(source: Vocabulary) -> Lexicon:
    """Bring a vocabulary into the form of the engine."""
    return compile_lexicon(
        source,
        words={language: read_words(language) for language in LANGUAGES},
        simplify=_simplified_characters(),
        german=_german_words(),
        variants=_chinese_variants(source),
    )


def read_words(language: str) -> WordLists:
    """The words of a language that carry no topic of their own."""
    sections: dict[str, set[str]] = {}
    current: set[str] = set()
    for line in (WORDS / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), set())
        else:
            current.update(line.split())
    return WordLists(**{name: frozenset(words) for name, words in sections.items()})


def find_concepts(text: str, language: str | None = None) -> list[Found]:
    """The concepts that a text names, in its order, each once where it is surest."""
    known = lexicon()
    found: dict[str, Found] = {}
    for mention in analyse(text, known, language=language).mentions:
        for number, sureness in mention.concepts[:1]:
            name = known.ids[number]
            if name not in found or found[name].sureness < sureness:
                quote = text[mention.start : min(mention.end, mention.start + 60)]
                found[name] = Found(concept_id=name, quote=quote, sureness=sureness)
    return list(found.values())


def language_of(text: str) -> str:
    """German, English or Chinese; English where nothing decides."""
    return detect_language(text, {name: lists.function for name, lists in lexicon().words.items()})


def tokens(text: str, language: str | None = None) -> Tokens:
    """The concepts of a text and its words, names and everyday words included, for an index of words."""
    known = lexicon()
    found = analyse(text, known, language=language)
    named = dict.fromkeys(
        known.ids[number]
        for mention in found.mentions
        for number, sureness in mention.concepts
        if sureness >= _SURE
    )
    small = known.words["de"].function | known.words["en"].function
    return Tokens(
        language=found.language, concepts=tuple(named), stems=tuple(stems(text, known.table, small))
    )


def document_tokens(text: str, language: str | None = None) -> list[Token]:
    """Under what a text is found: concepts, what is above them (weaker), and the remaining words."""
    weights: dict[str, float] = {}
    known = lexicon()
    for mention in analyse(text, known, language=language).mentions:
        for number, sureness in mention.concepts:
            path = known.path(number)
            _raise(weights, f"c:{known.ids[number]}", sureness)
            for distance, above in enumerate(path[1:], start=1):
                _raise(weights, f"b:{known.ids[above]}", sureness * 0.5**distance)
        if mention.word:
            _raise(weights, f"w:{mention.word}", 1.0)
    return [Token(key=key, weight=weights[key]) for key in sorted(weights)]


def query_tokens(text: str, language: str | None = None) -> list[Token]:
    """For what a search text asks: concepts, everything below a field or sub-field, related ones (weaker), words."""
    weights: dict[str, float] = {}
    known = lexicon()
    for mention in analyse(text, known, language=language).mentions:
        for number, sureness in mention.concepts:
            _raise(weights, f"c:{known.ids[number]}", sureness)
            _raise(weights, f"b:{known.ids[number]}", sureness * 0.8)
            for other in known.related[number]:
                _raise(weights, f"c:{known.ids[other]}", sureness * 0.4)
        if mention.word:
            _raise(weights, f"w:{mention.word}", 1.0)
    return [Token(key=key, weight=weights[key]) for key in sorted(weights)]


def _raise(weights: dict[str, float], key: str, weight: float) -> None:
    weights[key] = max(weights.get(key, 0.0), weight)


def _german_words() -> Iterable[str]:
    """Every German word that the lemmatiser knows: read here, for as a dictionary in memory it takes 100 MiB."""
    from simplemma.strategies import DefaultDictionaryFactory

    return DefaultDictionaryFactory().get_dictionary("de")


def _simplified_characters() -> Mapping[str, str]:
    """Traditional → simplified for every Chinese character that differs."""
    from opencc import OpenCC

    converter = OpenCC("t2s")
    characters = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    pairs = zip(characters, (converter.convert(char) for char in characters), strict=True)
    return {char: simple for char, simple in pairs if char != simple and len(simple) == 1}


def _chinese_variants(source: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    """The Taiwan and Hong Kong wording of Chinese labels, where it differs ("软件" → "軟體")."""
    from opencc import OpenCC

    converters = [OpenCC(name) for name in _OPENCC_VARIANTS]
    return {
        text: tuple(dict.fromkeys(converter.convert(text) for converter in converters))
        for concept in source
        for text in concept.labels["zh"]
    }
