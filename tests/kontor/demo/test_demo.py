"""The sample event: the same for the same seed, of the promised size, consistent in itself, and marked as sample data."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, cast

import pytest

from kontor.accounts.models import User
from kontor.demo import services
from kontor.demo.people import COUNTRIES, load, make_organisations, make_person
from kontor.demo.rows import build_people
from kontor.directory.lists.availability import read_availability
from kontor.directory.models import Organisation, Person
from kontor.events.models import Event, Interpreter, Participation, Slot, Table
from kontor.events.services.people import busy_beside, event_days
from kontor.i18n import Text
from kontor.jobs.context import JobContext
from kontor.matching.models import Recommendation
from kontor.meetings.models import Meeting, MeetingRequest, Publication
from kontor.meetings.services.plan import plan_now


class Listener:
    """Takes the place of the job and remembers what it is told."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.figures: dict[str, Any] = {}

    def progress(self, **facts: Any) -> None:
        self.figures |= facts
        if "stage" in facts:
            self.stages.append(facts["stage"])

    @contextmanager
    def finishing(self, **facts: Any) -> Iterator[None]:
        self.progress(**facts)
        yield


@pytest.fixture
def jinan(db: None) -> Event:
    """The setting of the sample event, without people."""
    return services._build_setting()


def people_of(seed: int, number: int) -> list[Any]:
    rnd = random.Random(seed)
    countries = ["CN", *COUNTRIES]
    return [make_person(rnd, countries[index % len(countries)]) for index in range(number)]


def test_the_same_seed_gives_the_same_people_and_organisations() -> None:
    assert people_of(1, 300) == people_of(1, 300)
    assert people_of(1, 300) != people_of(2, 300)
    first, second = (make_organisations(random.Random(1), foreign=20, chinese=60) for _ in range(2))
    assert first == second
    assert len({str(one.name) for one in first}) == 80


def test_given_names_titles_and_functions_are_those_of_women_or_of_men() -> None:
    for one in people_of(1, 1_500):
        if one.name.titles.endswith(("Kffr.", "Mag.a")):
            assert one.sex == "f"
        if one.name.titles.endswith(("Kfm.", "Mag.")):
            assert one.sex == "m"
    for source in load("people").values():
        plain = [{str(given) for given in source["givens"][sex]} for sex in "fm"]
        assert not plain[0] & plain[1]
    functions = load("sentences")["de"]["functions"]
    assert "Geschäftsführerin" in functions["f"]
    assert not any("in " in f"{words} " for words in functions["m"])


def test_words_about_absences_say_exactly_what_the_rows_say(jinan: Event) -> None:
    build_people(jinan, seed=1, scale=0.1)
    absent = Participation.objects.exclude(availability_words="").prefetch_related("unavailabilities")
    assert len(absent) > 5
    for one in [*absent, *Interpreter.objects.exclude(availability_words="")]:
        reading = read_availability(one.availability_words, event_days(jinan))
        rows = tuple((row.starts_at, row.ends_at) for row in one.unavailabilities.all())
        assert (reading.not_understood, reading.outside) == ((), ())
        assert busy_beside(jinan, reading.intervals) == rows, one.availability_words


def test_the_sample_event_has_the_promised_size(jinan: Event) -> None:
    assert (jinan.starts_on, jinan.ends_on) == (date(2018, 10, 31), date(2018, 11, 2))
    assert (Slot.objects.count(), jinan.blocks.count(), Table.objects.count()) == (14, 2, 60)
    names = list(Table.objects.order_by("number").values_list("name", flat=True))
    assert (names[0], names[-1]) == ("A01", "F10")
    build_people(jinan, seed=1, scale=1.0)
    counts = (Participation.objects.count(), Organisation.objects.count(), Interpreter.objects.count())
    assert counts == (2_000, 860, 44)
    profiles = Participation.objects.exclude(offers=Text("en")).values_list("offers", "seeks")
    different = {str(text) for pair in profiles for text in pair if text}
    assert len(different) >= 1_500


def test_the_event_is_built_from_people_to_plan_and_everything_is_marked(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        services, "plan_now", lambda event, **facts: plan_now(event, **facts | {"seconds": 1})
    )
    listener = Listener()
    services.build(seed=1, scale=0.1, is_planned=False, context=cast("JobContext", listener))
    assert not Publication.objects.exists()
    services.build(seed=1, scale=0.1, is_planned=True, context=cast("JobContext", listener))
    assert listener.stages == ["people", "matches", "requests", "plan", "people", "plan", "done"]
    event = Event.objects.get()
    states = [
        MeetingRequest.objects.filter(state=state).count()
        for state in ("accepted", "declined", "expired", "withdrawn")
    ]
    assert (sum(states), states) == (190, [91, 38, 49, 12])
    assert (event.participations.count(), event.interpreters.count()) == (200, 6)
    assert Publication.objects.get(event=event).number == 1
    assert listener.figures["placed"] <= listener.figures["meetings"] == 91
    made = {
        "people": Person.objects.filter(participations__event=event),
        "users": User.objects.filter(person__participations__event=event),
        # the network around the event has real organisations too, with public facts
        "organisations": Organisation.objects.filter(participations__event=event),
        "participants": event.participations.all(),
        "interpreters": event.interpreters.all(),
        "requests": event.meeting_requests.all(),
        "meetings": event.meetings.all(),
    }
    for name, rows in made.items():
        assert set(cast("Any", rows).values_list("is_sample", flat=True)) == {True}, name
    assert event.is_sample
    roles = ["editor", "interpreter", "operator", "organiser", "participant", "participant_zh", "staff"]
    assert sorted(services.sample_sign_ins()) == roles
    before = (Recommendation.objects.count(), Meeting.objects.count(), Publication.objects.count())
    services.build(
        seed=1, scale=0.1, is_planned=True, context=cast("JobContext", listener)
    )  # after a kill, say
    assert (Recommendation.objects.count(), Meeting.objects.count(), Publication.objects.count()) == before


@pytest.mark.parametrize("is_demo", [True, False])
def test_only_a_demonstration_lets_anybody_in(
    jinan: Event, settings: Any, client: Any, is_demo: bool
) -> None:
    settings.DEMO = is_demo
    pages = [
        client.get("/en/demo/").status_code,
        client.post("/en/demo/sign-in/", {"role": "organiser"}).status_code,
    ]
    assert pages == ([200, 302] if is_demo else [404, 404])
    assert ("_auth_user_id" in client.session) is is_demo
