"""Participants and interpreters by hand: save, correct, merge, cancel; whose sign-in an address belongs to."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from kontor.accounts.models import User
from kontor.directory.models import Organisation, Person
from kontor.directory.names import NameOrder, PersonName
from kontor.events.models import Event, Interpreter, Participation, Slot
from kontor.events.services import people
from kontor.i18n import Text
from kontor.jobs.models import Job
from kontor.meetings.models import Meeting, Seat


def a_name(family: str, given: str) -> PersonName:
    return PersonName(
        family=family, given=given, native_family="", native_given="", order=NameOrder.GIVEN_FIRST, titles=""
    )


def data_of(name: PersonName, email: str = "", **more: object) -> people.ParticipantData:
    return people.ParticipantData(
        person=people.PersonData(name=name, email=email, **more),  # type: ignore[arg-type]
        organisation=Text.of("en", en="Muster Ltd"),
    )


EVA = a_name("Muster", "Eva")


def test_a_new_participant_gets_a_sign_in_with_zone_and_language_of_their_country(
    smec: Event, mara: User, now: datetime
) -> None:
    data = data_of(EVA, "Eva@Example.ORG", country="CN", language="zh", levels={"zh": ("C2", False)})
    one = people.add_participant(smec, data, by=mara, at=now)
    user = one.person.user
    assert user is not None
    assert (user.email, user.name, user.language, user.time_zone) == (
        "eva@example.org",
        "Eva Muster",
        "zh-hans",
        "Asia/Shanghai",
    )
    assert not user.has_usable_password()
    assert list(one.person.languages.values_list("code", "level")) == [("zh", "C2")]
    assert Job.objects.filter(name="matching.refresh").count() == 1


def test_an_organisation_is_found_again_however_its_name_is_written(
    smec: Event, mara: User, now: datetime
) -> None:
    first = people.add_participant(smec, data_of(EVA), by=mara, at=now)
    second = people.add_participant(smec, data_of(a_name("Muster", "Ute")), by=mara, at=now)
    assert first.organisation == second.organisation == Organisation.objects.get()


def test_nobody_takes_part_twice(smec: Event, mara: User, anna: Participation, now: datetime) -> None:
    with pytest.raises(people.AlreadyTakesPart):
        people.add_participant(smec, data_of(EVA, "anna@example.org"), by=mara, at=now)
    anna.person.refresh_from_db()
    assert anna.person.family == "Brückner"


def test_two_people_do_not_share_an_address(
    smec: Event, mara: User, anna: Participation, aino: Participation, now: datetime
) -> None:
    with pytest.raises(people.AddressTaken):
        people.change_participant(aino, data_of(EVA, "anna@example.org"), by=mara, at=now)
    aino.person.refresh_from_db()
    assert (aino.person.family, aino.person.email) == ("Korhonen", "aino@example.org")


def test_somebody_known_from_another_event_loses_nothing_that_a_new_list_leaves_empty(
    forum: Event, ines: User, anna: Participation, now: datetime
) -> None:
    people.add_participant(forum, data_of(a_name("Brückner", "Anna"), "anna@example.org"), by=ines, at=now)
    person = Person.objects.get(email="anna@example.org")
    assert (person.phone, person.wechat, person.country) == ("+49 351 555 0101", "anna_elbtal", "DE")
    assert dict(person.languages.values_list("code", "level")) == {"de": "C2", "en": "C1"}
    assert person.participations.count() == 2


# ── nobody takes over a sign-in ──────────────────────────────────────────────────────────────────


def test_the_organiser_corrects_the_address_of_somebody_who_never_signed_in(
    smec: Event, mara: User, now: datetime
) -> None:
    one = people.add_participant(smec, data_of(EVA, "eva@exmaple.org"), by=mara, at=now)
    people.change_participant(one, data_of(EVA, "eva@example.org"), by=mara, at=now)
    user = User.objects.get(person__participations=one)
    assert user.email == "eva@example.org"


@pytest.mark.parametrize("whose", ["signed in", "takes part elsewhere", "organises", "operates"])
def test_an_address_that_somebody_signs_in_with_is_not_changed_by_an_organiser(
    smec: Event, forum: Event, mara: User, ines: User, operator: User, now: datetime, whose: str
) -> None:
    """Else an organiser could put the operator on a list and send the operator's links to themselves."""
    address = {"organises": "ines@example.org", "operates": "operator@example.org"}.get(
        whose, "eva@example.org"
    )
    one = people.add_participant(smec, data_of(EVA, address), by=mara, at=now)
    if whose == "takes part elsewhere":
        people.add_participant(forum, data_of(EVA, address), by=ines, at=now)
    if whose == "signed in":
        User.objects.filter(email=address).update(last_login=now)
    for new in ("attacker@example.com", ""):
        with pytest.raises(people.AddressBelongsToSignIn):
            people.change_participant(one, data_of(EVA, new), by=mara, at=now)
    user = User.objects.get(email=address)
    assert user.person.email == address


