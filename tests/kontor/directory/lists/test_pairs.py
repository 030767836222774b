"""Pairs of people who want to meet are read like people, the one who asks first."""

import json

import pytest

from kontor.directory.lists import PairField, PairRow, UnreadableFile, read_pairs


def test_a_pair_is_read_with_reason_and_priority(as_table):
    pairs = read_pairs(
        as_table(
            "E-Mail A;E-Mail B;Grund;Priorität",
            "anna@example.org;wei＠example.cn;Leistungselektronik;1",
            "anna@example.org;uwe@example.org;;hoch",
            list_kind="pairs",
        )
    )
    first, second = pairs.rows
    assert (first.first.email, first.second.email) == ("anna@example.org", "wei@example.cn")
    assert (first.reason, first.priority, second.priority) == ("Leistungselektronik", 1, 0)
    assert [(n.row_number, n.code) for n in pairs.notices] == [
        (1, "email_normalised"),
        (2, "priority_not_understood"),
    ]


def test_people_without_address_are_named_by_name_and_organisation(as_table):
    pairs = read_pairs(as_table("姓名;单位;姓名;单位", "王伟;泰山;LYU Wentao;黄河", list_kind="pairs"))
    (pair,) = pairs.rows
    assert (pair.first.name.native, pair.first.organisation) == ("王伟", "泰山")
    assert (pair.second.name.family, pair.second.candidate_key) == ("Lyu", "lu wentao")


def test_an_address_may_stand_in_the_column_of_names(as_table):
    pairs = read_pairs(as_table("From;With", "anna@example.org;uwe@example.org", list_kind="pairs"))
    assert [(row.first.email, row.second.email) for row in pairs.rows] == [
        ("anna@example.org", "uwe@example.org")
    ]


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (";b@example.org;x", "E-mail A", "pair_without_first"),
        ("a@example.org;;x", "E-mail B", "pair_without_second"),
        ("a@example.org;none;x", "E-mail B", "pair_without_second"),
        ("a@example;b@example.org;x", "E-mail A", "email_is_no_address"),
        ("a@example.org;A@EXAMPLE.org;x", "E-mail B", "pair_with_oneself"),
        ("a@example.org;b@example.org;=1", "Reason", "cell_is_formula"),
        (f"a@example.org;b@example.org;{'x' * 1001}", "Reason", "too_long"),
    ],
)
def test_pairs_that_cannot_be_right_are_refused(as_table, line, column, code):
    pairs = read_pairs(as_table("E-mail A;E-mail B;Reason", line, list_kind="pairs"))
    assert [(refusal.column, refusal.code) for refusal in pairs.refusals] == [(column, code)]
    assert pairs.refusals[0].reason
    assert (pairs.rows, pairs.num_refused) == ((), 1)


def test_a_name_alone_does_not_say_who_is_meant(as_table):
    pairs = read_pairs(
        as_table("Person A;Company A;Person B;Company B", "Anna Jung;A;Uwe Alt;", list_kind="pairs")
    )
    assert [(r.column, r.code) for r in pairs.refusals] == [("Person B", "email_missing_in_pair")]


def test_a_pair_counts_once_per_direction(as_table):
    pairs = read_pairs(
        as_table(
            "From;To",
            "a@example.org;b@example.org",
            "b@example.org;a@example.org",
            "A@example.org;b@example.org",
            list_kind="pairs",
        )
    )
    assert [row.row_number for row in pairs.rows] == [1, 2]
    assert [(r.row_number, r.of_row) for r in pairs.repetitions] == [(3, 1)]


def test_a_list_that_does_not_say_who_meets_whom_is_not_read(as_table):
    table = as_table("X;Y", "a@example.org;b@example.org", list_kind="pairs")
    with pytest.raises(UnreadableFile) as caught:
        read_pairs(table)
    assert caught.value.code == "no_pair_columns"
    assert len(read_pairs(table, mapping=[PairField.FIRST_EMAIL, PairField.SECOND_EMAIL]).rows) == 1
    with pytest.raises(UnreadableFile):
        read_pairs(table, mapping=[PairField.FIRST_EMAIL])


def test_pairs_are_stored_and_taken_up_again_without_loss(as_table):
    rows = read_pairs(as_table("From;To", "a@example.org;b@example.org", list_kind="pairs")).rows
    assert tuple(PairRow.from_json(json.loads(json.dumps(row.to_json()))) for row in rows) == rows
