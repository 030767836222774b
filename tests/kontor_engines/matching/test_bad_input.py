"""Texts that nobody should write: an answer within the time, and never an exception."""

import random
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor_engines.matching import LANGUAGES, Profile, analyse, prepare, rank, stems

DRAW = random.Random(7)
NONSENSE = " ".join("".join(DRAW.choices(string.ascii_letters, k=7)) for _ in range(12_500))
HAN_NONSENSE = "".join(chr(DRAW.randrange(0x4E00, 0x9FA5)) for _ in range(100_000))
ODD = {
    "nonsense": NONSENSE,
    "Chinese nonsense": HAN_NONSENSE,
    "one word": "Leistungshalbleiter" * 5_000,
    "many compounds": "Steuergerätegehäuseprüfstand" * 2 + " Leistungshalbleiterkupfersoftware" * 3_000,
    "many negations": "kein nicht no without 不需要 " * 4_000,
    "mixed languages": "Wir suchen power electronics 功率半导体 und laser welding; " * 1_800,
    "right to left": "\u202eنحن نبحث עברית software\u202c " * 3_000,
    "zero width": "soft\u200bware\u200d \ufeff Kup\u00adfer " * 4_000,
    "emoji": "🙂👩\u200d🔬🇩🇪 LED " * 8_000,
    "combining marks": "a" + "\u0301" * 99_000,
    "hyphens": "Mess-" * 20_000,
    "brackets": "(" * 50_000 + ")" * 50_000,
    "lone surrogates": "\ud800 software \udfff " * 5_000,
    "control characters": "".join(map(chr, range(32))) * 3_000,
}


@pytest.mark.parametrize("name", ODD)
def test_a_hundred_thousand_characters_are_matched_within_seconds(name, lexicon):
    text = ODD[name][:100_000]
    pair = [Profile(id=name, offers="software", seeks="software") for name in "ab"]
    rank(prepare(pair, lexicon))  # what is compiled once does not count
    begun = time.process_time()
    prepared = prepare(
        [
            Profile(id="a", offers=text, seeks="software"),
            Profile(id="b", offers="software, Kupfer", seeks=text),
        ],
        lexicon,
    )
    rankings = rank(prepared)
    assert time.process_time() - begun < 20
    for ranking in rankings:
        assert all(0 < match.score <= 1 and match.reasons for match in ranking.matches)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([*LANGUAGES, None]), st.text(max_size=80), st.text(max_size=80)), max_size=5
    )
)
def test_any_texts_are_ranked_with_quotations_that_stand_in_them(lexicon, rows):
    profiles = [
        Profile(id=str(place), language=language, offers=offers, seeks=seeks)
        for place, (language, offers, seeks) in enumerate(rows)
    ]
    for ranking in rank(prepare(profiles, lexicon)):
        for match in ranking.matches:
            for reason in match.reasons:
                asker, other = profiles[int(ranking.id)], profiles[int(match.id)]
                seeker, offerer = (asker, other) if reason.direction == "forward" else (other, asker)
                assert reason.seek in seeker.seeks
                assert reason.offer in offerer.offers


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=120))
def test_any_text_has_stems_each_once(lexicon, text):
    found = stems(text, lexicon.table, frozenset())
    assert len(found) == len(set(found))
    assert all(found)


def test_empty_sides_match_nobody(lexicon):
    prepared = prepare([Profile(id="a"), Profile(id="b", offers=" \n", seeks="\u200b")], lexicon)
    assert [ranking.matches for ranking in rank(prepared)] == [(), ()]
    assert analyse("", lexicon).mentions == ()
