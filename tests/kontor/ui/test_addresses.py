"""Addresses of rows are those that Django reverses."""

from django.urls import reverse

from kontor.ui.addresses import row_addresses


def test_the_address_of_a_row_is_the_one_that_is_reversed() -> None:
    address = row_addresses("event")
    assert [address(slug) for slug in ("smec", "forum")] == [
        reverse("event", args=[slug]) for slug in ("smec", "forum")
    ]
