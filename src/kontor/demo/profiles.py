"""Offers and wishes composed from all fields of the vocabulary; vague, wrong and boastful ones among them."""

import random
from collections.abc import Sequence
from functools import cache

from kontor.demo.people import load
from kontor.i18n import Text
from kontor.topics.analysis import vocabulary
from kontor.topics.vocabulary import Concept

POPULAR = 40
"""concepts of a field that most people talk about; without them nobody would find anybody"""


@cache
def concepts_of(field: str) -> tuple[Concept, ...]:
    """The concepts below a field, in the order of the vocabulary."""
    known = vocabulary()
    return tuple(known.below(field))


@cache
def _popular(field: str) -> list[Concept]:
    """Those that people have most words for: what is talked about most."""
    return sorted(concepts_of(field), key=lambda one: -sum(map(len, one.labels.values())))[:POPULAR]


def _pick(rnd: random.Random, field: str, number: int) -> list[Concept]:
    concepts, popular = concepts_of(field), _popular(field)
    return [rnd.choice(popular if rnd.random() < 0.8 else concepts) for _ in range(number)]


def _word(rnd: random.Random, concept: Concept, language: str) -> str:
    labels: Sequence[str] = concept.labels[language]
    return labels[0] if rnd.random() < 0.7 else rnd.choice(labels)


def compose(rnd: random.Random, *, field: str, side: str, language: str) -> Text:
    """One text of a side (offers or seeks) in one language; about a tenth say little or too much."""
    frames = load("sentences")[language]
    draw = rnd.random()
    if draw < 0.04:
        return Text.of(language, **{language: rnd.choice(frames["vague"])})
    if draw < 0.06:
        return Text.of(language, **{language: rnd.choice(frames["wrong"])})
    frame = rnd.choice(frames["boastful"] if draw < 0.09 and side == "offers" else frames[side])
    words = [_word(rnd, concept, language) for concept in _pick(rnd, field, 3)]
    if rnd.random() < 0.06:  # a German brochure word in a Chinese text, an English one in a German text
        words[1] = _word(rnd, _pick(rnd, field, 1)[0], "en")
    return Text.of(language, **{language: frame.format(a=words[0], b=words[1], c=words[2])})
