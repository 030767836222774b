"""Searching: the documents a reader may find, best first, each with the reason why it was found."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kontor.i18n import Text, content_language
from kontor.i18n.text import LANGUAGES
from kontor.search.asking import NAME, NAME_BEGINS, NEAR, Asked, Way, Wish, read_query
from kontor.search.matching_rows import All, Candidate, Expression, Some, Term, candidates
from kontor.search.models import SearchRow
from kontor.search.registry import kinds
from kontor.search.spelling import whole_key
from kontor.search.tokens import (
    LONGEST,
    audience_token,
    category_token,
    country_token,
    kind_token,
    words_of_name,
)

MOST_ROWS = 120
"""how many rows are looked at for a first page; later pages look at more"""
MOST_ROWS_TYPING = 60
MOST_SUGGESTIONS = 8


class Through(StrEnum):
    """Where the words of a query were met."""

    NAME = "name"
    OTHER_NAME = "other_name"
    CONCEPT = "concept"
    PLACE = "place"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one part of the query found a document."""

    words: str
    """of the query"""
    through: Through
    concept: str = ""
    """id of the concept, if it was one"""
    name: str = ""
    """the other name, if it was one"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document that was found, as a list shows it."""

    kind: str
    key: str
    title: Text
    place: Text
    country: str
    category: str
    address: tuple[str, ...]
    is_sample: bool
    reasons: tuple[Reason, ...]
    worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a reader limits the results to; empty: to nothing."""

    kind: str = ""
    country: str = ""
    category: str = ""
    topic: str = ""


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to a query."""

    hits: tuple[Hit, ...]
    has_more: bool
    kinds: tuple[str, ...] = ()
    """of all that was looked at, the most frequent first: what one may limit the results to"""
    countries: tuple[str, ...] = ()
    is_partial: bool = False
    """nothing fulfils every wish; these fulfil some"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    row: Candidate
    ways: tuple[Way | None, ...]
    worth: float


Audiences = Sequence[str] | None
"""of `registry.audiences_of(reader)`; None: of an operator, who finds everything"""


def search(
    text: str,
    *,
    audiences: Audiences,
    language: str,
    filters: Filters = NO_FILTERS,
    size: int = 20,
    skip: int = 0,
) -> Found:
    """The documents for a query in any language and spelling; at most three statements."""
    asked = read_query(text)
    fixed = _fixed(audiences, filters)
    levels = ((NAME, NEAR), (0.0,))
    wanted = skip + size + 1
    rows = max(MOST_ROWS, 3 * wanted)
    ranked = _rank(asked, fixed, language=language, levels=levels, wanted=wanted, rows=rows)
    whole = [one for one in ranked if _is_whole(one, asked)]
    is_partial = bool(ranked) and not whole
    ranked = whole or ranked
    return Found(
        hits=_hits(ranked[skip : skip + size], asked),
        has_more=len(ranked) > skip + size,
        kinds=_most_frequent(one.row.kind for one in ranked),
        countries=_most_frequent(one.row.country for one in ranked),
        is_partial=is_partial,
    )


def suggest(
    text: str,
    *,
    audiences: Audiences,
    language: str,
    filters: Filters = NO_FILTERS,
    size: int = MOST_SUGGESTIONS,
) -> Found:
    """The best documents while somebody types: the last word may be unfinished. Two or three statements."""
    asked = read_query(text, is_typing=True)
    levels = ((NAME, NAME_BEGINS), (NEAR,))
    ranked = _rank(
        asked,
        _fixed(audiences, filters),
        language=language,
        levels=levels,
        wanted=size,
        rows=MOST_ROWS_TYPING,
        is_typing=True,
    )
    return Found(
        hits=_hits(ranked[:size], asked),
        has_more=len(ranked) > size,
        kinds=_most_frequent(one.row.kind for one in ranked),
        countries=_most_frequent(one.row.country for one in ranked),
    )


def _most_frequent(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for value, _number in Counter(filter(None, values)).most_common())


def _fixed(audiences: Audiences, filters: Filters) -> list[Expression]:
    """What every result must fulfil: that this reader may find it, and the filters."""
    parts: list[Expression] = []
    if audiences is not None:
        parts.append(Some(parts=[Term(token=audience_token(one)) for one in audiences]))
    if filters.kind:
        parts.append(Term(token=kind_token(filters.kind)))
    if filters.country:
        parts.append(Term(token=country_token(filters.country)))
    if filters.category:
        parts.append(Term(token=category_token(filters.category)))
    if filters.topic:
        parts.append(Some(parts=[Term(token=f"c{filters.topic}"), Term(token=f"b{filters.topic}")]))
    return parts


def _rank(
    asked: Asked,
    fixed: Sequence[Expression],
    *,
    language: str,
    levels: Sequence[Sequence[float]],
    wanted: int,
    rows: int,
    is_typing: bool = False,
) -> list[_Ranked]:
    """Ask for the best ways first, and for weaker ones only until there are enough documents."""
    if not asked.whole:
        return []
    met: dict[int, Candidate] = {}
    asked_for: list[Expression] = []
    for group in levels:
        new = []
        for level in group:
            parts = [_wish(wish, level) for wish in asked.wishes]
            ways: list[Expression] = [Term(token=asked.whole)] if level == levels[0][0] else []
            if parts and all(part.parts for part in parts):
                ways.append(All(parts=parts))
            expression = All(parts=[Some(parts=ways), *fixed])
            if ways and expression not in asked_for:
                new.append(expression)
        if group == levels[-1] and group[-1] == 0.0 and (some := _some_wishes(asked)):
            new.append(All(parts=[some, *fixed]))
        asked_for += new
        if new:
            met |= {row.id: row for row in candidates(*new, limit=rows, is_typing=is_typing)}
        if len({(row.kind, row.key) for row in met.values()}) >= wanted:
            break
    return _ordered((_judge(row, asked) for row in met.values()), language=language)


def _some_wishes(asked: Asked) -> Some | None:
    """For the case that nothing fulfils every one of several wishes: whatever fulfils one of them well."""
    parts = [part for wish in asked.wishes if (part := _wish(wish, NEAR)).parts]
    return Some(parts=parts) if len(asked.wishes) > 1 and parts else None


def _is_whole(one: _Ranked, asked: Asked) -> bool:
    return f" {asked.whole} " in one.row.tokens or all(way is not None for way in one.ways)


def _wish(wish: Wish, level: float) -> Some:
    return Some(
        parts=[
            All(
                parts=[
                    *(Term(token=token) for token in way.tokens[:-1]),
                    Term(token=way.tokens[-1], is_beginning=way.is_beginning),
                ]
            )
            for way in wish.ways
            if way.worth >= level
        ]
    )


def _judge(row: Candidate, asked: Asked) -> _Ranked:
    """How well a row fulfils the wishes: the best way of each; a whole name beats everything, a short one a long one."""
    ways = tuple(next((way for way in wish.ways if way.fits(row.tokens)), None) for wish in asked.wishes)
    worth = sum(way.worth for way in ways if way is not None)
    if f" {asked.whole} " in row.tokens:
        worth += 5 * NAME
    in_name = sum(len(way.tokens) for way in ways if way is not None and way.tokens[0].startswith("n"))
    num_names = row.tokens.count(" n")
    return _Ranked(row=row, ways=ways, worth=worth + in_name / (num_names + 1))


def _ordered(rows: Iterable[_Ranked], *, language: str) -> list[_Ranked]:
    """One row per document, the best; in the reader's language where that makes no difference."""
    wanted = content_language(language)
    order = {name: number for number, name in enumerate(kinds())}
    best: dict[tuple[str, str], _Ranked] = {}
    for one in rows:
        known = best.get((one.row.kind, one.row.key))
        if known is None or _standing(one, wanted) > _standing(known, wanted):
            best[one.row.kind, one.row.key] = one
    return sorted(
        best.values(),
        key=lambda one: (-one.worth, order.get(one.row.kind, 0), one.row.sort_key, one.row.key),
    )


