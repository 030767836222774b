"""The compiled vocabulary."""

import pytest

from kontor_engines.matching import analyse, load_lexicon


def test_a_stored_lexicon_reads_texts_as_before(lexicon):
    loaded = load_lexicon(lexicon.dump())
    text = "Leistungshalbleiter und CAN 功率半导体 cell for battery 铜 Wankelmotor"
    assert analyse(text, loaded) == analyse(text, lexicon)
    assert loaded.dump() == lexicon.dump()


def test_german_words_are_known_as_texts_spell_them_and_acronyms_are_none(lexicon):
    for known in (lexicon, load_lexicon(lexicon.dump())):
        assert [word for word in ("schnee", "groesse", "ufo", "schne") if known.is_german(word)] == [
            "schnee", "groesse",
        ]  # fmt: skip


def test_a_lexicon_of_another_version_is_refused():
    with pytest.raises(ValueError, match="not a compiled vocabulary"):
        load_lexicon(b"nonsense")


def test_paths_lead_to_the_field(lexicon):
    number = lexicon.index["power-semiconductor"]
    assert [lexicon.ids[above] for above in lexicon.path(number)] == [
        "power-semiconductor", "power-electronics", "electronics",
    ]  # fmt: skip
    assert lexicon.ids[lexicon.middle[number]] == "power-electronics"
    assert lexicon.ids[lexicon.top[number]] == "electronics"
