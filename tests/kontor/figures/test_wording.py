"""A claim in ready words of the three languages."""

from datetime import date
from decimal import Decimal

import pytest

from kontor.figures import wording
from kontor.figures.models import Claim
from kontor.i18n import Text
from kontor.ui.formatting import NO_BREAK

MEMBERS = Text.of("de", de="Mitgliedsunternehmen", en="member companies", zh="家会员企业")
REVENUE = Text.of("de", de="Umsatz pro Jahr", en="revenue a year", zh="年营业额")


def a_claim(value: str, **fields: object) -> Claim:
    return Claim(
        **{
            "measure": "members",
            "value": Decimal(value),
            "scope": MEMBERS,
            "status": "self_reported",
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", "rund 340 Mitgliedsunternehmen, Stand November 2018"),
        ("en", "about 340 member companies, as of November 2018"),
        ("zh-hans", "约340家会员企业（截至2018年11月）"),
    ],
)
def test_a_number_of_members(language: str, expected: str) -> None:
    claim = a_claim("340", qualifier="about", as_of=date(2018, 11, 6), as_of_precision="month")
    assert wording.sentence(claim, language).replace(NO_BREAK, " ") == expected


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("de", "mehr als 4,5 Milliarden Euro", "> 4,5 Mrd. €"),
        ("en", "more than EUR 4.5 billion", "> EUR 4.5 bn"),
        ("zh", "超过45亿欧元", "> 45亿欧元"),
    ],
)
def test_an_amount_of_money(language: str, long: str, short: str) -> None:
    claim = a_claim("4500000000", measure="revenue", qualifier="more_than", unit="EUR", scope=REVENUE)
    assert wording.amount(claim, language).replace(NO_BREAK, " ") == long
    assert wording.amount(claim, language, is_short=True).replace(NO_BREAK, " ") == short


@pytest.mark.parametrize(
    ("value", "unit", "language", "expected"),
    [
        ("20000", "count", "de", "20.000"),
        ("20000", "count", "zh", "2万"),
        ("2630", "count", "zh", "2,630"),
        ("12345", "count", "zh", "12,345"),
        ("21440000000", "CNY", "zh", "214.4亿元人民币"),
        ("21440000000", "CNY", "de", "21,44 Milliarden Yuan"),
        ("4000000", "EUR", "zh", "400万欧元"),
        ("950", "USD", "en", "USD 950"),
    ],
)
def test_each_language_counts_in_its_own_steps(value: str, unit: str, language: str, expected: str) -> None:
    assert wording.amount(a_claim(value, unit=unit), language).replace(NO_BREAK, " ") == expected


def test_a_range_and_an_unknown_day() -> None:
    claim = a_claim("170", value_to=Decimal(180))
    assert (
        wording.sentence(claim, "de").replace(NO_BREAK, " ") == "170 bis 180 Mitgliedsunternehmen, ohne Datum"
    )
    assert wording.sentence(claim, "zh") == "170至180家会员企业（未注明日期）"


def test_a_year_is_all_that_is_known() -> None:
    claim = a_claim("355", as_of=date(2020, 1, 1), as_of_precision="year")
    assert wording.as_of(claim, "en") == "as of 2020"
    assert wording.as_of(claim, "zh") == "截至2020年"


def test_words_in_another_script_keep_their_distance() -> None:
    claim = a_claim("12", scope=Text.of("en", en="Fraunhofer institutes"))
    assert wording.sentence(claim, "zh") == "12 Fraunhofer institutes（未注明日期）"
