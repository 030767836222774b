"""Single cells: addresses, phone numbers, lists of offers, words for nothing, formulas, categories."""

import pytest

from kontor.directory.lists.cells import (
    AddressReading,
    address_key,
    is_formula,
    is_nothing,
    read_address,
    read_category,
    read_phone,
    split_items,
)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("anna@example.org", AddressReading(email="anna@example.org")),
        ("anna.o'brien+fair@mail.example.com", AddressReading(email="anna.o'brien+fair@mail.example.com")),
        ("sample55＠example.cn", AddressReading(email="sample55@example.cn", is_normalised=True)),
        ("<anna@example.org>", AddressReading(email="anna@example.org", is_normalised=True)),
        ("mailto:anna@example.org", AddressReading(email="anna@example.org", is_normalised=True)),
        ("Anna Jung <anna@example.org>", AddressReading(email="anna@example.org", is_normalised=True)),
        ("a@example.org; b@example.org", AddressReading(email="a@example.org", is_first_of_several=True)),
        ("keine", AddressReading(is_none=True)),
        ("无", AddressReading(is_none=True)),
        ("N/A", AddressReading(is_none=True)),
        ("", AddressReading()),
        ("person21@example", AddressReading(is_address=False)),
        ("anna", AddressReading(is_address=False)),
        ("anna@@example.org", AddressReading(is_address=False)),
        ("anna@exa mple.org", AddressReading(is_address=False)),
        ("аnna@example.org", AddressReading(is_address=False)),  # the first letter is Cyrillic
        (f"{'a' * 250}@example.org", AddressReading(is_address=False)),
    ],
)
def test_an_address_is_read_or_refused(text, reading):
    assert read_address(text) == reading


def test_addresses_are_compared_without_capitals_and_with_ascii_domains():
    assert address_key("Anna@Example.ORG") == address_key("anna@example.org")
    assert address_key("a@büro.example.org") == "a@xn--bro-hoa.example.org"


@pytest.mark.parametrize(
    ("text", "phone", "is_rounded"),
    [
        ("+86 531 0000 0001", "+86 531 0000 0001", False),
        ("4935112345678.0", "4935112345678", False),
        ("＋４９ 351", "+49 351", False),
        ("8.65310000001e+11", "", True),
        ("8,65E+11", "", True),
        ("无", "", False),
    ],
)
def test_a_phone_number_keeps_its_digits_or_is_left_out(text, phone, is_rounded):
    assert read_phone(text) == (phone, is_rounded)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("machine vision; power semiconductors", ("machine vision", "power semiconductors")),
        ("机器视觉检测、智能制造解决方案", ("机器视觉检测", "智能制造解决方案")),
        ("智能制造解决方案，大数据分析平台", ("智能制造解决方案", "大数据分析平台")),
        ("Patentanwaltskanzlei, Markenrecht", ("Patentanwaltskanzlei", "Markenrecht")),
        ("Mess- und Regeltechnik, MEMS", ("Mess- und Regeltechnik", "MEMS")),
        ("siehe Anlage\nzweite Zeile", ("siehe Anlage", "zweite Zeile")),
        ("- lasers\n- optics\n", ("lasers", "optics")),
        ("lasers; lasers", ("lasers",)),
        ("Toleranz 0,5 mm", ("Toleranz 0,5 mm",)),
        (
            "We build machines for the production of sensors in small series, which nobody else does",
            ("We build machines for the production of sensors in small series, which nobody else does",),
        ),
        ("keine", ()),
        ("", ()),
    ],
)
def test_offers_are_divided_where_the_writer_divided_them(text, items):
    assert split_items(text) == items


@pytest.mark.parametrize("text", ["keine", " Keine ", "无", "-", "n/a", "k.A."])
def test_words_for_nothing_are_nothing(text):
    assert is_nothing(text)


def test_a_name_is_not_nothing():
    assert not is_nothing("Nina")


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("x")', "＝1+1", " =A1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-SUM(1)"]
)
def test_formulas_are_seen_in_every_cell(text):
    assert is_formula(text)


@pytest.mark.parametrize("text", ["+86 531 0000", "-", "- lasers", "@home", "a = b"])
def test_signs_alone_are_no_formula(text):
    assert not is_formula(text)


def test_no_name_begins_with_a_sign_of_arithmetic():
    assert is_formula("@home", is_name=True)


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("VIP", "vip"),
        ("Referentin", "speaker"),
        ("參展商", "exhibitor"),
        ("媒体", "media"),
        ("matchmaking", "matchmaking"),
    ],
)
def test_categories_are_known_in_three_languages(word, category):
    assert read_category(word) == category


def test_other_words_are_no_category():
    assert read_category("Kapitän") == ""
