"""What a text says: which pieces name which concepts, and which words stand outside the vocabulary."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from kontor_engines.matching._han import han_mentions
from kontor_engines.matching._latin import word_mentions
from kontor_engines.matching._lexicon import Lexicon
from kontor_engines.matching._pieces import is_inside, normal_term
from kontor_engines.matching._text import HAN_RUN, detect_language, fold, words_of
from kontor_engines.matching._types import Analysis, Mention

_GENERIC = 0.25
_FEW_WORDS = 3


def analyse(text: str, lexicon: Lexicon, *, language: str | None = None) -> Analysis:
    """Find every concept and every other telling word of a text.

    The longest label wins; where German, English and Chinese are mixed, each script and each language is looked
    up. A label that several concepts share is decided by the rest of the text. O(length of the text).
    """
    of = language or detect_language(text, {name: lists.function for name, lists in lexicon.words.items()})
    mentions: list[Mention] = []
    if HAN_RUN.search(text):
        mentions.extend(han_mentions(text, lexicon))
    covered = sorted((mention.start, mention.end) for mention in mentions)
    words = [word for word in words_of(text) if not is_inside(word.start, covered)]
    # Nothing tells the language of a word or two: they may be German.
    splits = of == "de" or (language is None and of == "en" and len(words) <= _FEW_WORDS)
    mentions.extend(word_mentions(text, words, lexicon, of, splits=splits))
    if not mentions:
        mentions.extend(_lone_word(text, lexicon))
    mentions.sort(key=lambda mention: mention.start)
    return Analysis(language=of, mentions=tuple(_quietened(_decided(mentions, text, lexicon))))


def _lone_word(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    """A generic word that is the whole text is what the text is about ("research")."""
    word = text.strip(" \t\n.,;:!?。，；：！？")
    if fold(word) in _generic(lexicon):
        start = text.index(word)
        yield Mention(start=start, end=start + len(word), concepts=(), word=normal_term(word))


@lru_cache(maxsize=4)
def _generic(lexicon: Lexicon) -> frozenset[str]:
    return frozenset().union(*(lists.generic for lists in lexicon.words.values()))


def _quietened(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """ "Consulting on power semiconductors" is about semiconductors; "consulting" alone is about consulting."""
    found = list(mentions)
    has_topic = any(mention.concepts and not mention.is_generic for mention in found)
    for mention in found:
        if mention.is_generic and has_topic:
            quiet = tuple((concept, _GENERIC * sureness) for concept, sureness in mention.concepts)
            yield replace(mention, concepts=quiet)
        else:
            yield mention


def _decided(mentions: list[Mention], text: str, lexicon: Lexicon) -> Iterator[Mention]:
    """Prefer, for a label that several concepts share, the one whose field or hint the rest of the text names."""
    if all(len(mention.concepts) < 2 for mention in mentions):
        yield from mentions
        return
    fields: dict[int, float] = {}
    for mention in mentions:
        if len(mention.concepts) == 1:
            number = mention.concepts[0][0]
            fields[lexicon.top[number]] = fields.get(lexicon.top[number], 0.0) + 1.0
            fields[lexicon.middle[number]] = fields.get(lexicon.middle[number], 0.0) + 2.0
    folded = {word.folded for word in words_of(text)}
    for mention in mentions:
        if len(mention.concepts) < 2 or mention.concepts[0][1] != mention.concepts[1][1]:
            yield mention
            continue
        votes = {}
        for number, _ in mention.concepts:
            hint = lexicon.hints.get(number, frozenset())
            spoken = sum(1 for word in hint if word in folded or (len(word) == 2 and word in text))
            votes[number] = (
                3.0 * spoken + fields.get(lexicon.top[number], 0) + fields.get(lexicon.middle[number], 0)
            )
        best = max(votes.values())
        sure = [number for number in votes if votes[number] == best]
        weight = 1.0 if len(sure) == 1 else 0.8
        concepts = sorted(
            ((number, weight if number in sure else 0.4) for number in votes),
            key=lambda pair: (-pair[1], pair[0]),
        )
        yield replace(mention, concepts=tuple(concepts))
