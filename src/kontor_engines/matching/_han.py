"""Labels and unknown terms in the Chinese part of a text."""

import re
from collections.abc import Iterator
from functools import lru_cache

from kontor_engines.matching._lexicon import Lexicon
from kontor_engines.matching._pieces import CLAUSE_END, Piece, mentions_of_run
from kontor_engines.matching._text import HAN_RUN, HanText, han_text
from kontor_engines.matching._types import Mention

_LONGEST_TERM = 8
_DENIED = 24
_DELIMITER = re.compile(r"[\s、，,;；。./()（）+&|:：“”\"'《》·和与及或跟]")
_STRETCH = re.compile(f"(?:{HAN_RUN.pattern[:-1]}){{1,200}}")  # longer ones cost more than they tell
_CUTTING = frozenset("的和与及或等在是对")  # other small characters are too often parts of words
# Costs of covering a Chinese text: known labels are cheap, many short pieces dear, unknown characters dearest.
_GENERIC_COST, _LABEL_COST, _PLAIN_COST, _SINGLE_COST, _UNKNOWN_COST = 0.45, 0.5, 0.6, 0.95, 1.0


def han_mentions(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    normal = han_text(text, lexicon.table)
    run: list[Piece] = []
    for piece in _han_pieces(normal, lexicon):
        says_something = bool(piece.concepts or piece.word)
        if run and (piece.start != run[-1].end or not says_something or piece.is_generic):
            yield from mentions_of_run(run, text=text)
            run = []
        if says_something and piece.is_generic:
            yield from mentions_of_run([piece], text=text)
        elif says_something:
            run.append(piece)
    if run:
        yield from mentions_of_run(run, text=text)


def _han_pieces(normal: HanText, lexicon: Lexicon) -> Iterator[Piece]:
    """The pieces of the covering, without what is denied; unknown stretches without punctuation."""
    pieces = _cover(normal.text, lexicon)
    denied_until = -1
    for number, (start, end) in enumerate(pieces):
        piece = normal.text[start:end]
        if start < denied_until and (stop := CLAUSE_END.search(piece)):
            denied_until = start + stop.start()
        if piece in lexicon.words["zh"].negation:
            denied_until = end + _DENIED
        concepts = lexicon.han.get(piece)
        is_label = concepts is not None and (
            len(piece) > 1 or _stands_alone(normal.text, pieces, number, lexicon)
        )
        if concepts is not None and is_label:
            if start >= denied_until:
                is_generic = _is_plain(piece, lexicon)
                named = tuple((concept, 1.0) for concept in concepts)
                yield Piece(*normal.span(start, end), named, "", joins_next=True, is_generic=is_generic)
        elif piece in lexicon.plain_han:
            yield Piece(*normal.span(start, end), (), "", joins_next=False)
        else:
            for word, first, last in _unknown_words(piece, start, lexicon):
                if first >= denied_until:
                    yield Piece(*normal.span(first, last), (), word, joins_next=True)


def _unknown_words(piece: str, start: int, lexicon: Lexicon) -> Iterator[tuple[str, int, int]]:
    """The terms of a stretch without labels: whole where it is short, else cut into words."""
    for run in _STRETCH.finditer(piece):
        first = start + run.start()
        if len(run.group()) <= _LONGEST_TERM:
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
    generic = lexicon.words["zh"].generic
    word_ends = _word_ends(text)
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
                if length == 2 and place + 1 in word_ends:
                    continue  # the end of a word and the beginning of the next
                price = _LABEL_COST if length > 1 else _SINGLE_COST
            elif piece in lexicon.plain_han and (length > 1 or piece in _CUTTING):
                price = _PLAIN_COST if length > 1 else _SINGLE_COST
                if piece in generic:  # 激光焊接 + 设备, not 激光 + 焊接设备
                    price = _GENERIC_COST
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
    return text[piece[0] : piece[1]] in lexicon.plain_han or bool(_DELIMITER.match(text[character]))


@lru_cache(maxsize=16_384)
def _is_plain(label: str, lexicon: Lexicon) -> bool:
    """Whether a label says no more than everyday words: 进入 + 德国市场 is as quiet as "Markteintritt"."""
    return label in lexicon.plain_han or _is_made_of(label, lexicon.words["zh"].quiet)


def _is_made_of(label: str, words: frozenset[str]) -> bool:
    return label in words or any(
        label[:cut] in words and _is_made_of(label[cut:], words) for cut in range(2, len(label) - 1)
    )


@lru_cache(maxsize=16_384)
def _segmented(run: str) -> tuple[tuple[str, int], ...]:
    """Words of a run of Chinese characters and their places."""
    if len(run) == 1:
        return ((run, 0),)
    import jieba  # its dictionary is large, and many texts need none

    jieba.setLogLevel(60)
    pieces, place = [], 0
    for word in jieba.cut(run, HMM=False):
        pieces.append((word, place))
        place += len(word)
    return tuple(pieces)


def _word_ends(text: str) -> frozenset[int]:
    """The places inside runs of Chinese characters where a word ends and another one begins."""
    return frozenset(
        run.start() + place
        for run in _STRETCH.finditer(text)
        if len(run.group()) > 2
        for _, place in _segmented(run.group())
    )
