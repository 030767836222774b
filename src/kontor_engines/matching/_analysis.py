"""What a text says: which pieces name which concepts, and which words stand outside the vocabulary."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kontor_engines.matching._lexicon import ANY_CASE, NOUN, Entry, Lexicon, joined_key, stemmed_key
from kontor_engines.matching._text import (
    HAN_RUN,
    HanText,
    Word,
    common_stem,
    detect_language,
    han_text,
    stem_german,
    without_umlauts,
    words_of,
)
from kontor_engines.matching._types import Analysis, Mention

_MOST_WORDS = 7  # of an alphabetic label
_LONGEST_RUN = 5  # words and labels that are read as one unknown term
_LONGEST_HAN_TERM = 8
_LABEL_AS_HEAD = 0.85  # "robust sensors", "国产软件"
_LABEL_AS_MODIFIER = 0.5  # "sensor housing", "液压缸"
_GENERIC = 0.25
_GENERIC_HEAD = 0.95
_HEAD = 0.6  # "Steuergerätegehäuse" is a kind of what its head says
_MODIFIER = 0.35  # and has to do with what stands before
_SHORTEST_PART = 4
_CLAUSE_END = re.compile(r"[.,;:!?。，；：！？\n()]")
_CONTRAST = frozenset(("sondern", "aber", "jedoch", "but", "instead", "rather"))
_NOT_ONLY = frozenset(("nur", "only", "zuletzt", "allein", "just", "merely", "least"))
_DENIED_WORDS = 6
_DENIED_HAN = 24
_HAN_DELIMITER = re.compile(r"[\s、，,;；。./()（）+&|:：“”\"'《》·和与及或跟]")
_HAN_STRETCH = re.compile(f"(?:{HAN_RUN.pattern[:-1]}){{1,200}}")  # longer ones cost more than they tell
_CUTTING = frozenset("的和与及或等在是对")  # other small characters are too often parts of words
# Costs of covering a Chinese text: known labels are cheap, many short pieces dear, unknown characters dearest.
_LABEL_COST, _PLAIN_COST, _SINGLE_COST, _UNKNOWN_COST = 0.5, 0.6, 0.95, 1.0


def analyse(text: str, lexicon: Lexicon, *, language: str | None = None) -> Analysis:
    """Find every concept and every other telling word of a text.

    The longest label wins; where German, English and Chinese are mixed, each script and each language is looked
    up. A label that several concepts share is decided by the rest of the text. O(length of the text).
    """
    of = language or detect_language(text, {name: lists.function for name, lists in lexicon.words.items()})
    mentions: list[Mention] = []
    if HAN_RUN.search(text):
        mentions.extend(_han_mentions(text, lexicon))
    covered = sorted((mention.start, mention.end) for mention in mentions)
    words = [word for word in words_of(text) if not _is_inside(word.start, covered)]
    mentions.extend(_word_mentions(text, words, lexicon, of))
    mentions.sort(key=lambda mention: mention.start)
    return Analysis(language=of, mentions=tuple(_quietened(_decided(mentions, text, lexicon))))


def _is_inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    before = bisect_right(spans, (place, 1 << 60)) - 1
    return before >= 0 and spans[before][1] > place


# Alphabetic scripts -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Piece:
    """A label, a word outside the vocabulary, or (no concepts, no word) one that says nothing."""

    start: int
    end: int
    concepts: tuple[tuple[int, float], ...]
    word: str
    joins_next: bool
    is_generic: bool = False
    """Whether it is a label of words that every profile uses ("consulting")."""

    @property
    def is_label(self) -> bool:
        return not self.word


def _word_mentions(text: str, words: list[Word], lexicon: Lexicon, language: str) -> Iterator[Mention]:
    denied = _denied_spans(text, words, lexicon)
    is_plain = text == text.lower()  # nobody's capitals can be trusted then
    place = 0
    run: list[_Piece] = []
    while place < len(words):
        length, entries = _longest_label(words, place, lexicon, language, is_plain=is_plain)
        last = words[place + length - 1]
        if entries:
            concepts = tuple((concept, 1.0) for concept in dict.fromkeys(concept for concept, _ in entries))
            is_generic = all(lexicon.is_plain(word.folded) for word in words[place : place + length])
            piece = _Piece(words[place].start, last.end, concepts, "", last.joins_next, is_generic)
        else:
            piece = _single_word(words, place, lexicon)
        place += length
        says_something = bool(piece.concepts or piece.word) and not _is_inside(piece.start, denied)
        if says_something and not piece.is_generic:
            run.append(piece)
        if run and not (
            says_something and piece.joins_next and not piece.is_generic and len(run) < _LONGEST_RUN
        ):
            yield from _mentions_of_run(run, is_german=language == "de" and not is_plain, text=text)
            run = []
        if says_something and piece.is_generic:
            yield from _mentions_of_run([piece], text=text)


def _mentions_of_run(run: list[_Piece], *, text: str, is_german: bool = False) -> Iterator[Mention]:
    """Labels that stand alone name their concept; a label inside a longer unknown term only hints at it."""
    has_label = any(piece.is_label for piece in run)
    if is_german and has_label:
        # "robuste Sensoren": what is not written with a capital belongs to no noun.
        run = [piece for piece in run if piece.is_label or not text[piece.start].islower()]
    if all(piece.is_label for piece in run):
        for piece in run:
            yield Mention(
                start=piece.start, end=piece.end, concepts=piece.concepts, is_generic=piece.is_generic
            )
        return
    found: dict[int, float] = {}
    for piece in run:
        share = 1.0
        if piece.is_label:
            share = _LABEL_AS_HEAD if piece is run[-1] else _LABEL_AS_MODIFIER
        for concept, sureness in piece.concepts:
            found[concept] = max(found.get(concept, 0.0), share * sureness)
    concepts = tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
    start, end = run[0].start, run[-1].end
    yield Mention(start=start, end=end, concepts=concepts, word=_normal_term(text[start:end]))


def _normal_term(term: str) -> str:
    """One form for the same unknown term in every spelling."""
    if HAN_RUN.search(term):
        return "".join(term.split()).lower()
    return common_stem("".join([word.folded for word in words_of(term)]))


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
            labels = lexicon.latin[of]
            found = (*labels.get(stemmed_key(folded, of), ()), *labels.get(joined_key(folded, of), ()))
            if not found and of == "de":
                found = tuple(labels.get(stemmed_key([without_umlauts(word) for word in folded], of), ()))
            entries = [
                entry
                for entry in found
                if length > 1 or _looks_right(window[0], entry, lexicon, is_plain=is_plain)
            ]
            if entries:
                return length, entries
    return 1, []


def _looks_right(word: Word, entry: Entry, lexicon: Lexicon, *, is_plain: bool) -> bool:
    rule = entry[1]
    is_small = any(word.folded in lists.function for lists in lexicon.words.values())
    if rule in (ANY_CASE, NOUN):
        return not is_small and (rule == ANY_CASE or is_plain or not word.surface[0].islower())
    return word.surface.removesuffix("s") == rule.removesuffix("s") or (
        not is_small and (len(rule) > 2 or is_plain)
    )


def _single_word(words: list[Word], place: int, lexicon: Lexicon) -> _Piece:
    """A word that is no label itself: an ellipsis, a compound, or a word outside the vocabulary."""
    word = words[place]
    if word.is_elliptic and (concepts := _completed(words, place, lexicon)):
        return _Piece(word.start, word.end + 1, concepts, "", joins_next=False)
    concepts = _compound(word.folded, lexicon) if len(word.folded) >= 2 * _SHORTEST_PART else ()
    if concepts and concepts[0][1] == _GENERIC_HEAD:
        return _Piece(word.start, word.end, concepts, "", word.joins_next)
    is_word = len(word.folded) > 2 and not lexicon.is_plain(word.folded) and not word.folded.isdigit()
    if not is_word:
        return _Piece(word.start, word.end, (), "", joins_next=False)
    return _Piece(word.start, word.end, concepts, word.folded, word.joins_next)


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
    head = next(
        (e for cut in cuts if (e := labels.get(stem_german(folded[cut:]))) and len(folded) - cut > 3), ()
    )
    modifier = next((e for cut in reversed(cuts) if (e := labels.get(stem_german(folded[:cut])))), ())
    for entries, strength in ((head, _HEAD), (modifier, _MODIFIER)):
        for concept, rule in entries:
            if rule in (ANY_CASE, NOUN):
                found.setdefault(concept, strength)
    return tuple(found.items())


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
            if _CLAUSE_END.search(text, end, other.start) or other.folded in _CONTRAST:
                break
            end, reached = other.end, reached + 1
        start = word.start
        if reached < 3 and word.folded == "nicht":  # "… bieten wir nicht an"
            clause = [match.end() for match in _CLAUSE_END.finditer(text, max(0, start - 200), start)]
            start = clause[-1] if clause else max(0, start - 200)
        spans.append((start, end))
    return sorted(spans)


# Chinese ------------------------------------------------------------------------------------------------------


def _han_mentions(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    normal = han_text(text, lexicon.table)
    run: list[_Piece] = []
    for piece in _han_pieces(normal, lexicon):
        says_something = bool(piece.concepts or piece.word)
        if run and (piece.start != run[-1].end or not says_something or piece.is_generic):
            yield from _mentions_of_run(run, text=text)
            run = []
        if says_something and piece.is_generic:
            yield from _mentions_of_run([piece], text=text)
        elif says_something:
            run.append(piece)
    if run:
        yield from _mentions_of_run(run, text=text)


def _han_pieces(normal: HanText, lexicon: Lexicon) -> Iterator[_Piece]:
    """The pieces of the covering, without what is denied; unknown stretches without punctuation."""
    pieces = _cover(normal.text, lexicon)
    denied_until = -1
    for number, (start, end) in enumerate(pieces):
        piece = normal.text[start:end]
        if start < denied_until and (stop := _CLAUSE_END.search(piece)):
            denied_until = start + stop.start()
        if piece in lexicon.words["zh"].negation:
            denied_until = end + _DENIED_HAN
        concepts = lexicon.han.get(piece)
        is_label = concepts is not None and (
            len(piece) > 1 or _stands_alone(normal.text, pieces, number, lexicon)
        )
        if concepts is not None and is_label:
            if start >= denied_until:
                is_generic = piece in lexicon.plain_han
                named = tuple((concept, 1.0) for concept in concepts)
                yield _Piece(*normal.span(start, end), named, "", joins_next=True, is_generic=is_generic)
        elif piece in lexicon.plain_han:
            yield _Piece(*normal.span(start, end), (), "", joins_next=False)
        else:
            for word, first, last in _unknown_words(piece, start, lexicon):
                if first >= denied_until:
                    yield _Piece(*normal.span(first, last), (), word, joins_next=True)


def _unknown_words(piece: str, start: int, lexicon: Lexicon) -> Iterator[tuple[str, int, int]]:
    """The terms of a stretch without labels: whole where it is short, else cut into words."""
    for run in _HAN_STRETCH.finditer(piece):
        first = start + run.start()
        if len(run.group()) <= _LONGEST_HAN_TERM:
            if run.group() not in lexicon.plain_han:
                yield run.group(), first, first + len(run.group())
            continue
        for word, offset in _segmented(run.group()):
            if len(word) > 1 and word not in lexicon.plain_han:
                yield word, first + offset, first + offset + len(word)


def _cover(text: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Cut the text into labels, listed words and what remains, so that the least remains and the pieces are few.

    Dynamic programming over the end of the covered part; O(length of the text · labels per first character).
    """
    size = len(text)
    cost = [0.0] * (size + 1)
    step = [1] * (size + 1)
    known = [False] * (size + 1)
    cost[1:] = [float("inf")] * size
    for place in range(size):
        here = cost[place]
        if here + _UNKNOWN_COST < cost[place + 1]:
            cost[place + 1], step[place + 1], known[place + 1] = here + _UNKNOWN_COST, 1, False
        for length in lexicon.han_lengths.get(text[place], ()):
            end = place + length
            if end > size:
                continue
            piece = text[place:end]
            if piece in lexicon.han:
                price = _LABEL_COST if length > 1 else _SINGLE_COST
            elif piece in lexicon.plain_han and (length > 1 or piece in _CUTTING):
                price = _PLAIN_COST if length > 1 else _SINGLE_COST
            else:
                continue
            if here + price < cost[end] and not _cuts_word(text, place, end):
                cost[end], step[end], known[end] = here + price, length, True
    pieces: list[tuple[int, int]] = []
    end = size
    open_end: int | None = None
    while end > 0:
        start = end - step[end]
        if known[end]:
            if open_end is not None:
                pieces.append((end, open_end))
                open_end = None
            pieces.append((start, end))
        elif open_end is None:
            open_end = end
        end = start
    if open_end is not None:
        pieces.append((0, open_end))
    return pieces[::-1]