def test_a_sign_in_that_has_a_person_is_not_given_to_another_one(
    smec: Event, mara: User, anna: Participation, now: datetime
) -> None:
    """Anna has changed the address she signs in with; the organiser's row still has the old one."""
    User.objects.filter(person=anna.person).update(email="new@example.org")
    with pytest.raises(people.AddressTaken):
        people.add_participant(smec, data_of(EVA, "new@example.org"), by=mara, at=now)
    assert Participation.objects.count() == 1


def test_merging_never_closes_a_sign_in_that_is_used(
    smec: Event, mara: User, anna: Participation, aino: Participation, now: datetime
) -> None:
    User.objects.filter(person=aino.person).update(last_login=now)
    gone = Participation.objects.select_related("person__user").get(pk=aino.pk)
    with pytest.raises(people.MergeTheOtherWay):
        people.merge_participants(anna, gone, by=mara, at=now)
    aino.refresh_from_db()
    assert aino.state == "confirmed"


# ── merge, cancel, bring back ────────────────────────────────────────────────────────────────────


def test_merging_fills_the_blanks_and_cancels_the_other_row(
    smec: Event, mara: User, wentao: Participation, now: datetime
) -> None:
    twin = people.add_participant(
        smec,
        data_of(EVA, "lyu@example.cn", levels={"en": ("C1", False), "de": ("A1", True)}),
        by=mara,
        at=now,
    )
    people.merge_participants(wentao, twin, by=mara, at=now)
    wentao.refresh_from_db()
    twin.refresh_from_db()
    assert (wentao.person.email, wentao.person.user.email) == ("lyu@example.cn", "lyu@example.cn")  # type: ignore[union-attr]
    assert (wentao.person.phone, wentao.person.family) == ("+86 531 555 0102", "Lyu")
    assert dict(wentao.person.languages.values_list("code", "level")) == {"zh": "C2", "en": "A2", "de": "A1"}
    assert (twin.state, twin.person.email, twin.person.user.is_active) == ("cancelled", None, False)  # type: ignore[union-attr]


def test_only_two_different_people_of_one_event_are_merged(
    anna: Participation, outsider: Participation, mara: User, now: datetime
) -> None:
    for gone in (anna, outsider):
        with pytest.raises(people.NotTheSameEvent):
            people.merge_participants(anna, gone, by=mara, at=now)


def test_cancelling_is_soft_and_can_be_taken_back(anna: Participation, mara: User, now: datetime) -> None:
    people.cancel_participation(anna, by=mara, at=now)
    people.cancel_participation(anna, by=mara, at=now)
    assert Participation.objects.get(pk=anna.pk).state == "cancelled"
    assert Job.objects.filter(name="meetings.after_cancellation").count() == 1
    people.restore_participation(anna, by=mara, at=now)
    assert Participation.objects.get(pk=anna.pk).state == "confirmed"


def test_many_changed_profiles_are_matched_in_one_run_for_everybody(smec: Event, anna: Participation) -> None:
    people.profiles_changed(smec, [anna] * 20)
    people.profiles_changed(smec, [anna] * 21)
    assert list(Job.objects.order_by("id").values_list("name", flat=True)) == [
        "matching.refresh",
        "matching.match_event",
        "events.index_profiles",
    ]


# ── when somebody is free ────────────────────────────────────────────────────────────────────────


