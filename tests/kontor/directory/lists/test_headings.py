"""Columns are recognised by their headings in three languages and in any order."""

import pytest

from kontor.directory.lists import (
    Field,
    PairField,
    field_label,
    missing_fields,
    propose_mapping,
    propose_pair_mapping,
)
from kontor.directory.lists.headings import list_language


def fields(*headings: str) -> list[str | None]:
    return [meaning.field for meaning in propose_mapping(headings)]


@pytest.mark.parametrize(
    ("heading", "field", "confidence"),
    [
        ("Nachname", Field.FAMILY, 1.0),
        ("SURNAME", Field.FAMILY, 1.0),
        ("Firma / Einrichtung", Field.ORGANISATION, 1.0),
        ("e-mail:", Field.EMAIL, 1.0),
        ("国家/地区", Field.COUNTRY, 1.0),
        ("單位名稱", Field.ORGANISATION, 1.0),
        ("姓名（必填）", Field.NAME, 0.95),
        ("单位名称 Company", Field.ORGANISATION, 0.9),
        ("Name / 姓名", Field.NAME, 0.9),
        ("Ihre E-Mail-Adresse bitte", Field.EMAIL, 0.7),
        ("请填写您的手机号码", Field.PHONE, 0.7),
        ("Organsation", Field.ORGANISATION, 0.6),
        ("Dietary requirements", Field.IGNORED, 1.0),
        ("饮食禁忌", Field.IGNORED, 1.0),
        ("外语", Field.FOREIGN_LANGUAGES, 1.0),
        ("Lieblingsfarbe", None, 0.0),
        ("", None, 0.0),
    ],
)
def test_a_heading_means_a_field_with_a_confidence(heading, field, confidence):
    meaning = propose_mapping([heading])[0]
    assert (meaning.field, meaning.confidence) == (field, confidence)


def test_plain_name_beside_first_name_is_the_family_name():
    assert fields("Vorname", "Name", "Firma") == ["given", "family", "organisation"]
    assert fields("Name", "Firma") == ["name", "organisation"]


def test_chinese_name_and_pinyin_stand_side_by_side():
    assert fields("姓名", "姓名拼音", "单位") == ["name", "romanised_name", "organisation"]


def test_a_second_column_for_the_organisation_is_its_name_in_the_other_script():
    assert fields("Firma", "公司名称") == ["organisation", "organisation_other"]


def test_a_field_that_stands_once_goes_to_the_surest_column():
    assert fields("Email of assistant", "Email") == [None, "email"]
    assert fields("We offer", "Products", "We seek") == ["offers", "offers", "seeks"]


def test_the_language_of_the_list_is_that_of_most_headings():
    assert list_language(propose_mapping(["姓名", "单位", "Email"])) == "zh"
    assert list_language(propose_mapping(["Nachname", "Vorname", "E-Mail"])) == "de"
    assert list_language(propose_mapping(["foo"])) == ""


def test_name_and_organisation_are_what_a_list_cannot_do_without():
    assert missing_fields([Field.EMAIL, None]) == (Field.NAME, Field.ORGANISATION)
    assert missing_fields([Field.NATIVE_NAME, Field.ORGANISATION]) == ()
    assert missing_fields([Field.GIVEN, Field.ORGANISATION]) == (Field.NAME,)


@pytest.mark.parametrize(
    "headings",
    [
        ("From", "With", "Reason"),
        ("Teilnehmer 1", "Teilnehmer 2", "Grund"),
        ("邀约人", "受邀人", "洽谈事由"),
        ("Name", "Name", "Thema"),
    ],
)
def test_pairs_are_recognised(headings):
    meanings = propose_pair_mapping(headings)
    assert [m.field for m in meanings] == [PairField.FIRST_NAME, PairField.SECOND_NAME, PairField.REASON]


def test_repeated_plain_columns_are_first_and_second_person():
    meanings = propose_pair_mapping(["Name", "Firma", "E-Mail", "Name", "Firma", "E-Mail"])
    assert [m.field for m in meanings] == [
        "first_name",
        "first_organisation",
        "first_email",
        "second_name",
        "second_organisation",
        "second_email",
    ]


def test_every_field_has_a_label():
    labels = [field_label(field) for field in Field]
    assert len(set(labels)) == len(labels)
    assert all(field_label(field) for field in PairField)
