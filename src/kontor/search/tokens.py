"""Tokens of documents: a letter for where a word stands, and the word itself.

| x | a whole name | n | a word of a name | i | the initials of a Chinese name | p | a word of the place |
| c | a concept that is named | b | a concept above one | w | a word of a text | _ | who may find it, and filters |

All are letters, digits, `-`, `:` and `_`, so that neither database cuts them further.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from kontor.i18n.text import LANGUAGES
from kontor.search.registry import Document
from kontor.search.spelling import HAN, pinyin, runs, spellings, whole_key
from kontor.topics.analysis import tokens as analysed
from kontor.topics.analysis import vocabulary

LONGEST = 60
"""characters of a token; nobody types more of one word"""


def tokens_in_every_language(document: Document) -> frozenset[str]:
    """What does not hang on the language of a text: names and places in all spellings, topics, filters."""
    found = {category_token(document.category)} if document.category else set()
    if document.country:
        found.add(country_token(document.country))
    found.update(_names(document))
    place = document.place
    for text in (*(place.in_language(language) for language in LANGUAGES), *document.places):
        found.update(f"p{word}" for word in words_of_name(text))
    found.update(_topics(document.topics))
    return frozenset(token[:LONGEST] for token in found)


def tokens_in_language(document: Document, language: str) -> frozenset[str]:
    """What the title and the texts say in one language."""
    found: set[str] = set()
    for text in (document.title, *document.texts):
        found.update(_of_text(text.in_language(language), language))
    return frozenset(token[:LONGEST] for token in found)


def audience_token(audience: str) -> str:
    return f"_a:{audience}"


def kind_token(kind: str) -> str:
    return f"_k:{kind}"


def country_token(country: str) -> str:
    return f"_f:{country.casefold()}"


def category_token(category: str) -> str:
    return f"_t:{category.casefold()}"


def with_topics_above(topics: Iterable[str]) -> frozenset[str]:
    """The topics of the vocabulary among these, and all above them."""
    known = vocabulary()
    return frozenset(one.id for topic in topics if topic in known for one in known.path(topic))


def words_of_name(text: str) -> Iterator[str]:
    """Words with their spellings; for Chinese each character, each pair, each syllable and each pair of syllables."""
    for run in runs(text):
        if not HAN.match(run):
            yield from spellings(run)
            continue
        sounds = pinyin(run)
        yield from run
        yield from pairs(run)
        yield from sounds
        yield from pairs(sounds)


def pairs(parts: str | tuple[str, ...]) -> Iterator[str]:
    """Each part joined to the next."""
    for first, second in pairwise(parts):
        yield first + second


def _names(document: Document) -> Iterator[str]:
    title = document.title
    for text in (*(title.in_language(language) for language in LANGUAGES), *document.names):
        if not text:
            continue
        yield f"x{whole_key(text)}"[:LONGEST]
        yield from (f"n{word}" for word in words_of_name(text))
        yield from (f"i{initials}" for initials in _initials(text))
    for reading in document.readings:
        yield from (f"n{word}" for word in words_of_name(reading))


def _initials(text: str) -> Iterator[str]:
    for run in runs(text):
        if HAN.match(run) and len(run) > 1:
            yield "".join(sound[:1] for sound in pinyin(run))


def _topics(topics: Iterable[str]) -> Iterator[str]:
    known = vocabulary()
    for topic in topics:
        if topic in known:
            *above, concept = known.path(topic)
            yield f"c{concept.id}"
            yield from (f"b{one.id}" for one in above)


@lru_cache(maxsize=16_384)
def _of_text(text: str, language: str) -> frozenset[str]:
    """Concepts, what is above them, and the stems of all words; Chinese in pairs of characters."""
    if not text:
        return frozenset()
    found = analysed(text, language)
    return frozenset(_topics(found.concepts)) | {f"w{stem}" for stem in found.stems}