def _standing(one: _Ranked, language: str) -> tuple[float, bool, int]:
    return round(one.worth, 3), one.row.language == language, -LANGUAGES.index(one.row.language)


def _hits(ranked: Sequence[_Ranked], asked: Asked) -> tuple[Hit, ...]:
    """What the list shows of the chosen rows; one statement."""
    if not ranked:
        return ()
    rows = SearchRow.objects.defer("tokens").in_bulk([one.row.id for one in ranked])
    return tuple(_hit(rows[one.row.id], one, asked) for one in ranked if one.row.id in rows)


def _hit(row: SearchRow, ranked: _Ranked, asked: Asked) -> Hit:
    reasons = [
        _reason(row, wish.words, way)
        for wish, way in zip(asked.wishes, ranked.ways, strict=True)
        if way is not None
    ]
    if f" {asked.whole} " in ranked.row.tokens and (other := _name_that_is(row, asked.whole)):
        reasons.insert(0, Reason(words="", through=Through.OTHER_NAME, name=other))
    return Hit(
        kind=row.kind,
        key=row.key,
        title=row.title,
        place=row.place,
        country=row.country,
        category=row.category,
        address=tuple(row.address),
        is_sample=row.is_sample,
        reasons=tuple(dict.fromkeys(reasons)),
        worth=ranked.worth,
    )


def _reason(row: SearchRow, words: str, way: Way) -> Reason:
    if way.concept:
        return Reason(words=words, through=Through.CONCEPT, concept=way.concept)
    letter = way.tokens[0][:1]
    if letter == "p":
        return Reason(words=words, through=Through.PLACE)
    if letter == "w":
        return Reason(words=words, through=Through.TEXT)
    titles = [row.title.in_language(language) for language in LANGUAGES]
    if any(_names(text, way) for text in titles):
        return Reason(words=words, through=Through.NAME)
    other = next((name for name in row.names if _names(name, way)), "")
    return Reason(words=words, through=Through.OTHER_NAME if other else Through.NAME, name=other)


def _names(text: str, way: Way) -> bool:
    return way.fits("".join(f" n{word}" for word in words_of_name(text)) + " ")


def _name_that_is(row: SearchRow, whole: str) -> str:
    """The other name that is the whole query; empty if the title is."""
    if any(f"x{whole_key(row.title.in_language(language))}" == whole for language in LANGUAGES):
        return ""
    return next((name for name in row.names if f"x{whole_key(name)}"[:LONGEST] == whole), "")
