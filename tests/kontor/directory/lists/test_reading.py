"""Every row of a list becomes a person, a repetition, or is refused with row, column, value and reason."""

import json
import random
from contextlib import suppress
from pathlib import Path

import pytest
from django.utils import translation

from kontor.directory.lists import (
    CandidateGroup,
    Field,
    Notice,
    ParticipantRow,
    Refusal,
    Repetition,
    UnreadableFile,
    read_participants,
    read_table,
)

SHARED = Path(__file__).parents[5] / "shared" / "instances" / "participants"
HEADER = "Nachname;Vorname;Firma;Land;E-Mail"


def refused(people) -> list[tuple[int, str, str, str]]:
    return [(refusal.row_number, refusal.column, refusal.value, refusal.code) for refusal in people.refusals]


def noticed(people) -> list[tuple[int, str, str]]:
    return [(notice.row_number, notice.column, notice.code) for notice in people.notices]


@pytest.fixture(scope="module")
def people(event_days):
    """The three lists, by the names of their files."""

    def read(name: str):
        return read_participants(read_table((SHARED / name).read_bytes(), name), event_days=event_days)

    return {name: read(name) for name in ("teilnehmer-sachsen.csv", "参会名单-济南.csv", "international.csv")}


@pytest.mark.skipif(
    not SHARED.is_dir(), reason="the lists of real organisers are not beside the project: ../shared"
)
class TestListsOfRealOrganisers:
    """The counts stand in expected.md beside the lists."""

    def test_the_saxon_list(self, people):
        saxon = people["teilnehmer-sachsen.csv"]
        assert (saxon.language, saxon.num_people, len(saxon.rows), saxon.num_refused) == ("de", 140, 137, 2)
        assert refused(saxon) == [
            (49, "Nachname", "", "no_family_name"),
            (60, "Land", "Sachsen", "country_is_region"),
        ]
        assert saxon.refusals[1].proposal.value == "DE"
        assert [(r.row_number, r.of_row) for r in saxon.repetitions] == [(32, 31)]
        assert [n for n in noticed(saxon) if n[2] != "level_assumed"] == [
            (19, "E-Mail", "email_none"),
            (76, "Sucht", "line_break"),
        ]

    def test_the_list_from_jinan(self, people):
        jinan = people["参会名单-济南.csv"]
        assert (jinan.language, jinan.num_people, len(jinan.rows), jinan.num_refused) == ("zh", 160, 157, 2)
        assert refused(jinan) == [
            (40, "国家/地区", "鲁", "country_is_province"),
            (71, "单位名称", "", "no_organisation"),
        ]
        assert jinan.refusals[0].proposal.value == "CN"
        assert [(r.row_number, r.of_row) for r in jinan.repetitions] == [(90, 89)]
        # 32 people have no address; one of them, row 71, has no organisation either.
        assert sum(not row.email for row in jinan.rows) == 31
        by_number = {row.row_number: row for row in jinan.rows}
        assert by_number[55].email == "sample55@example.cn"
        assert (by_number[2].country, by_number[2].place) == ("CN", "济南")
        three = [by_number[number] for number in (12, 13, 86)]
        assert {row.name.native for row in three} == {"王伟"}
        assert len({row.identity for row in three}) == 3
        assert jinan.candidates == ()
        assert all(row.languages[0].code == "zh" and row.languages[0].is_implied for row in jinan.rows)

    def test_the_international_list(self, people):
        list_ = people["international.csv"]
        assert (list_.language, list_.num_people, len(list_.rows), list_.num_refused) == ("en", 60, 57, 3)
        assert refused(list_) == [
            (9, "Available", "31 November", "no_such_day"),
            (21, "Email", "person21@example", "email_is_no_address"),
            (30, "Full name", '=HYPERLINK("x")', "name_is_formula"),
        ]
        assert list_.refusals[0].reason == "There is no 31 November."
        spellings = [group.spellings for group in list_.candidates if group.key == "lu wentao"]
        assert spellings == [("Lv Wentao", "Lyu Wentao")]

    def test_all_three_lists_name_351_different_people(self, people):
        assert len({row.identity for list_ in people.values() for row in list_.rows}) == 351