def _cuts_word(text: str, start: int, end: int) -> bool:
    """Whether a label would begin or end inside an alphabetic word ("ai" in "brain")."""

    def is_latin(char: str) -> bool:
        return char.isalnum() and not HAN_RUN.match(char)

    return (start > 0 and is_latin(text[start]) and is_latin(text[start - 1])) or (
        end < len(text) and is_latin(text[end - 1]) and is_latin(text[end])
    )


def _stands_alone(text: str, pieces: list[tuple[int, int]], number: int, lexicon: Lexicon) -> bool:
    """Whether a label of one character is an item of its own: between delimiters or words that are no topic."""
    start, end = pieces[number]
    before = number == 0 or _is_edge(text, pieces[number - 1], lexicon, character=start - 1)
    after = number + 1 == len(pieces) or _is_edge(text, pieces[number + 1], lexicon, character=end)
    return before and after


def _is_edge(text: str, piece: tuple[int, int], lexicon: Lexicon, *, character: int) -> bool:
    return text[piece[0] : piece[1]] in lexicon.plain_han or bool(_HAN_DELIMITER.match(text[character]))


@lru_cache(maxsize=16_384)
def _segmented(run: str) -> tuple[tuple[str, int], ...]:
    """Words of a run of Chinese characters and their places."""
    if len(run) <= 2:
        return ((run, 0),)
    import jieba

    jieba.setLogLevel(60)
    pieces, place = [], 0
    for word in jieba.cut(run, HMM=False):
        pieces.append((word, place))
        place += len(word)
    return tuple(pieces)


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


# Ambiguous labels ---------------------------------------------------------------------------------------------


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
