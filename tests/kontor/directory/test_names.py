"""Names keep their parts and their own order; keys sort them and find candidates for one person."""

import pytest

from kontor.directory.names import (
    NameOrder,
    PersonName,
    candidate_key,
    display,
    display_other_script,
    identity_key,
    is_title,
    join_name,
    organisation_key,
    romanise,
    simplified,
    sort_key,
    split_name,
)

GIVEN, FAMILY = NameOrder.GIVEN_FIRST, NameOrder.FAMILY_FIRST


@pytest.mark.parametrize(
    ("text", "family", "given", "order"),
    [
        ("Virtanen, Aino", "Virtanen", "Aino", GIVEN),
        ("van der Berg, Joost", "van der Berg", "Joost", GIVEN),
        ("Joost van der Berg", "van der Berg", "Joost", GIVEN),
        ("O'Brien, Ciara", "O'Brien", "Ciara", GIVEN),
        ("Kevin Zhao", "Zhao", "Kevin", GIVEN),  # a Western given name puts the family name last
        ("LYU Wentao", "Lyu", "Wentao", FAMILY),  # capitals mark the family name wherever it stands
        ("Wentao LYU", "Lyu", "Wentao", GIVEN),
        ("VAN DER BERG Joost", "van der Berg", "Joost", FAMILY),
        ("Jörg MÜLLER-LÜDENSCHEIDT", "Müller-Lüdenscheidt", "Jörg", GIVEN),
        ("Zhang Wentao", "Zhang", "Wentao", FAMILY),  # both parts are pinyin, the first a family name
        ("Li, Na", "Li", "Na", FAMILY),
        ("Madonna", "Madonna", "", GIVEN),
    ],
)
def test_a_name_in_latin_letters_is_split_where_its_writing_says_so(text, family, given, order):
    split = split_name(text)
    assert split.name == PersonName(family=family, given=given, order=order)
    assert not split.is_assumed


@pytest.mark.parametrize("text", ["Zhang Wei", "Anna Maria Schmidt", "山田太郎"])
def test_a_split_that_had_to_be_guessed_is_marked(text):
    assert split_name(text).is_assumed


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("王伟", "王", "伟"),
        ("欧阳雪梅", "欧阳", "雪梅"),
        ("诸葛国强", "诸葛", "国强"),
        ("單國強", "單", "國強"),
        ("王伟先生", "王", "伟"),
    ],
)
def test_chinese_names_are_split_after_the_family_name(text, family, given):
    expected = PersonName(native_family=family, native_given=given, order=FAMILY)
    assert split_name(text).name == expected


def test_a_foreigner_in_chinese_characters_is_not_split():
    name = split_name("安娜•穆勒").name
    assert name.native == "安娜·穆勒"
    assert name.native_family == ""


@pytest.mark.parametrize("text", ["王伟 (Wang Wei)", "Wang Wei 王伟", "王伟／WANG Wei", "王伟WANG Wei"])
def test_both_scripts_in_one_cell_become_one_name(text):
    name = split_name(text).name
    assert (name.family, name.given, name.native, name.order) == ("Wang", "Wei", "王伟", FAMILY)


@pytest.mark.parametrize(
    ("text", "titles", "shown"),
    [
        ("Prof. Dr.-Ing. habil. Jörg Weiß", "Prof. Dr.-Ing. habil.", "Jörg Weiß"),
        ("Prof.Dr. Uwe Jäger", "Prof. Dr.", "Uwe Jäger"),
        ("Dipl.-Ing. (FH) Uwe Krüger", "Dipl.-Ing. (FH)", "Uwe Krüger"),
        ("Dr. med. Anna Weiß, MBA", "Dr. med. MBA", "Anna Weiß"),
        ("Frau Dr. Anna Weiß", "Dr.", "Anna Weiß"),
        ("吕文涛教授", "教授", "吕文涛"),
    ],
)
def test_titles_are_kept_apart_from_the_name(text, titles, shown):
    name = split_name(text).name
    assert name.titles == titles
    assert display(name, "de") == shown
    assert display(name, "de", with_titles=True) == (f"{titles} {shown}" if name.family else shown)


@pytest.mark.parametrize("text", ["Di Wu", "MA Jun", "Joe Ma"])
def test_short_names_are_not_mistaken_for_titles(text):
    assert split_name(text).name.titles == ""


def test_only_titles_are_titles():
    assert is_title("Dipl.-Ing. (FH)")
    assert not is_title("General Manager")


def test_parts_of_their_own_columns_are_never_reordered():
    name = join_name(family="Wei", given="Zhang", titles="Dr.").name
    assert name == PersonName(family="Wei", given="Zhang", titles="Dr.", order=GIVEN)


