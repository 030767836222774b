"""After a no-show: who is stranded gets offers for the next slot, and one press agrees, places and publishes one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from kontor.accounts.models import User
from kontor.directory.models import Organisation, Person, PersonLanguage
from kontor.events.models import Event, Interpreter, Participation, Slot
from kontor.i18n import Text
from kontor.jobs.models import Mail
from kontor.matching.models import Recommendation
from kontor.meetings.emails.publication import group_of
from kontor.meetings.models import Meeting, PersonSeat, PlanRun, Publication, Recovery, Seat
from kontor.meetings.services import plan, recovery
from kontor.meetings.services.incidents import report_incident
from kontor.meetings.services.publication import publish_plan

PAGE = "/en/events/smec-2018/plan/recovery/"


@pytest.fixture
def eero(smec: Event) -> Participation:
    """Eero has no meeting yet; he speaks Chinese only, and is worth meeting for Anna."""
    person = Person.objects.create(family="Salo", given="Eero", sort_key="salo eero", candidate_key="salo")
    PersonLanguage.objects.create(person=person, code="zh", level="C2")
    organisation = Organisation.objects.create(name=Text.of("en", en="Salo Oy"), name_key="salo")
    return Participation.objects.create(
        event=smec, person=person, organisation=organisation, sort_key=person.sort_key
    )


@pytest.fixture
def slot(
    smec: Event,
    wentao: Participation,
    mara: User,
    two_meetings: tuple[Meeting, Meeting],
    now: datetime,
    searched: Callable[..., PlanRun],
    settings: Settings,
) -> Slot:
    """Ten minutes before Anna should meet Wentao it is known that he does not come to that slot."""
    publish_plan(searched(smec, by=mara, at=now), after_number=0, by=mara, at=now)
    found = Slot.objects.get(seats__meeting=two_meetings[0])
    report_incident(smec, wentao, first=found, last=found, by=mara, at=at_of(found))
    settings.TEST_CLOCK = at_of(found).isoformat()
    return found


def at_of(slot: Slot) -> datetime:
    return slot.starts_at - timedelta(minutes=3)


def seats() -> dict[int, tuple[int, int]]:
    return {one.meeting_id: (one.slot_id, one.table_id or 0) for one in Seat.objects.all()}


def test_somebody_stranded_is_offered_a_good_match_who_is_free_with_an_interpreter_and_a_table(
    slot: Slot, smec: Event, anna: Participation, eero: Participation, lin: Interpreter, mara: User
) -> None:
    Recommendation.objects.create(participation=anna, partner=eero, rank=1, score=0.8)
    found = recovery.look_for_offers(smec, by=mara, at=at_of(slot))
    assert found.people == [anna.public_id]
    (offer,) = found.offers
    assert (sorted(offer["people"]), offer["meeting"], offer["pair"], offer["is_together"]) == (
        sorted([anna.public_id, eero.public_id]),
        None,
        "de-zh",
        True,
    )
    assert offer["place"]["slot"] == slot.position
    assert offer["place"]["interpreter"] == lin.public_id


def test_an_agreed_meeting_without_a_place_comes_before_an_introduction(
    slot: Slot,
    smec: Event,
    anna: Participation,
    aino: Participation,
    eero: Participation,
    mara: User,
    now: datetime,
    agree: Callable[..., Meeting],
) -> None:
    Recommendation.objects.create(participation=anna, partner=eero, rank=1, score=0.8)
    other = Participation.objects.create(
        event=smec,
        person=Person.objects.create(family="Mo", sort_key="mo", candidate_key="mo"),
        organisation=aino.organisation,
        sort_key="mo",
    )
    waiting = agree(smec, anna, other, at=now, language="en")
    found = recovery.look_for_offers(smec, by=mara, at=at_of(slot))
    assert [(offer["meeting"], offer["is_together"]) for offer in found.offers] == [
        (waiting.public_id, True),
        (None, False),
    ]


def test_one_press_agrees_places_and_publishes_and_moves_nobody_else(
    slot: Slot,
    smec: Event,
    anna: Participation,
    wentao: Participation,
    eero: Participation,
    two_meetings: tuple[Meeting, Meeting],
    mara: User,
    browse: Callable[..., Client],
) -> None:
    Recommendation.objects.create(participation=anna, partner=eero, rank=1, score=0.8)
    before = seats()
    client = browse(mara)
    client.post(PAGE)
    page = client.get(PAGE).content.decode()
    for words in (
        "1 person has nobody to meet",
        "Salo Oy",
        "a good match, both free now",
        "Take and publish",
    ):
        assert words in page
    found = Recovery.objects.get()
    answer = client.post(PAGE, {"offer": "0", "found_at": found.found_at.isoformat()})
    assert answer["Location"] == "/en/events/smec-2018/plan/mails/2/"
    meeting = Meeting.objects.exclude(pk__in=[one.pk for one in two_meetings]).get()
    assert {one.participation for one in meeting.parties.all()} == {anna, eero}
    after = seats()
    assert after.pop(meeting.pk)[0] == slot.pk
    assert two_meetings[0].pk not in after
    assert after == {two_meetings[1].pk: before[two_meetings[1].pk]}
    assert set(PersonSeat.objects.filter(slot=slot).values_list("participation", flat=True)) == {
        anna.pk,
        eero.pk,
    }
    changes = Publication.objects.get(number=2).changes.values_list("meeting", "kind")
    assert sorted(changes) == sorted([(two_meetings[0].pk, "removed"), (meeting.pk, "new")])
    assert set(
        Mail.objects.filter(group=group_of(Publication.objects.get(number=2))).values_list("state", flat=True)
    ) == {Mail.State.HELD}
    assert Recovery.objects.get().people == []
    assert "nobody is stranded" in client.get(PAGE).content.decode()


def test_an_offer_that_was_overtaken_is_refused_and_changes_nothing(
    slot: Slot, smec: Event, anna: Participation, eero: Participation, mara: User
) -> None:
    Recommendation.objects.create(participation=anna, partner=eero, rank=1, score=0.8)
    at = at_of(slot)
    found = recovery.look_for_offers(smec, by=mara, at=at)
    stamp = Recovery.objects.get().found_at.isoformat()
    report_incident(smec, eero, first=slot, last=slot, by=mara, at=at)
    before = (seats(), Meeting.objects.count(), PlanRun.objects.count())
    with pytest.raises(recovery.OfferGone):
        recovery.take_offer(smec, 0, found_at=stamp, by=mara, at=at)
    for number, stamped, moment in ((0, "yesterday", at), (9, stamp, at), (0, stamp, slot.starts_at)):
        with pytest.raises(recovery.OfferGone):
            recovery.take_offer(smec, number, found_at=stamped, by=mara, at=moment)
    assert (seats(), Meeting.objects.count(), PlanRun.objects.count()) == before
    assert found.offers


def test_who_is_dismissed_hidden_or_a_colleague_is_not_offered(
    slot: Slot,
    smec: Event,
    anna: Participation,
    aino: Participation,
    eero: Participation,
    jonas: Participation,
    shy: Participation,
    mara: User,
) -> None:
    for rank, partner in enumerate((aino, eero, jonas, shy), start=1):
        Recommendation.objects.create(participation=anna, partner=partner, rank=rank, score=0.5)
    anna.verdicts.create(partner=eero, kind="not_for_us", at=at_of(slot))
    assert recovery.look_for_offers(smec, by=mara, at=at_of(slot)).offers == []


def test_without_a_published_plan_or_a_slot_to_come_there_is_nothing_to_recover(
    smec: Event, mara: User, now: datetime
) -> None:
    with pytest.raises(plan.NothingPublished):
        recovery.look_for_offers(smec, by=mara, at=now)
    Publication.objects.create(event=smec, number=1, published_at=now)
    with pytest.raises(recovery.NoSlotToCome):
        recovery.look_for_offers(smec, by=mara, at=now + timedelta(days=60))
