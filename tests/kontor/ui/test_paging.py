"""Pages by cursor: complete, without repetition, and stable while rows come and go."""

import pytest
from django.contrib.auth.models import Group
from django.test import RequestFactory

from kontor.ui.paging import CursorPage, cursor_page

pytestmark = pytest.mark.django_db
ORDER = ("name", "id")


def page_at(size: int = 3, **query: str) -> CursorPage[Group]:
    return cursor_page(RequestFactory().get("/", query), Group.objects.all(), ORDER, size=size)


def names(page: CursorPage[Group]) -> str:
    return "".join(group.name for group in page.rows)


@pytest.fixture(autouse=True)
def seven_groups() -> None:
    """Groups a to g."""
    Group.objects.bulk_create(Group(name=letter) for letter in "gfedcba")


def test_forward_and_back_meet_every_row_once() -> None:
    first = page_at()
    second = page_at(after=first.after)
    third = page_at(after=second.after)
    assert [names(page) for page in (first, second, third)] == ["abc", "def", "g"]
    assert (first.before, third.after) == ("", "")
    back = page_at(before=third.before)
    assert names(back) == "def"
    assert names(page_at(before=back.before)) == "abc"
    assert page_at(before=back.before).before == ""


def test_a_new_row_does_not_shift_the_next_page() -> None:
    first = page_at()
    Group.objects.create(name="aa")
    assert names(page_at(after=first.after)) == "def"


def test_named_values_are_paged_like_objects() -> None:
    values = Group.objects.values_list("name", "id", named=True)
    first = cursor_page(RequestFactory().get("/"), values, ORDER, size=3)
    second = cursor_page(RequestFactory().get("/", {"after": first.after}), values, ORDER, size=3)
    assert [row.name for row in second.rows] == ["d", "e", "f"]
    assert first.after == page_at().after


def test_descending_orders_work() -> None:
    request = RequestFactory().get("/")
    first = cursor_page(request, Group.objects.all(), ("-name", "id"), size=3)
    assert names(first) == "gfe"
    request = RequestFactory().get("/", {"after": first.after})
    assert names(cursor_page(request, Group.objects.all(), ("-name", "id"), size=3)) == "dcb"


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "W10",
        "bnVsbA",
        "WyJhIiwgInoiXQ",
        "é",
        "WyJhIiwge31d",
        "a" * 5000,
        "WyJcdTAwMDAiLCAxXQ",
        "WyJhIiwgMWUyMF0",
    ],
)
def test_an_unreadable_cursor_leads_to_the_first_page(cursor: str) -> None:
    assert names(page_at(after=cursor)) == "abc"


def test_a_page_costs_one_query(django_assert_num_queries: pytest.FixtureRequest) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        page_at()


def test_an_empty_list_has_no_neighbours() -> None:
    Group.objects.all().delete()
    assert page_at() == CursorPage(rows=[])
