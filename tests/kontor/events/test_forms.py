"""Forms of an event and its people: what they accept, what they refuse, and in which words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from kontor.events.forms import BlockForm, EventForm, HallForm, InterpreterForm, ParticipantForm
from kontor.events.models import Event
from kontor.i18n import Text

EVENT = {
    "name_en": "Spring meeting",
    "slug": "spring-2019",
    "place_en": "Dresden",
    "zone": "Europe/Berlin",
    "starts_on": "2019-03-28",
    "ends_on": "2019-03-31",
    "request_expiry_h": "72",
    "max_open_requests": "15",
}
BLOCK = {"day": "2018-11-01", "start": "09:00", "slot_min": "20", "break_min": "5", "num_slots": "8"}


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"ends_on": "2019-03-27"}, "ends_on", "The last day lies before the first day."),
        ({"ends_on": "2020-03-31"}, "ends_on", "An event lasts at most 31 days here. Please check the year."),
        (
            {"requests_open_at": "2019-03-01T10:00", "requests_close_at": "2019-03-01T09:00"},
            "requests_close_at",
            "Requests would close before they open.",
        ),
    ],
)
@pytest.mark.django_db
def test_impossible_times_of_an_event_are_refused(change: dict[str, str], field: str, sentence: str) -> None:
    form = EventForm(EVENT | change)
    assert form.errors == {field: [sentence]}


@pytest.mark.django_db
def test_moments_are_read_and_shown_in_the_zone_of_the_place() -> None:
    form = EventForm(EVENT | {"zone": "Asia/Shanghai", "requests_open_at": "2019-03-01T10:00"})
    assert form.is_valid(), form.errors
    event = form.save(commit=False)
    assert event.requests_open_at == datetime(2019, 3, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    event.save()
    assert 'value="2019-03-01T10:00"' in str(EventForm(instance=Event.objects.get())["requests_open_at"])


def test_zones_are_named_after_cities_in_the_language_of_the_reader_with_their_distance_from_utc() -> None:
    shown = {}
    for language in ("en", "de", "zh-hans"):
        with translation.override(language):
            groups = EventForm().fields["zone"].choices  # type: ignore[attr-defined]
            shown[language] = {name: label for _group, zones in groups for name, label in zones}
            assert next(iter(groups))[1][0][0] == "Asia/Shanghai"
    assert shown["zh-hans"]["Asia/Shanghai"] == "上海（UTC+8）"
    assert shown["de"]["America/New_York"].startswith("New York (UTC−")
    assert shown["en"]["Asia/Kolkata"] == "Kolkata (UTC+5:30)"


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"day": "2018-11-05"}, "day", "This day is not a day of the event."),
        ({"start": "22:00"}, "num_slots", "The last meeting would end after midnight."),
        ({"start": "25:00"}, "start", "Enter a valid time."),
    ],
)
def test_impossible_meeting_times_are_refused(
    smec: Event, change: dict[str, str], field: str, sentence: str
) -> None:
    assert BlockForm(smec, BLOCK | change).errors == {field: [sentence]}


def test_a_block_begins_in_the_zone_of_the_place(smec: Event) -> None:
    form = BlockForm(smec, BLOCK)
    assert form.is_valid(), form.errors
    assert form.starts_at() == datetime(2018, 11, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_hall_has_tables_or_booths_and_a_part_that_is_no_range_is_named(smec: Event) -> None:
    others = list(smec.halls.all())
    assert "apart_from" not in HallForm([]).fields, "from the only hall nothing is far away"
    assert HallForm(others, {"name_en": "Hall F"}).errors == {
        "tables": ["A hall needs at least one table or booth."]
    }
    assert HallForm(others, {"name_en": "Hall F", "tables": "A1–A3, A9–A4"}).errors == {
        "tables": ['"A9–A4" is no name or range of names. A range looks like A01–A12.']
    }
    form = HallForm(others, {"name_en": "Hall F", "tables": "A1–A3", "apart_from": [str(others[0].pk)]})
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["tables"], form.cleaned_data["apart_from"]) == (
        ["A1", "A2", "A3"],
        [others[0].pk],
    )


PERSON = {"family": "Muster", "organisation": "Muster GmbH", "category": "matchmaking"}


def test_an_unknown_country_is_refused_by_the_form(smec: Event) -> None:
    form = ParticipantForm(smec, PERSON | {"country": "XX"})
    assert list(form.errors) == ["country"]


def test_words_that_an_import_brought_may_stay_as_they_are(smec: Event) -> None:
    words = "when the moon is full"
    assert list(ParticipantForm(smec, PERSON | {"availability_words": words}).errors) == [
        "availability_words"
    ]
    form = ParticipantForm(
        smec, PERSON | {"availability_words": words}, initial={"availability_words": words}
    )
    assert form.is_valid(), form.errors
    assert form.busy() is None


def test_an_interpreter_has_a_pair_of_languages(smec: Event) -> None:
    form = InterpreterForm(smec, {"family": "Lin", "max_run": "0", "pairs": ["fi-zh"]})
    assert sorted(form.errors) == ["max_run", "pairs"]


def test_the_first_day_of_the_event_and_nine_o_clock_are_proposed_for_a_block() -> None:
    event = Event(starts_on=date(2019, 3, 28), ends_on=date(2019, 3, 31), name=Text.of("en", en="x"))
    form = BlockForm(event)
    assert form["day"].value() == date(2019, 3, 28)
    assert 'value="09:00"' in str(form["start"])
