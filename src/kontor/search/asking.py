"""What somebody asks for: the words of a query as wishes, each with the tokens that fulfil it and how well they do."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from kontor.i18n.text import LANGUAGES
from kontor.search.spelling import HAN, fold, runs, simplified, spellings, syllables, whole_key
from kontor.search.tokens import LONGEST, pairs
from kontor.topics.analysis import find_concepts, query_tokens, vocabulary
from kontor.topics.analysis import tokens as analysed

LONGEST_QUERY = 200
MOST_WISHES = 8
NAME, NAME_BEGINS, CONCEPT, INITIALS, PLACE, PLACE_BEGINS, WORD = 10.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0
"""how much a word of the query is worth that stands in a name, begins one, …; a concept times its nearness"""
SURE = 0.9
"""from this sureness on several words are one concept"""
BROADER = 0.35
"""nearness of the concept above: whoever seeks power semiconductors may like power electronics"""
BESIDE = 0.2
"""nearness of what stands beside it, below the same concept: power modules"""
NEAR = 3.0
"""from this worth on a wish is well fulfilled"""
MOST_LABELS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to fulfil a wish: all these tokens are there, or begin one where `is_beginning` for the last of them."""

    tokens: tuple[str, ...]
    worth: float
    is_beginning: bool = False
    concept: str = ""
    """id of the concept through which it finds"""

    def fits(self, tokens: str) -> bool:
        """Whether a document with these tokens, with a space around each, fulfils it."""
        *whole, last = self.tokens
        end = "" if self.is_beginning else " "
        return f" {last}{end}" in tokens and all(f" {token} " in tokens for token in whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Some words of the query that belong together, and the ways to fulfil them, the best first."""

    words: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A whole query: every wish counts; a document whose whole name it is comes first."""

    wishes: tuple[Wish, ...]
    whole: str
    """the token of a name that is the query itself; empty for an empty query"""


@lru_cache(maxsize=2_048)
def read_query(text: str, *, is_typing: bool = False) -> Asked:
    """Concepts first, then the words between them; while somebody types, the last word may be unfinished."""
    text = simplified(" ".join(text.split())[:LONGEST_QUERY])
    key = whole_key(text)
    if not key:
        return Asked(wishes=(), whole="")
    wishes: list[Wish] = []
    rest = text
    for found in find_concepts(text):
        quote = found.quote.strip()
        # Of 'Müller Optik' only one word may be meant as the concept: such words stay wishes of their own.
        is_one = found.sureness >= SURE or len(list(runs(quote))) == 1
        if is_one and quote in rest:
            wishes.append(_wish_for(quote, is_typing=is_typing and text.endswith(quote)))
            rest = rest.replace(quote, " ", 1)
    for word in runs(rest):
        wish = _wish_for(word, is_typing=is_typing and (len(word) > 2 or text.casefold().endswith(word)))
        if wish.ways:
            wishes.append(wish)
    return Asked(wishes=tuple(wishes[:MOST_WISHES]), whole=f"x{key}"[:LONGEST])


def _wish_for(words: str, *, is_typing: bool) -> Wish:
    """Words that stand together: in a name, in a place, through a concept, in a text."""
    parts = list(runs(words))
    ways = list(_everywhere(tuple(token for part in parts for token in _name_tokens(part))))
    if len(parts) == 1 and not HAN.match(parts[0]):
        ways += _other_spellings(parts[0])
    ways += _ways_through_concepts(words)
    if stems := analysed(words).stems:
        ways.append(Way(tokens=tuple(f"w{stem}" for stem in stems), worth=WORD))
    if is_typing:
        ways += [way for part in parts[-1:] for way in _ways_while_typing(part)]
        ways += _ways_by_label(words)
    return _wish(words, ways)


def _other_spellings(word: str) -> Iterator[Way]:
    """A Latin word in its other spellings, as pinyin of several syllables, as the initials of a Chinese name."""
    forms = spellings(word)
    for form in forms:
        yield from _everywhere((form,))
        if len(cut := syllables(form)) > 2:
            yield from _everywhere(tuple(pairs(cut)))
    if forms and 1 < len(forms[0]) <= 8 and not syllables(forms[-1]):
        yield Way(tokens=(f"i{forms[0]}",), worth=INITIALS, is_beginning=True)


def _ways_through_concepts(words: str) -> Iterator[Way]:
    named: list[str] = []
    for token in query_tokens(words):
        place, name = token.key.split(":", 1)
        if place != "w":
            yield Way(tokens=(place + name,), worth=CONCEPT * token.weight, concept=name)
        if place == "b":
            named.append(name)
    yield from _ways_above(named)


def _everywhere(tokens: tuple[str, ...]) -> Iterator[Way]:
    for letter, worth in (("n", NAME), ("p", PLACE)):
        if tokens:
            yield Way(tokens=tuple(letter + token for token in tokens), worth=worth)


def _name_tokens(word: str) -> tuple[str, ...]:
    """The tokens that all stand in a name that has this word."""
    if HAN.match(word):
        return tuple(pairs(word)) if len(word) > 1 else (word,)
    return spellings(word)[:1]


def _ways_above(named: Sequence[str]) -> Iterator[Way]:
    known = vocabulary()
    for name in named:
        above = known[name].broader if name in known else None
        if above is not None and known[above].broader is not None:
            yield Way(tokens=(f"c{above}",), worth=CONCEPT * BROADER, concept=above)
            yield Way(tokens=(f"b{above}",), worth=CONCEPT * BESIDE, concept=above)


def _ways_while_typing(word: str) -> Iterator[Way]:
    if HAN.match(word):
        if len(word) == 1:
            yield Way(tokens=(f"n{word}",), worth=NAME_BEGINS, is_beginning=True)
        return
    for form in spellings(word):
        yield Way(tokens=(f"n{form}",), worth=NAME_BEGINS, is_beginning=True)
        yield Way(tokens=(f"p{form}",), worth=PLACE_BEGINS, is_beginning=True)
        if tokens := _unfinished_pinyin(form):
            yield Way(tokens=tuple(f"n{token}" for token in tokens), worth=NAME_BEGINS, is_beginning=True)


def _unfinished_pinyin(form: str) -> tuple[str, ...]:
    """'shandongxiny' → shandong, dongxin, xiny…: pairs of syllables, the last one unfinished; empty if it is shorter."""
    for end in range(len(form), max(2, len(form) - 5), -1):
        cut = syllables(form[:end])
        if len(cut) > 1:
            return (*pairs(cut), cut[-1] + form[end:]) if form[end:] else tuple(pairs(cut))
    return ()


def _ways_by_label(text: str) -> Iterator[Way]:
    """Concepts whose label begins with what was typed."""
    start = fold(simplified(text))
    if len(start) < (2 if HAN.match(start) else 3):
        return
    labels = _labels()
    seen: list[str] = []
    for label, concept in labels[bisect_left(labels, (start, "")) :]:
        if not label.startswith(start) or len(seen) == MOST_LABELS:
            break
        if concept not in seen:
            seen.append(concept)
            nearness = len(start) / len(label)
            yield Way(tokens=(f"c{concept}",), worth=NEAR + nearness, concept=concept)
            yield Way(tokens=(f"b{concept}",), worth=NEAR + nearness * 0.8, concept=concept)


@cache
def _labels() -> list[tuple[str, str]]:
    """Folded labels of all concepts in all languages, with their ids, in order."""
    return sorted(
        {
            (fold(simplified(label)), concept.id)
            for concept in vocabulary()
            for language in LANGUAGES
            for label in concept.labels[language]
        }
    )


def _wish(words: str, ways: Sequence[Way]) -> Wish:
    best: dict[tuple[tuple[str, ...], bool], Way] = {}
    for way in ways:
        known = best.get((way.tokens, way.is_beginning))
        if known is None or known.worth < way.worth:
            best[way.tokens, way.is_beginning] = way
    cut = [
        Way(
            tokens=tuple(token[:LONGEST] for token in way.tokens),
            worth=way.worth,
            is_beginning=way.is_beginning,
            concept=way.concept,
        )
        for way in best.values()
    ]
    return Wish(words=words, ways=tuple(sorted(cut, key=lambda way: (-way.worth, way.tokens))))