def test_a_row_is_read_with_all_its_fields(as_table, event_days):
    people = read_participants(
        as_table(
            "姓名;姓名拼音;单位名称;单位英文名称;职务;国家/地区;手机;微信;邮箱;外语;提供;需求;可约时段;类别;忌口",
            "吕文涛;LYU Wentao;泰山光电有限公司;Taishan Photonics;总经理;中国济南;+86 531 0000;wx_1;L@Example.cn;"
            "英语（B2）;激光切割设备、传感器;;11月1日下午不行;参展商;海鲜",
        ),
        event_days=event_days,
    )
    (row,) = people.rows
    assert (row.name.family, row.name.given, row.name.native) == ("Lyu", "Wentao", "吕文涛")
    assert (row.organisation, row.organisation_other) == ("泰山光电有限公司", "Taishan Photonics")
    assert (row.function, row.country, row.place) == ("总经理", "CN", "济南")
    assert (row.phone, row.wechat, row.email) == ("+86 531 0000", "wx_1", "L@Example.cn")
    assert [(item.code, item.level) for item in row.languages] == [("zh", "C2"), ("en", "B2")]
    assert (row.offers, row.seeks, row.category, row.language) == (
        ("激光切割设备", "传感器"),
        (),
        "exhibitor",
        "zh",
    )
    assert [interval.day for interval in row.intervals] == [
        "2018-10-31",
        "2018-11-01",
        "2018-11-01",
        "2018-11-02",
    ]
    assert (row.identity, row.candidate_key) == ("mail:l@example.cn", "lu wentao")
    assert "海鲜" not in json.dumps(row.to_json(), ensure_ascii=False)


def test_reading_is_stored_and_taken_up_again_without_loss(as_table, event_days):
    people = read_participants(
        as_table(
            "姓名;公司;国家;邮箱;语言;可约时段",
            "王伟;泰山;中国;a@example.cn;英语;11月1日",
            "王伟;泰山;中国;b@example.cn;英语;11月1日",
            "王伟;泰山;中国;b@example.cn;英语;11月1日",
            "李敏;;鲁;b@example.cn;英语;",
        ),
        event_days=event_days,
    )
    for kind, items in (
        (ParticipantRow, people.rows),
        (Refusal, people.refusals),
        (Notice, people.notices),
        (Repetition, people.repetitions),
        (CandidateGroup, people.candidates),
    ):
        assert items
        assert tuple(kind.from_json(json.loads(json.dumps(item.to_json()))) for item in items) == items


def test_every_bad_cell_of_a_row_is_named_and_the_row_counts_once(as_table):
    people = read_participants(as_table(HEADER, ";Anna;;Atlantis;anna", "Jung;Anna;A;D;anna@example.org"))
    assert refused(people) == [
        (1, "Nachname", "", "no_family_name"),
        (1, "Firma", "", "no_organisation"),
        (1, "Land", "Atlantis", "country_is_unknown"),
        (1, "E-Mail", "anna", "email_is_no_address"),
    ]
    assert (people.num_people, people.num_refused, len(people.rows)) == (2, 1, 1)


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("=A1;Anna;A;D;", "Nachname", "name_is_formula"),
        ("@x;Anna;A;D;", "Nachname", "name_is_formula"),
        ("Jung;Anna;=B2;D;", "Firma", "cell_is_formula"),
        ("12345;Anna;A;D;", "Nachname", "name_is_no_name"),
        ("anna@example.org;;A;D;", "Nachname", "name_is_no_name"),
        ("-;Anna;A;D;", "Nachname", "no_name"),
        ("Dr.;;A;D;", "Nachname", "name_is_no_name"),
        (f"{'J' * 101};Anna;A;D;", "Nachname", "too_long"),
        ("Jung;Anna;-;D;", "Firma", "no_organisation"),
        ("Jung;Anna;A;Europa;", "Land", "country_is_continent"),
        ("Jung;Anna;A;Dresden;", "Land", "country_is_city"),
    ],
)
def test_what_cannot_be_right_refuses_the_row(as_table, line, column, code):
    people = read_participants(as_table(HEADER, line))
    assert [(refusal.column, refusal.code) for refusal in people.refusals] == [(column, code)]
    assert people.rows == ()


