"""The site's clock: the machine's, or one that stands still until it is moved for all."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from kontor.jobs import clock

pytestmark = pytest.mark.django_db


def test_a_real_site_has_the_time_of_the_machine_and_asks_no_database(settings: Settings) -> None:
    settings.TEST_CLOCK = ""
    before = datetime.now(UTC)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert before <= clock.now() <= datetime.now(UTC)
    assert len(queries) == 0


def test_the_test_clock_stands_still_until_it_is_moved(settings: Settings) -> None:
    settings.TEST_CLOCK = "2018-11-05T09:00:00+08:00"
    assert clock.now() == datetime(2018, 11, 5, 1, 0, tzinfo=UTC)
    assert clock.now() == datetime(2018, 11, 5, 1, 0, tzinfo=UTC)
    assert clock.advance(timedelta(hours=2)) == datetime(2018, 11, 5, 3, 0, tzinfo=UTC)
    assert clock.advance(timedelta(minutes=-30)) == datetime(2018, 11, 5, 2, 30, tzinfo=UTC)
    assert clock.now() == datetime(2018, 11, 5, 2, 30, tzinfo=UTC)


def test_the_real_clock_cannot_be_moved(settings: Settings) -> None:
    settings.TEST_CLOCK = ""
    with pytest.raises(ImproperlyConfigured, match="Only a test clock can be moved"):
        clock.advance(timedelta(hours=1))


def test_a_test_clock_without_offset_is_refused(settings: Settings) -> None:
    settings.TEST_CLOCK = "2018-11-05T09:00:00"
    with pytest.raises(ImproperlyConfigured, match="needs an offset"):
        clock.now()
