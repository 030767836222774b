"""The setting of an event: created, copied, its times and halls; and what a published plan holds fast."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from kontor.accounts.models import User
from kontor.audit.models import Entry
from kontor.events.models import Booth, Event, Hall, HallsApart, Interpreter, Organiser, Slot, Table
from kontor.events.services import setting
from kontor.i18n import Text
from kontor.meetings.models import Meeting, Seat

JINAN = ZoneInfo("Asia/Shanghai")
FORM = {
    "name_en": "Spring meeting",
    "slug": "spring-2019",
    "place_en": "Dresden",
    "zone": "Europe/Berlin",
    "starts_on": "2019-03-28",
    "ends_on": "2019-03-31",
    "request_expiry_h": "72",
    "max_open_requests": "15",
}


def a_new_event(slug: str = "spring-2019", **fields: object) -> Event:
    return Event(
        slug=slug,
        name=Text.of("en", en="Spring meeting"),
        place=Text.of("en", en="Dresden"),
        zone="Europe/Berlin",
        **{"starts_on": date(2019, 3, 28), "ends_on": date(2019, 3, 31), **fields},
    )


# ── create and copy ──────────────────────────────────────────────────────────────────────────────


def test_who_creates_an_event_organises_it(mara: User, now: datetime) -> None:
    event = setting.create_event(a_new_event(), by=mara, at=now)
    assert list(Organiser.objects.filter(event=event).values_list("user", flat=True)) == [mara.pk]
    assert Entry.objects.latest("id").action == "event_created"


def test_a_copy_keeps_times_on_the_wall_halls_booths_ways_and_interpreters(
    mara: User, lin: Interpreter, smec: Event, now: datetime
) -> None:
    source = setting.create_event(a_new_event(), by=mara, at=now)
    hall = setting.save_hall(
        Hall(event=source, name=Text.of("en", en="Hall 1")),
        tables=["A1", "A2"],
        booths=["S1"],
        apart_from=[],
        by=mara,
        at=now,
    )
    setting.save_hall(
        Hall(event=source, name=Text.of("en", en="Hall 2")),
        tables=["B1"],
        booths=[],
        apart_from=[hall],
        by=mara,
        at=now,
    )
    berlin = ZoneInfo("Europe/Berlin")
    # the second block lies behind the beginning of summer time, the copy does not
    for day in (28, 31):
        setting.add_block(
            source,
            starts_at=datetime(2019, 3, day, 9, tzinfo=berlin),
            slot_min=20,
            break_min=5,
            num_slots=2,
            by=mara,
            at=now,
        )
    Interpreter.objects.create(
        event=source, person=lin.person, pairs=["de-zh"], availability_words="only 28.3."
    )
    copy = setting.copy_event(
        source,
        slug="autumn-2019",
        name=Text.of("en", en="Autumn meeting"),
        starts_on=date(2019, 9, 5),
        with_interpreters=True,
        by=mara,
        at=now,
    )
    assert (copy.ends_on, copy.zone) == (date(2019, 9, 8), "Europe/Berlin")
    assert [f"{slot.starts_at.astimezone(berlin):%d %H:%M}" for slot in copy.slots.all()] == [
        "05 09:00",
        "05 09:25",
        "08 09:00",
        "08 09:25",
    ]
    tables = Table.objects.filter(hall__event=copy).order_by("hall__position", "number")
    assert [table.name for table in tables] == ["A1", "A2", "B1"]
    assert list(Booth.objects.filter(hall__event=copy).values_list("name", flat=True)) == ["S1"]
    assert HallsApart.objects.filter(first__event=copy, second__event=copy).count() == 1
    # words about days of the earlier event mean nothing for the new ones
    assert list(copy.interpreters.values_list("person", "pairs", "availability_words")) == [
        (lin.person_id, ["de-zh"], "")
    ]
    without = setting.copy_event(
        source,
        slug="winter-2019",
        name=Text.of("en", en="Winter meeting"),
        starts_on=date(2019, 12, 5),
        with_interpreters=False,
        by=mara,
        at=now,
    )
    assert without.interpreters.count() == 0


# ── two events with one short name ───────────────────────────────────────────────────────────────


def test_two_events_created_at_the_same_second_do_not_share_a_short_name(
    at_once: Callable[..., list[object]], mara: User, now: datetime
) -> None:
    results = at_once(lambda: setting.create_event(a_new_event(), by=mara, at=now), times=3)
    assert sorted(type(result).__name__ for result in results) == ["Event", "SlugTaken", "SlugTaken"]
    event = Event.objects.get(slug="spring-2019")
    assert Organiser.objects.filter(event=event).count() == 1


def test_a_copy_and_a_new_event_at_the_same_second_do_not_share_a_short_name(
    at_once: Callable[..., list[object]], smec: Event, mara: User, now: datetime
) -> None:
    def copy() -> Event:
        return setting.copy_event(
            smec,
            slug="spring-2019",
            name=Text.of("en", en="Copy"),
            starts_on=date(2019, 11, 1),
            with_interpreters=False,
            by=mara,
            at=now,
        )

    results = at_once(copy, lambda: setting.create_event(a_new_event(), by=mara, at=now))
    assert sorted(type(result).__name__ for result in results) == ["Event", "SlugTaken"]
    assert Event.objects.filter(slug="spring-2019").count() == 1


def test_a_taken_short_name_is_said_beside_its_field_and_nothing_is_lost(
    smec: Event, mara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    client = browse(mara)
    sentence = 'Another event already uses the short name "smec-2018". Please choose another one.'
    answer = client.post("/en/events/new/", FORM | {"slug": "smec-2018"})
    form = answer.context["form"]
    assert sentence in form.errors["slug"][0] or "already exists" in form.errors["slug"][0]
    assert form["name"].value() is not None
    assert Event.objects.count() == 1
    answer = client.post(
        "/en/events/smec-2018/copy/", {"name_en": "Copy", "slug": "smec-2018", "starts_on": "2019-11-01"}
    )
    assert answer.context["form"].errors == {"slug": [sentence]}
    assert Event.objects.count() == 1


# ── times and halls ──────────────────────────────────────────────────────────────────────────────


def test_blocks_do_not_overlap_and_slots_are_numbered_through(smec: Event, mara: User, now: datetime) -> None:
    begins = datetime(2018, 11, 1, 9, tzinfo=JINAN)
    setting.add_block(smec, starts_at=begins, slot_min=30, break_min=0, num_slots=2, by=mara, at=now)
    assert [(slot.position, f"{slot.starts_at.astimezone(JINAN):%d %H:%M}") for slot in smec.slots.all()][
        :3
    ] == [
        (0, "01 09:00"),
        (1, "01 09:30"),
        (2, "01 14:00"),
    ]
    with pytest.raises(setting.SlotsOverlap, match="14:00"):
        setting.add_block(
            smec,
            starts_at=datetime(2018, 11, 1, 13, 50, tzinfo=JINAN),
            slot_min=20,
            break_min=0,
            num_slots=1,
            by=mara,
            at=now,
        )
    setting.remove_block(smec.blocks.earliest("starts_at"), by=mara, at=now)
    assert [slot.position for slot in smec.slots.all()] == [0, 1, 2, 3, 4, 5]


def test_a_hall_keeps_the_rows_of_tables_that_stay(smec: Event, mara: User, now: datetime) -> None:
    hall = smec.halls.get()
    kept = Table.objects.get(hall=hall, name="E02")
    setting.save_hall(hall, tables=["E05", "E02"], booths=[], apart_from=[], by=mara, at=now)
    assert list(hall.tables.values_list("number", "name")) == [(1, "E05"), (2, "E02")]
    assert Table.objects.get(hall=hall, name="E02").pk == kept.pk
    assert hall.booths.count() == 0


def test_times_halls_and_tables_of_published_meetings_stay(smec: Event, mara: User, now: datetime) -> None:
    hall = smec.halls.get()
    slot = Slot.objects.earliest("id")
    meeting = Meeting.objects.create(event=smec, created_at=now)
    Seat.objects.create(meeting=meeting, slot=slot, hall=hall, table=Table.objects.get(hall=hall, name="E01"))
    for act in (
        lambda: setting.remove_block(slot.block, by=mara, at=now),
        lambda: setting.remove_hall(hall, by=mara, at=now),
        lambda: setting.save_hall(hall, tables=["E02"], booths=[], apart_from=[], by=mara, at=now),
    ):
        with pytest.raises(setting.PlaceInUse):
            act()
    assert (smec.slots.count(), Table.objects.count()) == (6, 4)