@pytest.mark.parametrize(
    ("language", "reason", "proposal"),
    [
        ("en", "“Sachsen” is a region, not a country.", "Germany"),
        ("de", "„Sachsen“ ist eine Region, kein Land.", "Deutschland"),
        ("zh-hans", "“Sachsen”是地区名，不是国家。", "德国"),
    ],
)
def test_reason_and_proposal_are_in_the_readers_language(as_table, language, reason, proposal):
    refusal = read_participants(as_table(HEADER, "Jung;Anna;A;Sachsen;")).refusals[0]
    with translation.override(language):
        assert (refusal.reason, refusal.proposal.text) == (reason, proposal)


def test_a_proposal_taken_over_lets_the_row_in(as_table):
    table = as_table(HEADER, "Jung;Anna;A;Sachsen;")
    proposal = read_participants(table).refusals[0].proposal
    people = read_participants(table, corrections={(1, Field(proposal.field)): proposal.value})
    assert people.refusals == ()
    assert people.rows[0].country == "DE"


def test_columns_can_be_given_by_hand(as_table):
    table = as_table("X;Y", "Jung;A", "Alt;B")
    with pytest.raises(UnreadableFile) as caught:
        read_participants(table)
    assert caught.value.code == "no_name_column"
    people = read_participants(table, mapping=[Field.FAMILY, Field.ORGANISATION])
    assert [row.name.family for row in people.rows] == ["Jung", "Alt"]
    with pytest.raises(UnreadableFile) as caught:
        read_participants(table, mapping=[Field.FAMILY])
    assert caught.value.code == "mapping_does_not_fit"
    with pytest.raises(UnreadableFile) as caught:
        read_participants(table, mapping=[Field.FAMILY, None])
    assert caught.value.code == "no_organisation_column"


def test_a_repeated_row_is_left_out_and_named(as_table):
    people = read_participants(
        as_table(
            HEADER,
            "Jung;Anna;A;D;a@example.org",
            "Jung;Anna;A;D;A@EXAMPLE.org",
            "Jung;Anna;A;D;a@example.org",
        )
    )
    # The second differs in how the address is written: the same person, other details.
    assert [(r.row_number, r.of_row) for r in people.repetitions] == [(3, 1)]
    assert refused(people) == [(2, "E-Mail", "A@EXAMPLE.org", "contradicts_row")]
    assert people.repetitions[0].text == "Row 3 repeats row 1."


def test_one_address_is_not_two_people(as_table):
    people = read_participants(
        as_table(HEADER, "Jung;Anna;A;D;info@example.org", "Alt;Uwe;A;D;info@example.org")
    )
    assert refused(people) == [(2, "E-Mail", "info@example.org", "same_email_other_person")]


def test_without_an_address_name_and_organisation_identify_a_person(as_table):
    people = read_participants(
        as_table(
            HEADER,
            "Jung;Anna;Elbe AG;D;",
            "JUNG;anna;ELBE  AG;D;-",
            "Jung;Anna;Elbe GmbH;D;",
            "Jung;Anna;Elbe AG;D;",
        )
    )
    assert [(r.row_number, r.of_row) for r in people.repetitions] == [(4, 1)]
    assert [(number, code) for number, _, _, code in refused(people)] == [(2, "contradicts_row")]
    assert [row.row_number for row in people.rows] == [1, 3]


