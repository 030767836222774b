"""Statements that are written once: the same rows as the queryset, for any values, with Python's types."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat

from kontor.events.models import Event
from kontor.i18n import Text
from kontor.prepared import PreparedRows

pytestmark = pytest.mark.django_db

COLUMNS = ("slug", "name", "starts_on", "is_announced")


def _by_slug_and_limit(slug: str, most: int) -> QuerySet[Event, tuple[Any, ...]]:
    rows = Event.objects.filter(slug=slug, max_open_requests__lte=most, zone="Asia/Shanghai")
    return rows.values_list(*COLUMNS)


@pytest.fixture
def events() -> list[Event]:
    return [
        Event.objects.create(
            slug=slug,
            name=Text.of("en", en=f"Event {slug}", zh=f"活动 {slug}"),
            starts_on=date(2018, 11, 1),
            ends_on=date(2018, 11, 2),
            is_announced=slug == "smec",
            max_open_requests=limit,
        )
        for slug, limit in (("smec", 3), ("forum", 15))
    ]


@pytest.mark.parametrize(("slug", "most"), [("smec", 3), ("forum", 15), ("smec", 2), ("nowhere", 99)])
def test_rows_are_those_of_the_queryset(events: list[Event], slug: str, most: int) -> None:
    prepared = PreparedRows(_by_slug_and_limit)
    prepared.read(slug="forum", most=15)
    assert prepared.read(slug=slug, most=most) == list(_by_slug_and_limit(slug, most))


def test_percent_signs_of_the_query_stay(events: list[Event]) -> None:
    prepared = PreparedRows(
        lambda slug: Event.objects.filter(slug=slug).values_list(
            "slug", Value("50 %"), Concat("slug", Value("%s"))
        )
    )
    assert prepared.read(slug="smec") == [("smec", "50 %", "smec%s")]


def test_equal_values_of_a_column_are_made_once(events: list[Event]) -> None:
    prepared = PreparedRows(lambda zone: Event.objects.filter(zone=zone).values_list("starts_on", "name"))
    (first_day, first), (second_day, second) = prepared.read(zone="Asia/Shanghai")
    assert first_day == second_day == date(2018, 11, 1)
    assert {first.in_language("en"), second.in_language("en")} == {"Event smec", "Event forum"}


def test_the_statement_is_written_once(events: list[Event]) -> None:
    calls = []

    def build(slug: str) -> QuerySet[Event, tuple[Any, ...]]:
        calls.append(slug)
        return Event.objects.filter(slug=slug).values_list("slug")

    prepared = PreparedRows(build)
    assert [prepared.read(slug=one.slug) for one in events] == [[("smec",)], [("forum",)]]
    assert len(calls) == 1


def test_a_value_that_the_query_changes_is_refused() -> None:
    prepared = PreparedRows(lambda slug: Event.objects.filter(slug__startswith=slug).values_list("slug"))
    with pytest.raises(ValueError, match=r"must use each value as it is, but does not so with \['slug'\]"):
        prepared.read(slug="smec")


def test_a_moment_is_compared_as_the_database_keeps_it() -> None:
    opening = datetime(2018, 10, 4, 1, tzinfo=UTC)
    Event.objects.create(
        slug="smec", starts_on=date(2018, 11, 1), ends_on=date(2018, 11, 2), requests_open_at=opening
    )
    prepared = PreparedRows(
        lambda at: Event.objects.filter(requests_open_at__lte=at).values_list("requests_open_at")
    )
    minute = timedelta(minutes=1)
    assert [prepared.read(at=opening + shift) for shift in (-minute, 0 * minute, minute)] == [
        [],
        [(opening,)],
        [(opening,)],
    ]