def test_characters_and_romanisation_in_two_columns_become_one_name():
    name = join_name(native="欧阳雪梅", romanised="OUYANG Xuemei").name
    assert (name.family, name.given, name.native) == ("Ouyang", "Xuemei", "欧阳雪梅")
    assert name.order is FAMILY


def test_the_romanisation_may_put_the_given_name_first():
    name = join_name(native="吕文涛", romanised="Wentao Lyu").name
    assert (name.family, name.given) == ("Lyu", "Wentao")


def test_a_reader_of_chinese_sees_characters_others_latin_letters_in_the_own_order():
    name = join_name(native="吕文涛", romanised="LYU Wentao").name
    assert display(name, "zh-hans") == "吕文涛"
    assert display(name, "de") == "LYU Wentao"
    assert display_other_script(name, "zh-hans") == "LYU Wentao"
    assert display_other_script(name, "de") == "吕文涛"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (PersonName(family="Lyu", given="Wentao", native_family="吕", native_given="文涛", order=FAMILY), "LYU Wentao"),
        (PersonName(family="Groẞ", given="Ya", native_family="大", native_given="雅", order=FAMILY), "GROSS Ya"),
        # Who writes in Latin letters alone, or says the given name first, is not marked.
        (PersonName(family="Nagy", given="István", order=FAMILY), "Nagy István"),
        (PersonName(family="Wu", given="Jason", native_family="吴", native_given="杰"), "Jason Wu"),
        (PersonName(family="Brückner", given="Anna", titles="Dr."), "Anna Brückner"),
    ],
)  # fmt: skip
def test_capitals_mark_a_family_name_that_comes_first_and_has_characters(name, shown):
    assert name.latin == shown
    assert display(name, "en", with_titles=True) == f"{name.titles} {shown}".strip()


def test_a_name_in_one_script_has_no_other():
    assert display_other_script(split_name("王伟").name, "de") == ""
    assert display_other_script(split_name("Kevin Zhao").name, "zh-hans") == ""


@pytest.mark.parametrize(
    ("native", "pinyin"),
    [
        ("单国强", "Shan Guoqiang"),
        ("解磊", "Xie Lei"),
        ("仇敏", "Qiu Min"),
        ("任伟", "Ren Wei"),
        ("吕文涛", "Lyu Wentao"),
        ("曾敏", "Zeng Min"),
        ("区伟", "Ou Wei"),
        ("欧阳雪梅", "Ouyang Xuemei"),
    ],
)
def test_family_names_have_readings_of_their_own(native, pinyin):
    assert romanise(native) == pinyin


def test_german_names_are_sorted_by_the_word_after_von_and_without_accents():
    names = [
        "von der Heide, Jörg",
        "Zöllner, Anna",
        "Öztürk, Ines",
        "Ortmann, Uwe",
        "Weiß, Uwe",
        "Weissmann, Ute",
    ]
    shown = [display(name, "de") for name in sorted((split_name(text).name for text in names), key=sort_key)]
    assert shown == [
        "Jörg von der Heide",
        "Uwe Ortmann",
        "Ines Öztürk",
        "Uwe Weiß",
        "Ute Weissmann",
        "Anna Zöllner",
    ]


def test_chinese_and_german_names_share_one_order():
    names = ["单国强", "Schmidt, Anna", "LYU Wentao", "欧阳雪梅", "吕敏"]
    ordered = sorted((split_name(text).name for text in names), key=sort_key)
    assert [name.native or name.family for name in ordered] == [
        "吕敏",
        "Lyu",
        "欧阳雪梅",
        "Schmidt",
        "单国强",
    ]


def test_spellings_of_one_family_name_are_candidates_but_not_the_same():
    names = [
        split_name(text).name for text in ("LV Wentao", "LYU Wentao", "LU Wen-tao", "Wentao LÜ", "吕文涛")
    ]
    assert {candidate_key(name) for name in names} == {"lu wentao"}
    assert len({identity_key(name) for name in names}) == 5


@pytest.mark.parametrize("spelling", ["Müller", "Mueller", "Muller", "MÜLLER"])
def test_umlauts_and_their_transliterations_are_candidates(spelling):
    assert candidate_key(PersonName(family=spelling, given="Anna")) == "anna muller"


def test_organisations_are_compared_without_capitals_spaces_and_punctuation():
    assert organisation_key("Elbtal  Sensorik GmbH & Co. KG") == organisation_key(
        "ELBTAL Sensorik GmbH & Co KG"
    )
    assert organisation_key("Elbtal Sensorik GmbH") != organisation_key("Elbtal Sensorik AG")


def test_traditional_characters_compare_as_simplified_ones():
    assert simplified("德國") == "德国"
