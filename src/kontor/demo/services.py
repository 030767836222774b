"""Build the sample event step by step: setting, people, matches, requests, plan. Each step leaves a consistent site."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from kontor.accounts.models import User
from kontor.demo.network import build_network
from kontor.demo.requests import build_requests
from kontor.demo.rows import build_people
from kontor.directory.models import Organisation, Person
from kontor.directory.names import PersonName, candidate_key, sort_key
from kontor.directory.services.people import add_affiliation, set_findable
from kontor.events.models import (
    Event,
    Hall,
    Organiser,
    Participation,
)
from kontor.events.services.setting import add_block, save_hall
from kontor.events.table_names import parse_names
from kontor.i18n import Text
from kontor.jobs.context import JobContext
from kontor.matching.models import Recommendation
from kontor.matching.services import match_now
from kontor.meetings.models import PersonSeat, Publication
from kontor.meetings.services.plan import plan_now
from kontor.meetings.services.publication import publish_plan
from kontor.search.registry import kinds
from kontor.search.services import rebuild

SLUG = "smec-2018"
GOOD_SCORE = 0.2
"""a match of this score is worth showing to somebody who looks around"""


def build(*, seed: int, scale: float, is_planned: bool, context: JobContext) -> None:
    """The whole event, or all before its plan; steps that are done already (after a kill) are left alone."""
    context.progress(stage="people")
    event = Event.objects.filter(slug=SLUG).first() or _build_setting()
    if not event.participations.exists():
        build_people(event, seed=seed, scale=scale)
    build_network(event)
    _build_editor(event)
    figures: dict[str, Any] = {"people": event.participations.count()}
    if not Recommendation.objects.filter(participation__event=event).exists():
        context.progress(stage="matches", **figures)
        match_now(event)
    figures["pairs"] = Recommendation.objects.filter(participation__event=event).count()
    if not event.meeting_requests.exists():
        context.progress(stage="requests", **figures)
        for kind in kinds():
            rebuild(kind)  # not as a job of its own, for which the plan would have to wait
        build_requests(event, seed=seed, scale=scale)
    figures |= {"requests": event.meeting_requests.count(), "meetings": event.meetings.count()}
    if not is_planned:
        with context.finishing(stage="plan", **figures):
            return
    if not Publication.objects.filter(event=event).exists():
        context.progress(stage="plan", **figures)
        _build_plan(
            event, seconds=_plan_seconds(scale), report=lambda placed: context.progress(placed=placed)
        )
    figures["placed"] = event.publications.get(number=1).measures["placed"]
    with context.finishing(stage="done", **figures):
        pass


@transaction.atomic
def _build_setting() -> Event:
    event = _setting()
    organiser = _user("Mara Klinger", "organiser@example.org", language="en", may_organise=True)
    Organiser.objects.create(event=event, user=organiser)
    _user("Uta Netzwerk", "staff@example.org", language="en")
    _user(
        "Rolf Betrieb",
        "operator@example.org",
        language="en",
        may_organise=True,
        is_superuser=True,
        is_staff=True,
    )
    return event


@transaction.atomic
def _build_editor(event: Event) -> None:
    """Somebody who writes the profile of a sample company, and agreed to be found; once."""
    if User.objects.filter(email="editor@example.org").exists():
        return
    organisation = Organisation.objects.filter(participations__event=event, country="DE").earliest("pk")
    user = _user("Elsa Feder", "editor@example.org", language="en")
    name = PersonName(family="Feder", given="Elsa")
    person = Person.objects.create(
        user=user,
        email=user.email,
        family=name.family,
        given=name.given,
        sort_key=sort_key(name),
        candidate_key=candidate_key(name),
        language="de",
        country="DE",
        is_sample=True,
    )
    at = datetime(2018, 10, 1, 8, 0, tzinfo=UTC)
    function = Text.of("de", de="Kommunikation", en="Communications", zh="企业传播")
    add_affiliation(person, organisation=organisation, function=function, is_editor=True, by=None, at=at)
    set_findable(person, findable_by=Person.FindableBy.EVERYBODY, by=user, at=at)


def _setting() -> Event:
    """Facts of the real conference (title, city, venue, days); halls, tables and times are made up."""
    event = Event.objects.create(
        slug=SLUG,
        name=Text.of(
            "zh",
            de="Deutsch-Chinesische Kommunikations- und Kooperationskonferenz für KMU 2018",
            en="Sino-German SME Cooperation and Communication Conference 2018",
            zh="2018中德中小企业合作交流大会",
        ),
        place=Text.of("zh", de="Jinan", en="Jinan", zh="济南"),
        venue=Text.of("zh", de="Shandong-Gebäude", en="Shandong Building", zh="山东大厦"),
        zone="Asia/Shanghai",
        starts_on=date(2018, 10, 31),
        ends_on=date(2018, 11, 2),
        is_announced=True,
        requests_open_at=datetime(2018, 10, 4, 1, 0, tzinfo=UTC),
        requests_close_at=datetime(2018, 11, 2, 1, 0, tzinfo=UTC),
        is_sample=True,
    )
    at = datetime(2018, 9, 20, 8, 0, tzinfo=UTC)
    author = _user("Demo", None, language="en")
    for start, slots in ((datetime(2018, 11, 1, 14, 0), 8), (datetime(2018, 11, 2, 9, 0), 6)):  # noqa: DTZ001 -- local
        add_block(
            event,
            starts_at=start.replace(tzinfo=event.tzinfo),
            slot_min=20,
            break_min=5,
            num_slots=slots,
            by=author,
            at=at,
        )
    hall_e = Hall(event=event, name=Text.of("zh", de="Halle E", en="Hall E", zh="E厅"))
    save_hall(hall_e, tables=parse_names("A01-F10"), booths=[], apart_from=[], by=author, at=at)
    foyer = Hall(
        event=event, name=Text.of("zh", de="Ausstellungsfoyer", en="Exhibition foyer", zh="展览前厅")
    )
    save_hall(foyer, tables=[], booths=parse_names("S01-S40"), apart_from=[hall_e], by=author, at=at)
    return event


def _user(name: str, email: str | None, *, language: str, **fields: Any) -> User:
    user = User(
        email=email, name=name, language=language, time_zone="Asia/Shanghai", is_sample=True, **fields
    )
    user.password = make_password(None)
    user.save()
    return user


def _plan_seconds(scale: float) -> int:
    """Ten for the whole event or more, two for a small one."""
    return max(2, round(10 * min(scale, 1)))


def _build_plan(event: Event, *, seconds: int, report: Callable[[int], None]) -> None:
    organiser = User.objects.get(organising__event=event)
    at = datetime(2018, 10, 29, 8, 0, tzinfo=UTC)
    run = plan_now(event, seconds=seconds, seed=1, by=organiser, at=at, report=report)
    publish_plan(run, after_number=0, by=organiser, at=at)


def sample_sign_ins() -> dict[str, User]:
    """One person per role: a participant and an interpreter with many meetings, the organiser, an editor, the operator."""
    event = Event.objects.filter(slug=SLUG).first()
    if event is None:
        return {}
    found = {
        "participant": _busiest(
            event.participations.filter(person__country="DE", person__email__isnull=False)
        ),
        "interpreter": _busiest(event.interpreters.all()),
        "organiser": User.objects.filter(email="organiser@example.org").first(),
        "editor": User.objects.filter(email="editor@example.org").first(),
        "staff": User.objects.filter(email="staff@example.org").first(),
        "operator": User.objects.filter(email="operator@example.org").first(),
    }
    chinese = _busiest(event.participations.filter(person__country="CN", person__email__isnull=False))
    return {role: user for role, user in {**found, "participant_zh": chinese}.items() if user is not None}


def _busiest(rows: Any) -> User | None:
    """Somebody with many meetings; of participants who have any first those whose offers and wishes others answer."""
    order = ["-num", "id"]
    if rows.model is Participation:
        good = Recommendation.objects.filter(participation=OuterRef("pk"), score__gte=GOOD_SCORE)
        rows = rows.annotate(meets=Exists(PersonSeat.objects.filter(participation=OuterRef("pk"))))
        rows, order = rows.annotate(fits=Exists(good)), ["-meets", "-fits", *order]
    row = rows.annotate(num=Count("seats")).order_by(*order).select_related("person__user").first()
    return row.person.user if row is not None else None
