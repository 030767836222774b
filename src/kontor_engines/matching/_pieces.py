"""Pieces of a text, and how neighbouring ones together become mentions."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kontor_engines.matching._text import HAN_RUN, common_stem, words_of
from kontor_engines.matching._types import Mention

LONGEST_RUN = 5  # words and labels that are read as one unknown term
CLAUSE_END = re.compile(r"[.,;:!?。，；：！？\n()]")
_LABEL_AS_HEAD = 0.85  # "robust sensors", "国产软件"
_LABEL_AS_MODIFIER = 0.5  # "sensor housing", "液压缸"


@dataclass(frozen=True, slots=True)
class Piece:
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


def mentions_of_run(run: list[Piece], *, text: str, is_german: bool = False) -> Iterator[Mention]:
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
    yield Mention(start=start, end=end, concepts=concepts, word=normal_term(text[start:end]))


def normal_term(term: str) -> str:
    """One form for the same unknown term in every spelling."""
    if HAN_RUN.search(term):
        return "".join(term.split()).lower()
    return common_stem("".join([word.folded for word in words_of(term)]))


def is_inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a place lies in one of the spans, which are in order and do not overlap."""
    before = bisect_right(spans, (place, 1 << 60)) - 1
    return before >= 0 and spans[before][1] > place
