"""From the texts and topics of a profile to the units that are compared: what it needs, what it offers."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kontor_engines.matching._analysis import analyse
from kontor_engines.matching._lexicon import Lexicon
from kontor_engines.matching._pieces import CLAUSE_END, normal_term
from kontor_engines.matching._text import HAN_RUN, detect_language, words_of
from kontor_engines.matching._types import Mention, Profile

QUOTE_LENGTH = 60
MOST_UNITS = 200  # of a side; who names more says no more, and hostile texts stay cheap
_MOST_WORDS, _LONGEST_HAN = 5, 10  # of a text that is no more than a term
_JOINTS = {  # what joins two terms
    "de": frozenset(("und", "sowie")),
    "en": frozenset(("and",)),
    "zh": frozenset(("和", "与", "及")),
}
_EDGE = re.compile(r"\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One thing that a side of a profile names."""

    quote: str
    """The original words, 2 … 60 characters, or the label of a ticked topic."""
    concepts: tuple[tuple[int, float], ...]
    """(concept, 0 … 1 how surely it is meant); empty for a plain word."""
    word: str | None
    """Normal form of a term outside the vocabulary."""
    label: str = ""
    """Normal form of a label of the vocabulary as it stands in the text; empty for a ticked topic."""
    term: str = ""
    """The word or the label as it stands in the text."""

    @property
    def kind(self) -> tuple[object, ...]:
        """Units of one kind need and offer the same."""
        return self.concepts, self.word, self.label


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
        units.setdefault(number, _of_topic(number, language, lexicon))
    for mention in _whole(text, analyse(text, lexicon, language=language).mentions, lexicon):
        if len(units) >= MOST_UNITS:
            break
        key: object = mention.word or mention.concepts[0][0]
        if key not in units:
            term = text[mention.start : mention.end]
            units[key] = Unit(
                quote=_quote(text, mention),
                concepts=mention.concepts,
                word=mention.word,
                label="" if mention.word or mention.is_generic else normal_term(term),
                term=term,
            )
    return tuple(units.values())


def _whole(text: str, mentions: tuple[Mention, ...], lexicon: Lexicon) -> tuple[Mention, ...]:
    """A text that is no more than a term is that term: everyday words belong to it ("interest rate", 输电系统)."""
    term = text.strip()
    if (
        not mentions
        or len(term) > QUOTE_LENGTH
        or CLAUSE_END.search(term)
        or not all(mention.word for mention in mentions)
    ):
        return mentions
    words = [word.folded for word in words_of(term)]
    if HAN_RUN.search(term):
        prose = lexicon.words["zh"].function | lexicon.words["zh"].quiet | lexicon.words["zh"].negation
        is_term = (
            not words
            and len(term) <= _LONGEST_HAN
            and not any(map(term.startswith, prose))
            and not any(joint in term for joint in _JOINTS["zh"])
        )
    else:
        small = {word for of in ("de", "en") for word in lexicon.words[of].function}
        denying = {word for of in ("de", "en") for word in lexicon.words[of].negation}
        is_term = (
            len(words) <= _MOST_WORDS
            and not {words[0], words[-1]} & small
            and not (denying | _JOINTS["de"] | _JOINTS["en"]) & set(words)
        )
    if not is_term:
        return mentions
    concepts = {concept: sureness for mention in mentions for concept, sureness in mention.concepts}
    start = text.index(term)
    return (
        Mention(
            start=start,
            end=start + len(term),
            concepts=tuple(sorted(concepts.items(), key=lambda pair: (-pair[1], pair[0]))),
            word=normal_term(term),
        ),
    )


@lru_cache(maxsize=32_768)
def _of_topic(number: int, language: str, lexicon: Lexicon) -> Unit:
    """The same object for everybody who ticked it: many profiles need little memory."""
    return Unit(quote=lexicon.preferred[language][number], concepts=((number, 1.0),), word=None)


def _quote(text: str, mention: Mention) -> str:
    """The mention as it stands in the text; a single character takes its neighbours with it."""
    start, end = mention.start, min(mention.end, mention.start + QUOTE_LENGTH)
    if end - start < 2:
        if end < len(text) and _EDGE.match(text[end]):
            end = min(end + 2, len(text))
        elif start > 0 and _EDGE.match(text[start - 1]):
            start -= 1
    return text[start:end].strip()
