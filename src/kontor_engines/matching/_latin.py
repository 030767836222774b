"""Labels, compounds and unknown terms in the alphabetic scripts of a text."""

from collections.abc import Iterator
from functools import lru_cache

from kontor_engines.matching._lexicon import (
    ANY_CASE,
    NOUN,
    WHOLE,
    Entry,
    Lexicon,
    exact_key,
    joined_key,
    stemmed_key,
)
from kontor_engines.matching._pieces import CLAUSE_END, LONGEST_RUN, Piece, is_inside, mentions_of_run
from kontor_engines.matching._text import Word, stem_german, without_umlauts
from kontor_engines.matching._types import Mention

_MOST_WORDS = 7  # of an alphabetic label
_GENERIC_HEAD = 0.95
_HEAD = 0.6  # "Steuergerätegehäuse" is a kind of what its head says
_MODIFIER = 0.35  # and has to do with what stands before
_SHORTEST_PART = 4
_LINKS = ("s", "es", "n", "en", "er", "e")
_CONTRAST = frozenset(("sondern", "aber", "jedoch", "but", "instead", "rather"))
_NOT_ONLY = frozenset(("nur", "only", "zuletzt", "allein", "just", "merely", "least"))
_DENIED_WORDS = 6


def word_mentions(
    text: str, words: list[Word], lexicon: Lexicon, language: str, *, splits: bool
) -> Iterator[Mention]:
    """What the alphabetic words of a text name; `splits`: unknown words may be German compounds."""
    denied = _denied_spans(text, words, lexicon)
    is_plain = text == text.lower()  # nobody's capitals can be trusted then
    place = 0
    run: list[Piece] = []
    while place < len(words):
        length, entries = _longest_label(words, place, lexicon, language, is_plain=is_plain)
        last = words[place + length - 1]
        if length == 1 and last.is_elliptic and (completed := _completed(words, place, lexicon)):
            piece = Piece(last.start, last.end + 1, completed, "", joins_next=False)
        elif entries:
            concepts = tuple((concept, 1.0) for concept in dict.fromkeys(concept for concept, _ in entries))
            is_generic = all(rule in (ANY_CASE, NOUN) for _, rule in entries) and all(
                lexicon.is_plain(word.folded) for word in words[place : place + length]
            )  # acronyms say something though they look like small words: "LED", "IT consulting"
            piece = Piece(words[place].start, last.end, concepts, "", last.joins_next, is_generic)
        else:
            piece = _single_word(words, place, lexicon, splits=splits)
        place += length
        says_something = bool(piece.concepts or piece.word) and not is_inside(piece.start, denied)
        if says_something and not piece.is_generic:
            run.append(piece)
        if run and not (
            says_something and piece.joins_next and not piece.is_generic and len(run) < LONGEST_RUN
        ):
            yield from mentions_of_run(run, is_german=language == "de" and not is_plain, text=text)
            run = []
        if says_something and piece.is_generic:
            yield from mentions_of_run([piece], text=text)


def _longest_label(
    words: list[Word], place: int, lexicon: Lexicon, language: str, *, is_plain: bool
) -> tuple[int, list[Entry]]:
    """Number of words and concepts of the longest label that begins here."""
    window = [words[place]]
    while len(window) < _MOST_WORDS and window[-1].joins_next and place + len(window) < len(words):
        following = words[place + len(window)]
        window.append(following)
    own = ("en", "de") if language == "zh" else (language,)
    foreign = tuple(other for other in ("de", "en") if other not in own)
    for length in range(len(window), 0, -1):
        folded = [word.folded for word in window[:length]]
        for of in (*own, *foreign):
            if of in foreign and length == 1 and len(folded[0]) < 5 and not window[0].surface.isupper():
                continue
            found = _entries(folded, of, lexicon)
            entries = [
                entry
                for entry in found
                if length > 1 or _looks_right(window[0], entry, lexicon, is_plain=is_plain)
            ]
            if entries:
                return length, entries
    return 1, []


def _entries(folded: list[str], language: str, lexicon: Lexicon) -> tuple[Entry, ...]:
    """The labels that these words are; a word as it is goes before others with its stem."""
    labels = lexicon.latin[language]
    if len(folded) == 1 and (exact := labels.get(exact_key(folded[0]))):
        return exact
    keys = stemmed_key(folded, language), joined_key(folded, language)
    found = (*labels.get(keys[0], ()), *labels.get(keys[1], ()))
    if not found and language == "de":  # a plural with umlaut: "Prüfstände"
        found = tuple(labels.get(without_umlauts(keys[0]), ()))
    return found


def _looks_right(word: Word, entry: Entry, lexicon: Lexicon, *, is_plain: bool) -> bool:
    rule = entry[1]
    is_small = any(word.folded in lists.function for lists in lexicon.words.values())
    if rule in (ANY_CASE, NOUN, WHOLE):
        return not is_small and (rule != NOUN or is_plain or not word.surface[0].islower())
    return word.surface.removesuffix("s") == rule.removesuffix("s") or (
        not is_small and (len(rule) > 2 or is_plain)
    )