def test_busy_is_the_rest_of_the_days_of_the_event_in_local_time(smec: Event) -> None:
    day = date(2018, 11, 1)
    busy = people.busy_from_free(smec, [(day, 600, 720), (day, 690, 780)])
    zone = ZoneInfo("Asia/Shanghai")
    assert busy == (
        (datetime(2018, 11, 1, 0, tzinfo=zone), datetime(2018, 11, 1, 10, tzinfo=zone)),
        (datetime(2018, 11, 1, 13, tzinfo=zone), datetime(2018, 11, 2, 0, tzinfo=zone)),
        (datetime(2018, 11, 2, 0, tzinfo=zone), datetime(2018, 11, 3, 0, tzinfo=zone)),
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "not available: Thu 1 Nov, all day"),
        ("de", "nicht verfügbar: Do., 1. Nov., ganztägig"),
        ("zh-hans", "不可约：11月1日 周四全天"),
    ],
)
def test_the_page_of_a_participant_says_all_day_and_not_from_midnight_to_midnight(
    browse: Callable[..., Client], anna: Participation, mara: User, language: str, words: str
) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    anna.unavailabilities.create(
        starts_at=datetime(2018, 11, 1, tzinfo=zone), ends_at=datetime(2018, 11, 2, tzinfo=zone)
    )
    page = browse(mara).get(f"/{language}/events/smec-2018/participants/{anna.public_id}/")
    assert words in page.content.decode()


# ── interpreters ─────────────────────────────────────────────────────────────────────────────────


def test_an_interpreter_is_named_once_per_event(smec: Event, mara: User, now: datetime) -> None:
    data = people.PersonData(name=EVA, email="eva@example.org", levels={"de": ("C2", False)})
    people.save_interpreter(Interpreter(event=smec, person=Person(), pairs=["de-zh"]), data, by=mara, at=now)
    with pytest.raises(people.AlreadyTakesPart):
        people.save_interpreter(
            Interpreter(event=smec, person=Person(), pairs=["de-zh"]), data, by=mara, at=now
        )
    assert Interpreter.objects.count() == 1


def test_an_interpreter_of_the_published_plan_stays(
    smec: Event, lin: Interpreter, mara: User, now: datetime
) -> None:
    meeting = Meeting.objects.create(event=smec, created_at=now)
    Seat.objects.create(
        meeting=meeting, slot=Slot.objects.earliest("id"), hall=smec.halls.get(), interpreter=lin
    )
    with pytest.raises(people.InterpreterHasMeetings):
        people.remove_interpreter(lin, by=mara, at=now)
    assert Interpreter.objects.filter(pk=lin.pk).exists()
    Seat.objects.all().delete()
    people.remove_interpreter(lin, by=mara, at=now)
    assert not Interpreter.objects.filter(pk=lin.pk).exists()


@pytest.mark.parametrize(
    ("words", "is_wentao"),
    [
        ("Brückner", False),
        ("Anna Bruckner", False),
        ("reinraum elbtal", False),
        ("ANNA@example", False),
        ("lyu wentao", True),
        ("Wentao Lyu", True),
        ("吕文涛", True),
        ("泉芯", True),
        ("quanxin semi", True),
    ],
)
def test_people_are_found_by_each_word_of_a_name_an_address_or_any_name_of_their_organisation(
    words: str, is_wentao: bool, smec: Event, anna: Participation, wentao: Participation
) -> None:
    wentao.organisation.name = Text.of(
        "zh", zh="济南泉芯半导体有限公司", en="Jinan Quanxin Semiconductor Co., Ltd."
    )
    wentao.organisation.save(update_fields=("name",))
    assert list(smec.participations.called(words)) == [wentao if is_wentao else anna]


def test_nobody_is_found_by_words_of_two_people(
    smec: Event, anna: Participation, wentao: Participation
) -> None:
    assert not smec.participations.called("Anna Lyu").exists()
    assert smec.participations.called("").count() == 2


def test_the_list_of_participants_writes_names_as_their_owners_do(
    smec: Event, mara: User, anna: Participation, wentao: Participation, browse: Callable[..., Client]
) -> None:
    page = browse(mara).get("/en/events/smec-2018/participants/").content.decode()
    for name in (anna.person.name.latin, wentao.person.name.latin):
        assert f'translate="no">{name}</span>' in page
    assert wentao.person.name.latin.startswith(wentao.person.family.upper())
