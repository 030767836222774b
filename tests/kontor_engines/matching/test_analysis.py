"""What the analysis finds in German, English and Chinese texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor_engines.matching import analyse


def named(text, lexicon, language=None):
    found = analyse(text, lexicon, language=language).mentions
    return {lexicon.ids[m.concepts[0][0]]: text[m.start : m.end] for m in found if m.concepts}


def words(text, lexicon, language=None):
    return [m.word for m in analyse(text, lexicon, language=language).mentions if m.word and not m.concepts]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        # inflected, compound and open forms
        ("Wir bieten Leistungshalbleitern an", "de", {"power-semiconductor": "Leistungshalbleitern"}),
        (
            "Leistungs-Halbleiter-Bauelemente",
            "de",
            {"power-semiconductor": "Leistungs-Halbleiter-Bauelemente"},
        ),
        ("LASERSCHWEISSEN", "de", {"laser-welding": "LASERSCHWEISSEN"}),
        ("Kuenstliche Intelligenz", "de", {"ai": "Kuenstliche Intelligenz"}),
        # a decomposed umlaut and a soft hyphen
        ("Ku\u0308nstliche Intelli\u00adgenz", "de", {"ai": "Ku\u0308nstliche Intelli\u00adgenz"}),
        ("Mess- und Regeltechnik", "de", {"measurement": "Mess-", "control": "Regeltechnik"}),
        ("Leistungselektroniklösungen", "de", {"power-electronics": "Leistungselektroniklösungen"}),
        ("power semi-conductors", "en", {"power-semiconductor": "power semi-conductors"}),
        ("Light emitting diodes", "en", {"led": "Light emitting diodes"}),
        # foreign words in a text
        ("Wir suchen Power Electronics", "de", {"power-electronics": "Power Electronics"}),
        ("我们提供power semiconductor研发", "zh", {"power-semiconductor": "power semiconductor"}),
        # traditional characters, spaces, full width, the longest label
        ("功率半導體", "zh", {"power-semiconductor": "功率半導體"}),
        ("ＣＡＮ 总线", "zh", {"can-bus": "ＣＡＮ 总线"}),
        ("軟體", "zh", {"software": "軟體"}),
    ],
)
def test_labels_are_found_in_every_spelling(text, language, expected, lexicon):
    assert named(text, lexicon, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Prüfstände und Systeme", "de", {"test-bench": "Prüfstände", "station": "Systeme"}),
        ("Stationen", "de", {"station": "Stationen"}),
        ("Prozesse", "de", {"station": "Prozesse"}),
        ("Messen", "de", {"trade-fair": "Messen"}),
        ("Messer", "de", {"knife": "Messer"}),
        ("lenses", "en", {"knife": "lenses"}),
    ],
)
def test_singular_and_plural_are_one_and_a_word_as_it_is_goes_first(text, language, expected, lexicon):
    assert named(text, lexicon, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Schneereifen", "de", {"tyre"}),
        ("Erfolgsfaktoren", "de", set()),  # what stands before "Aktor" is no word
        ("Profitsicherheit und Kreditsicherheit", "de", set()),  # "IT-Sicherheit" is a whole
        ("ITSicherheit", "de", {"it-security"}),
        ("Steuerreifen", "en", {"tyre"}),  # nothing tells the language of one word …
    ],
)
def test_a_compound_names_its_parts_if_all_of_them_are_words(text, language, expected, lexicon):
    assert set(named(text, lexicon, None if language == "en" else language)) == expected


@pytest.mark.parametrize(
    "form",
    [
        "Füllstandsmessung", "Deutschkurse", "Kosmetika", "Prismen", "Forschungszentren", "Automatismen",
        "Photographie",
    ],
)  # fmt: skip
def test_plurals_linking_letters_and_spellings_of_german_name_the_same_concept(form, lexicon):
    assert named(f"Wir suchen {form}", lexicon, "de") == {"filling-level": form}


def test_a_general_head_leaves_the_longer_chinese_label_whole(lexicon):
    assert named("激光焊接研发", lexicon, "zh") == {"laser-welding": "激光焊接"}
    assert named("焊接研发", lexicon, "zh") == {"welding-research": "焊接研发"}


def test_english_words_are_not_split_like_german_ones(lexicon):
    assert named("we tested the softwarereifen of the firm", lexicon, "en") == {}


def test_a_chinese_label_does_not_cut_two_words(lexicon):
    assert named("国产软件", lexicon, "zh") == {"it-security": "国产", "software": "软件"}
    assert named("中国产品", lexicon, "zh") == {}


def test_a_generic_word_is_a_topic_only_where_nothing_else_is(lexicon):
    assert words("Solutions", lexicon, "en") == ["solution"]
    assert words("we offer solutions", lexicon, "en") == []


def test_a_label_of_everyday_words_is_quiet_in_every_language_but_an_acronym_is_not(lexicon):
    def generic(text, language):
        return [mention.is_generic for mention in analyse(text, lexicon, language=language).mentions]

    assert generic("customers, software", "en") == [True, False]
    assert generic("寻找客户、软件", "zh") == [True, False]
    assert generic("IT security, CAN", "en") == [False, False]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("we can offer CAN", "en", {"can-bus": "CAN"}),
        ("LEDs", "en", {"led": "LEDs"}),
        ("wir messung", "de", {"measurement": "messung"}),  # nobody uses capitals here
        ("Wir zelle Software", "de", {"software": "Software"}),  # a noun has its capital
    ],
)
def test_acronyms_and_nouns_are_told_by_their_capitals(text, language, expected, lexicon):
    assert named(text, lexicon, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Wir suchen Software, aber keine Leistungselektronik", "de", {"software"}),
        ("Leistungselektronik bieten wir nicht an. Kupfer", "de", {"copper"}),
        ("nicht nur Software", "de", {"software"}),
        ("software without artificial intelligence", "en", {"software"}),
        ("不需要软件、铜，功率半导体", "zh", {"power-semiconductor"}),
    ],
)
def test_what_is_denied_is_not_named(text, language, expected, lexicon):
    assert set(named(text, lexicon, language)) == expected


def test_a_label_of_one_character_counts_only_as_an_item_of_its_own(lexicon):
    assert named("铜、软件", lexicon, "zh") == {"copper": "铜", "software": "软件"}
    assert named("主营铜研发", lexicon, "zh") == {"copper": "铜"}
    assert "copper" not in named("铜陵", lexicon, "zh")


def test_the_rest_of_the_text_decides_a_shared_label(lexicon):
    assert named("cell, living tissue", lexicon, "en") == {"cell-biology": "cell"}
    assert named("cell for battery packs", lexicon, "en") == {"cell-battery": "cell"}


def test_words_outside_the_vocabulary_stay_and_empty_words_do_not(lexicon):
    assert words("Wir bieten Kunden Wankelmotoren", lexicon, "de") == words(
        "we offer wankelmotors", lexicon, "en"
    )
    assert words("我们提供解决方案", lexicon, "zh") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [("Wir suchen die Firma", "de"), ("the firm and we", "en"), ("功率半导体 for you", "zh"), ("", "en")],
)
def test_the_language_is_detected(text, language, lexicon):
    assert analyse(text, lexicon).language == language


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=200)
    | st.text("Leistungs-Halbleiter 功率半导体和 CANcan\u200b\u0308\u202e🙂,.", max_size=60)
)
def test_any_text_is_read_and_mentions_lie_in_it_in_order(lexicon, text):
    mentions = analyse(text, lexicon).mentions
    places = [0, *(place for mention in mentions for place in (mention.start, mention.end)), len(text)]
    assert places == sorted(places)
    assert all(mention.start < mention.end for mention in mentions)


@pytest.mark.parametrize(
    "piece", ["功率半导体和", "Leistungshalbleiter, ", "x", "电", "不", "🙂\u202e", "- "]
)
def test_a_hundred_thousand_characters_are_read(piece, lexicon):
    text = (piece * 100_000)[:100_000]
    assert all(mention.end <= 100_000 for mention in analyse(text, lexicon).mentions)