def _single_word(words: list[Word], place: int, lexicon: Lexicon, *, splits: bool) -> Piece:
    """A word that is no label itself: a compound, or a word outside the vocabulary."""
    word = words[place]
    concepts = _compound(word.folded, lexicon) if splits and len(word.folded) >= 2 * _SHORTEST_PART else ()
    if concepts and concepts[0][1] == _GENERIC_HEAD:
        return Piece(word.start, word.end, concepts, "", word.joins_next)
    is_word = len(word.folded) > 2 and not lexicon.is_plain(word.folded) and not word.folded.isdigit()
    if not is_word:
        return Piece(word.start, word.end, (), "", joins_next=False)
    return Piece(word.start, word.end, concepts, word.folded, word.joins_next)


def _completed(words: list[Word], place: int, lexicon: Lexicon) -> tuple[tuple[int, float], ...]:
    """The concept of "Mess-" in "Mess- und Regeltechnik": the shortest tail of a following word that fits."""
    for following in words[place + 1 : place + 4]:
        if following.is_elliptic or following.folded in lexicon.words["de"].function:
            continue
        for cut in range(len(following.folded) - 3, 1, -1):
            key = stem_german(words[place].folded + following.folded[cut:])
            if entries := lexicon.latin["de"].get(key):
                return tuple((concept, 1.0) for concept, _ in entries)
        return ()
    return ()


@lru_cache(maxsize=65_536)
def _compound(folded: str, lexicon: Lexicon) -> tuple[tuple[int, float], ...]:
    """Concepts of the parts of a German compound: the longest head and the longest modifier that are labels."""
    labels, generic = lexicon.latin["de"], lexicon.words["de"].generic
    found: dict[int, float] = {}
    cuts = range(_SHORTEST_PART, len(folded) - 2)
    for cut in reversed(cuts):
        if folded[cut:] in generic and (entries := labels.get(stem_german(folded[:cut]))):
            return tuple((concept, _GENERIC_HEAD) for concept, _ in entries)
    for spelling in _other_links(folded):
        if concepts := _parts(spelling, lexicon):
            return tuple((concept, _GENERIC_HEAD) for concept in concepts)
    # The other part has to be a word too: "Erfolgsfaktor" is no "Aktor".
    head = next(
        (
            concepts
            for cut in cuts
            if (concepts := _parts(folded[cut:], lexicon)) and _is_word(folded[:cut], lexicon)
        ),
        (),
    )
    modifier = next(
        (
            concepts
            for cut in reversed(cuts)
            if (concepts := _parts(folded[:cut], lexicon)) and _is_word(folded[cut:], lexicon)
        ),
        (),
    )
    for named, strength in ((head, _HEAD), (modifier, _MODIFIER)):
        for concept in named:
            found.setdefault(concept, strength)
    return tuple(found.items())


def _other_links(folded: str) -> Iterator[str]:
    """The compound with one linking s more or less: "Füllstandmessung" and "Füllstandsmessung" are one word."""
    for place in range(_SHORTEST_PART, len(folded) - _SHORTEST_PART + 1):
        yield f"{folded[:place]}s{folded[place:]}"
        if folded[place] == "s":
            yield folded[:place] + folded[place + 1 :]


def _parts(part: str, lexicon: Lexicon) -> tuple[int, ...]:
    """The concepts that a part of a compound names."""
    labels = lexicon.latin["de"]
    entries = labels.get(exact_key(part)) or labels.get(stem_german(part)) or ()
    return tuple(concept for concept, rule in entries if rule in (ANY_CASE, NOUN))


@lru_cache(maxsize=65_536)
def _is_word(part: str, lexicon: Lexicon) -> bool:
    """Whether a part of a compound, less what links it to the next one, is a German word or two."""
    forms = {part, part + "e", *(part.removesuffix(link) for link in _LINKS)}
    forms = {form for form in forms if len(form) >= 3}
    labels = lexicon.latin["de"]
    return any(
        lexicon.is_plain(form) or labels.get(exact_key(form)) or lexicon.is_german(form) for form in forms
    )


def _denied_spans(text: str, words: list[Word], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Places of the text that a negation reaches: the rest of its clause, or all of it where it ends the clause."""
    negation = lexicon.words["de"].negation | lexicon.words["en"].negation
    spans = []
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else None
        if word.folded not in negation or (following is not None and following.folded in _NOT_ONLY):
            continue
        end, reached = word.end, 0
        for other in words[place + 1 : place + 1 + _DENIED_WORDS]:
            if CLAUSE_END.search(text, end, other.start) or other.folded in _CONTRAST:
                break
            end, reached = other.end, reached + 1
        start = word.start
        if reached < 3 and word.folded == "nicht":  # "… bieten wir nicht an"
            clause = [match.end() for match in CLAUSE_END.finditer(text, max(0, start - 200), start)]
            start = clause[-1] if clause else max(0, start - 200)
        spans.append((start, end))
    return sorted(spans)