def test_the_same_name_elsewhere_is_another_person_but_two_spellings_are_candidates(as_table):
    people = read_participants(
        as_table(
            "Full name;Company;Email",
            "LYU Wentao;A;a@example.com",
            "LV Wentao;B;b@example.com",
            "Kevin Zhao;A;c@example.com",
            "Kevin Zhao;B;d@example.com",
            "Aino Virtanen;C;e@example.com",
            "Aino Virtanen;C;f@example.com",
        )
    )
    assert [(g.row_numbers, g.is_same_organisation) for g in people.candidates] == [
        ((1, 2), False),
        ((5, 6), True),
    ]
    assert len(people.rows) == 6


def test_people_with_different_characters_are_no_candidates(as_table):
    people = read_participants(
        as_table("姓名;姓名拼音;单位", "张伟;Zhang Wei;泰山", "章伟;ZHANG Wei;泰山", "張偉;Zhang Wei;黄河")
    )
    assert people.candidates == ()


def test_a_title_that_is_a_job_becomes_the_function(as_table):
    people = read_participants(as_table("Name;Title;Company", "Kevin Zhao;CEO;A", "Aino Virtanen;Dr.;B"))
    assert [(row.function, row.name.titles) for row in people.rows] == [("CEO", ""), ("", "Dr.")]


def test_hidden_rows_are_imported_with_a_notice(as_xlsx):
    def hide(book):
        book.active.row_dimensions[2].hidden = True

    people = read_participants(read_table(as_xlsx([["Nachname", "Firma"], ["Jung", "A"]], hide), "l.xlsx"))
    assert noticed(people) == [(1, "", "hidden_row")]
    assert len(people.rows) == 1


def test_notices_say_in_the_readers_language_what_was_assumed(as_table, event_days):
    people = read_participants(
        as_table(
            "Name;Firma;Sprachen;Verfügbar;Kategorie",
            "Anna Jung;A;Deutsch, Klingonisch;nach Absprache;Kapitän",
        ),
        event_days=event_days,
    )
    with translation.override("de"):
        assert [notice.text for notice in people.notices] == [
            "nicht verstanden: Klingonisch",
            "Deutsch ohne Niveau zählt als B2 (angenommen).",
            "nicht verstanden: nach Absprache",
            "nicht verstanden: Kapitän",
        ]


def test_damaged_lists_never_break_the_reading(as_xlsx, event_days):
    """Sixty lists with bytes and cells changed at random are read or refused, and nobody is counted twice."""
    chance = random.Random(20181030)
    header = "姓名;Firma;Land;E-Mail;Sprachen;Verfügbar;Telefon;Bietet"
    line = "王伟;Elbtal AG;中国济南;a@example.cn;英语（B2）;not Friday afternoon;+86 531;激光、MEMS"
    nasty = [
        "=1",
        "\x00",
        "'",
        '"',
        ";" * 9,
        "31.11.",
        "99:99",
        "\u202e",
        "１２",
        "第9天",
        "bis",
        "-",
        "2018",
        "((",
        "@",
        "\n",
    ]
    plain = "\n".join([header, *[line] * 5])
    for _ in range(60):
        text = list(plain)
        for _ in range(chance.randint(1, 8)):
            text[chance.randrange(len(text))] = chance.choice(nasty)
        data = bytearray("".join(text).encode(chance.choice(["utf-8", "gb18030", "utf-16"])))
        for _ in range(chance.randint(0, 2)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            people = read_participants(read_table(bytes(data), "list.csv"), event_days=event_days)
        except UnreadableFile:
            continue
        assert len(people.rows) + people.num_refused + len(people.repetitions) == people.num_people
        assert all(refusal.reason for refusal in people.refusals)
        assert all(notice.text for notice in people.notices)


def test_damaged_spreadsheets_never_break_the_reading(as_xlsx):
    chance = random.Random(20181030)
    whole = as_xlsx([["Nachname", "Firma"], ["Jung", "A"]])
    for _ in range(100):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(UnreadableFile):
            read_table(bytes(data), "list.xlsx")
