"""The cast: who takes part in the tests of the site, and the small event around which they meet."""

import base64
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils.translation import override
from pytest_django.fixtures import Settings

from kontor.accounts.models import User
from kontor.agreements.models import Agreement, Milestone, Obligation
from kontor.agreements.services import file_document, save_agreement
from kontor.directory.models import (
    Affiliation,
    Cluster,
    ClusterLabel,
    ClusterPartnership,
    ClusterStaff,
    Membership,
    Organisation,
    Person,
    PersonLanguage,
    Site,
)
from kontor.directory.names import NameOrder, PersonName, candidate_key, organisation_key, sort_key
from kontor.directory.services import imports as directory_imports
from kontor.directory.services.claims import claim_organisation
from kontor.directory.services.merging import merge_organisations
from kontor.events.models import (
    Block,
    Booth,
    Event,
    Hall,
    Interpreter,
    ListImport,
    Organiser,
    Participation,
    Slot,
    Table,
)
from kontor.events.services import imports, small_lists
from kontor.figures.models import Claim
from kontor.figures.services import enter_claim
from kontor.i18n import Text
from kontor.jobs.models import Job, Mail
from kontor.jobs.outbox import NewMail, queue_mail
from kontor.jobs.services import enqueue
from kontor.matching.models import Recommendation, Verdict
from kontor.meetings.models import (
    CalendarAddress,
    CurvePoint,
    PersonSeat,
    PlanCheck,
    PlanRun,
    Publication,
    Recovery,
    Seat,
)
from kontor.meetings.planner import build_instance
from kontor.meetings.services import drafts, pair_lists, requests
from kontor.news.models import Article, Photo
from kontor.news.services import add_photo, move_article, save_article
from kontor.routes import Route
from kontor.topics.analysis import vocabulary
from kontor.topics.services import propose_label

JINAN = ZoneInfo("Asia/Shanghai")
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
"""a picture of one pixel"""
NOW = datetime(2018, 10, 15, 10, tzinfo=JINAN)
"""two weeks before the event, while requests are open"""


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Settings) -> None:
    """Static files without hashed names, so that no test needs collected ones."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A page in German that a test opened must not be the language of the next test."""
    with override("en"):
        yield


@pytest.fixture
def now(settings: Settings) -> datetime:
    """It is ten o'clock in Jinan on 15 October 2018, for pages too."""
    settings.TEST_CLOCK = NOW.isoformat()
    return NOW


# ── how people, organisations and events come to be ──────────────────────────────────────────────


def a_user(mail: str | None, *, language: str = "en", **fields: object) -> User:
    return User.objects.create_user(mail, None, name=mail or "", language=language, **fields)


def a_person(
    family: str, given: str, *, user: User | None = None, speaks: str = "", native: str = "", **fields: object
) -> Person:
    """`speaks` is like "de C2, en B1"."""
    name = PersonName(
        family=family,
        given=given,
        native_family=native[:1],
        native_given=native[1:],
        order=NameOrder.FAMILY_FIRST if native else NameOrder.GIVEN_FIRST,
        titles="",
    )
    person = Person.objects.create(
        user=user,
        email=user.email if user else None,
        family=family,
        given=given,
        native_family=name.native_family,
        native_given=name.native_given,
        name_order=name.order.value,
        sort_key=sort_key(name),
        candidate_key=candidate_key(name),
        **fields,
    )
    for spoken in filter(None, speaks.split(", ")):
        code, level = spoken.split(" ")
        PersonLanguage.objects.create(person=person, code=code, level=level)
    return person


def an_organisation(language: str, name: str, **fields: object) -> Organisation:
    return Organisation.objects.create(
        name=Text.of(language, **{language: name}), name_key=organisation_key(name), **fields
    )


def a_participation(
    event: Event, person: Person, organisation: Organisation, **fields: object
) -> Participation:
    return Participation.objects.create(
        event=event, person=person, organisation=organisation, sort_key=person.sort_key, **fields
    )


def an_event(slug: str, starts_on: date, **fields: object) -> Event:
    """Two days in Jinan with a block of three meetings on each, at 14:00 and at 9:00."""
    event = Event.objects.create(
        slug=slug,
        name=Text.of("en", en=f"Event {slug}", de=f"Veranstaltung {slug}", zh=f"活动 {slug}"),
        place=Text.of("en", en="Jinan", zh="济南"),
        zone="Asia/Shanghai",
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=1),
        **fields,
    )
    position = 0
    for day, hour in ((0, 14), (1, 9)):
        begins = datetime(starts_on.year, starts_on.month, starts_on.day, hour, tzinfo=JINAN) + timedelta(day)
        block = Block.objects.create(event=event, starts_at=begins, num_slots=3)
        for number in range(3):
            at = begins + timedelta(minutes=25 * number)
            Slot.objects.create(
                event=event, block=block, position=position, starts_at=at, ends_at=at + timedelta(minutes=20)
            )
            position += 1
    hall = Hall.objects.create(event=event, name=Text.of("en", en="Hall E", zh="E厅"), position=0)
    Table.objects.bulk_create(Table(hall=hall, number=number, name=f"E0{number}") for number in range(1, 5))
    Booth.objects.create(hall=hall, name="S1")
    return event


# ── the events ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def smec(db: None) -> Event:
    """The conference in Jinan on 1 and 2 November 2018, visible to its people only; requests are open in October."""
    return an_event(
        "smec-2018",
        date(2018, 11, 1),
        requests_open_at=datetime(2018, 10, 1, tzinfo=JINAN),
        requests_close_at=datetime(2018, 10, 30, tzinfo=JINAN),
        max_open_requests=3,
    )


@pytest.fixture
def forum(db: None) -> Event:
    """Another event on the same days, which has nothing to do with the conference."""
    return an_event("forum-2018", date(2018, 11, 1), requests_open_at=datetime(2018, 10, 1, tzinfo=JINAN))


# ── the people ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def mara(smec: Event) -> User:
    """Mara organises the conference in Jinan."""
    user = a_user("mara@example.org", may_organise=True)
    Organiser.objects.create(event=smec, user=user)
    return user


@pytest.fixture
def ines(forum: Event) -> User:
    """Ines organises the other event and nothing else."""
    user = a_user("ines@example.org", may_organise=True)
    Organiser.objects.create(event=forum, user=user)
    return user


@pytest.fixture
def saxony(db: None) -> Cluster:
    """A cluster in Dresden that everybody may know of."""
    return Cluster.objects.create(
        slug="elbe-valley",
        name=Text.of("de", de="Elbtal-Cluster", en="Elbe Valley Cluster"),
        country="DE",
        is_published=True,
    )


@pytest.fixture
def clara(saxony: Cluster) -> User:
    """Clara works for the cluster in Dresden."""
    user = a_user("clara@example.org", language="de")
    ClusterStaff.objects.create(cluster=saxony, user=user)
    return user


@pytest.fixture
def elsa(now: datetime, saxony: Cluster) -> User:
    """Elsa writes the profile of a member of the cluster in Dresden, and takes part in nothing."""
    user = a_user("elsa@example.org", language="de")
    member = an_organisation(
        "de", "Elbtal Messtechnik GmbH", country="DE", state="published", sort_key="elbtal mess"
    )
    Affiliation.objects.create(
        person=a_person("Feder", "Elsa", user=user), organisation=member, is_editor=True
    )
    return user


@pytest.fixture
def operator(db: None) -> User:
    """The operator of the site may see everything."""
    return User.objects.create_superuser("operator@example.org")


@pytest.fixture
def stranger(db: None) -> User:
    """A stranger has a sign-in and no part in anything."""
    return a_user("stranger@example.org")


@pytest.fixture
def anna(smec: Event) -> Participation:
    """Anna comes from Dresden, writes German, speaks good English, and offers what Wentao seeks."""
    person = a_person(
        "Brückner", "Anna", user=a_user("anna@example.org", language="de"), speaks="de C2, en C1",
        country="DE", language="de", phone="+49 351 555 0101", wechat="anna_elbtal",
    )  # fmt: skip
    return a_participation(
        smec,
        person,
        an_organisation("de", "Elbtal Reinraumtechnik GmbH", country="DE", place="Dresden"),
        offers=Text.of("de", de="Reinraumtechnik, Filter für Reinräume"),
        seeks=Text.of("de", de="Leistungshalbleiter, Vertriebspartner in China"),
    )


@pytest.fixture
def wentao(smec: Event) -> Participation:
    """Wentao comes from Jinan, writes Chinese, speaks nothing else well, and has no e-mail address."""
    person = a_person(
        "Lyu", "Wentao", native="吕文涛", user=a_user(None, language="zh-hans", time_zone="Asia/Shanghai"),
        speaks="zh C2, en A2", country="CN", language="zh", phone="+86 531 555 0102", wechat="lyu_wentao",
    )  # fmt: skip
    return a_participation(
        smec,
        person,
        an_organisation("zh", "济南泉芯半导体有限公司", country="CN", place="济南"),
        offers=Text.of("zh", zh="功率半导体模块"),
        seeks=Text.of("zh", zh="洁净室技术"),
    )


@pytest.fixture
def aino(smec: Event) -> Participation:
    """Aino comes from Oulu, reads Finnish and English, and exhibits at booth S1."""
    person = a_person(
        "Korhonen", "Aino", user=a_user("aino@example.org", time_zone="Europe/Helsinki"),
        speaks="fi C2, en C2", country="FI",
    )  # fmt: skip
    return a_participation(
        smec,
        person,
        an_organisation("en", "Pohjola Sensors Oy", country="FI", place="Oulu"),
        offers=Text.of("en", en="Temperature sensors"),
        seeks=Text.of("en", en="Contract manufacturing"),
        booth=Booth.objects.get(hall__event=smec),
        category=Participation.Category.EXHIBITOR,
    )


@pytest.fixture
def jonas(smec: Event, anna: Participation) -> Participation:
    """Jonas works for the same company as Anna."""
    person = a_person(
        "Weber", "Jonas", user=a_user("jonas@example.org", language="de"), speaks="de C2, en B2"
    )
    return a_participation(smec, person, anna.organisation)


@pytest.fixture
def shy(smec: Event) -> Participation:
    """Shy does not want to be shown to other participants."""
    person = a_person("Quill", "Shy", user=a_user("shy@example.org"), speaks="en C2", phone="+44 20 555 0103")
    return a_participation(smec, person, an_organisation("en", "Quiet Optics Ltd"), is_listed=False)


@pytest.fixture
def outsider(forum: Event) -> Participation:
    """The outsider takes part in the other event only."""
    person = a_person("Outsider", "Olga", user=a_user("outsider@example.org"), speaks="en C2")
    return a_participation(forum, person, an_organisation("en", "Elsewhere Ltd"))


@pytest.fixture
def lin(smec: Event) -> Interpreter:
    """Lin interprets between German and Chinese."""
    person = a_person("Lin", "Yue", native="林悦", user=a_user("lin@example.org", language="zh-hans"))
    return Interpreter.objects.create(event=smec, person=person, pairs=["de-zh"])


# ── what they use ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def browse() -> Callable[..., Client]:
    """Opens a browser in which this user (nobody: a visitor) is signed in."""

    def open_browser(user: User | None = None, *, checks_csrf: bool = False) -> Client:
        client = Client(enforce_csrf_checks=checks_csrf)
        if user is not None:
            client.force_login(user)
        return client

    return open_browser


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The address of a database that this test and other processes use; on SQLite a file copied from the test database."""
    if connection.vendor == "postgresql":
        values = {key: quote(str(value), safe="") for key, value in connection.settings_dict.items() if value}
        user = values.get("USER", "") + (f":{values['PASSWORD']}" if "PASSWORD" in values else "")
        host = values.get("HOST", "")
        port = f":{values['PORT']}" if "PORT" in values else ""
        yield f"postgresql://{user}@{port}/{values['NAME']}?host={host.replace('%2F', '/')}"
        return
    file = tmp_path / "shared.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        # As every site's database after its set-up: changing to a write-ahead log waits for nobody.
        copy.execute("PRAGMA journal_mode=WAL")
    original = connections["default"]
    shared = connections.create_connection("default")
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    shared.settings_dict = {**original.settings_dict, "NAME": str(file), "OPTIONS": options}
    connections["default"] = shared
    try:
        yield f"sqlite:///{file}"
    finally:
        shared.close()
        connections["default"] = original


@pytest.fixture
def at_once(shared_database: str) -> Callable[..., list[object]]:
    """Runs functions in threads that begin together, each with a connection of its own; returns the results.

    One function and a number run it so many times; several functions run once each. What a function raises is its result.
    """
    shared_settings = connection.settings_dict

    def run(*work: Callable[[], object], times: int = 1) -> list[object]:
        functions = [*work] * times
        barrier = threading.Barrier(len(functions))

        def call(function: Callable[[], object]) -> object:
            own = connections.create_connection("default")
            own.settings_dict = shared_settings
            connections["default"] = own
            try:
                barrier.wait()
                return function()
            except Exception as error:  # noqa: BLE001 -- the test looks at it
                return error
            finally:
                own.close()

        with ThreadPoolExecutor(len(functions)) as threads:
            return [future.result() for future in [threads.submit(call, one) for one in functions]]

    return run


# ── the stage: one row of each kind ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One row of each kind around Anna and Wentao, so that every address names something that is there."""

    event: Event
    names: dict[str, str]
    """what stands in the place of each <…> of an address"""
    pair_list: str
    """the list of pairs, which has a page of its own"""

    def address(self, route: Route, **names: str) -> str:
        """The address of a route with the names of this stage in it, or with others."""
        known = self.names | names
        if route.name == "meetings:pairs-show" and "list_import" not in names:
            known["list_import"] = self.pair_list
        if route.path.startswith("/en/operate/jobs/<"):
            known["public_id"] = names.get("public_id") or Job.objects.earliest("id").public_id
        elif route.path.startswith("/en/operate/mails/<"):
            known["public_id"] = names.get("public_id") or Mail.objects.earliest("id").public_id
        return re.sub(r"<\w+:(\w+)>", lambda found: known[found[1]], route.path)


@pytest.fixture
def stage(
    now: datetime,
    smec: Event,
    mara: User,
    anna: Participation,
    wentao: Participation,
    aino: Participation,
    jonas: Participation,
    shy: Participation,
    lin: Interpreter,
    saxony: Cluster,
    clara: User,
    elsa: User,
    settings: Settings,
    tmp_path: Path,
) -> Stage:
    """Anna and Wentao meet at E01 with Lin; Aino's request waits for Anna; a draft, a list, a job and a mail are there."""
    assert anna.person.user is not None
    assert aino.person.user is not None
    meeting = requests.accept_request(
        requests.ask_for_meeting(wentao, recipient=anna, reason="", by=mara, at=now), by=mara, at=now
    )
    waiting = requests.ask_for_meeting(aino, recipient=anna, reason="Sensors", by=aino.person.user, at=now)
    place = {"slot": 0, "hall": smec.halls.get().public_id, "table": 1, "interpreter": lin.public_id}
    run = PlanRun.objects.create(
        event=smec,
        number=1,
        state="finished",
        is_repair=True,
        started_by=mara,
        created_at=now,
        instance=build_instance(smec, at=now),
    )
    drafts.store_draft(
        run,
        {
            "format": "kontor-plan/1",
            "meetings": {meeting.public_id: place},
            "unplaced": {},
            "measures": {"placed": 1, "priority": 1.0, "gaps": 0, "max_gaps": 0, "idle_slots": 0, "hall_changes": 0,
                         "changes": 0, "interpreter_changes": 0},
            "bounds": {"priority": 1.0, "gaps": 0},
            "proved": True, "seed": 0, "iterations": 1, "wall_s": 0.1, "cpu_s": 0.1,
        },
    )  # fmt: skip
    short = {"code": "pair_short", "params": {"pair": "de-zh", "meetings": 1, "seats": 0, "slots": [0]}}
    PlanCheck.objects.create(
        event=smec,
        conflicts=[
            {"rule": "H4", "facts": [short], "meetings": [meeting.public_id], "num_meetings": 1, "excess": 1}
        ],
        checked_at=now,
    )
    for position in range(2):
        CurvePoint.objects.create(run=run, position=position, placed=1, gaps=1, max_gaps=1, changes=position)
    offer = {
        "people": [anna.public_id, aino.public_id],
        "meeting": None,
        "pair": "",
        "is_together": True,
        "place": place,
    }
    Recovery.objects.create(
        event=smec,
        slot=Slot.objects.get(event=smec, position=0),
        people=[anna.public_id],
        offers=[offer],
        found_at=now,
    )
    enqueue("meetings.plan_event", arguments={"run": run.public_id})
    Publication.objects.create(event=smec, number=1, run=run, published_at=now)
    seat = Seat.objects.create(
        meeting=meeting,
        slot=Slot.objects.get(event=smec, position=0),
        hall=smec.halls.get(),
        table=Table.objects.get(hall__event=smec, name="E01"),
        interpreter=lin,
    )
    for one in (anna, wentao):
        PersonSeat.objects.create(seat=seat, participation=one, slot=seat.slot)
    Recommendation.objects.create(participation=anna, partner=wentao, rank=1, score=0.9)
    Recommendation.objects.create(participation=anna, partner=aino, rank=2, score=0.5)
    Verdict.objects.create(participation=anna, partner=aino, kind="saved", at=now)
    sheet = "Name;Organisation;E-Mail\nEva Muster;Muster GmbH;eva@example.org\n"
    listed = imports.prepare_import(smec, file_name="list.csv", content=sheet.encode(), by=mara, at=now)
    organisations = directory_imports.prepare_import(
        file_name="members.csv", content=b"Organisation\nMuster GmbH\n", cluster=saxony, by=clara, at=now
    )
    pairs = "First e-mail;Second e-mail\nanna@example.org;aino@example.org\n"
    pair_list = small_lists.prepare_list(
        smec,
        ListImport.Kind.PAIRS,
        file_name="pairs.csv",
        content=pairs.encode(),
        build=pair_lists.build_preview,
        by=mara,
        at=now,
    )
    queue_mail(NewMail(to="anna@example.org", subject="s", body="b", language="de", cause=meeting, key="k"))
    zone = Cluster.objects.create(
        slug="zone", name=Text.of("zh", zh="高新区"), country="CN", is_published=True
    )
    agreement = save_agreement(
        Agreement(kind="intent", title=Text.of("en", en="Letter of intent"), is_public=True,
                  partnership=ClusterPartnership.objects.create(first=saxony, second=zone)),
        parties=[saxony, zone],
        by=None,
        at=now,
    )  # fmt: skip
    settings.MEDIA_ROOT = tmp_path
    document = file_document(
        agreement, language="en", name="intent.pdf", content=b"%PDF-1.7", by=mara, at=now
    )
    duty = Obligation.objects.create(agreement=agreement, what=Text.of("en", en="Meet again"))
    assert agreement.partnership is not None
    milestone = Milestone.objects.create(
        partnership=agreement.partnership,
        day=date(2013, 8, 27),
        title=Text.of("en", en="Contact office"),
        source="Annual report",
    )
    claim = enter_claim(
        Claim(
            cluster=saxony, measure="members", value=340, scope=Text.of("en", en="members"), status="self_reported",
            source="Annual report", as_of=date(2018, 9, 30),
        ),
        by=None,
        at=now,
    )  # fmt: skip
    proposal = propose_label(
        vocabulary()["wafer-cleaning"], language="de", label="Scheibenreinigung", note="", by=anna.person.user, at=now
    )  # fmt: skip
    announced = an_event("fair-2019", date(2019, 5, 1), is_announced=True)
    article = save_article(
        Article(slug="news-from-jinan", title=Text.of("en", en="News"), teaser=Text.of("en", en="Teaser"),
                body=Text.of("en", en="Words")),
        by=mara,
        at=now,
    )  # fmt: skip
    for state in ("review", "published"):
        move_article(article, to=state, by=mara, at=now)
    member = Organisation.objects.get(affiliations__person__user=elsa)
    membership = Membership.objects.create(
        cluster=saxony, organisation=member, state="active", is_listed=True, since=date(2016, 1, 1)
    )
    site = Site.objects.create(organisation=member, source="Annual report", country="DE")
    petra = a_person("Muster", "Petra", findable_by="everybody", findable_since=now)
    Affiliation.objects.create(person=petra, organisation=member)
    claim_to_edit = claim_organisation(member, function="Sales", reason="", by=aino.person.user, at=now)
    merge = merge_organisations(
        member, duplicate=an_organisation("de", "Elbtal Messtechnik", country="DE"), by=mara, at=now
    )
    photo = add_photo(
        Photo(article=article, description=Text.of("en", en="Hall"), credit="A. N.", rights="own"),
        name="a.png",
        content=base64.b64decode(DOT),
        by=mara,
        at=now,
    )
    return Stage(
        event=smec,
        pair_list=pair_list.public_id,
        names={
            "slug": smec.slug,
            "block": smec.blocks.earliest("id").public_id,
            "hall": smec.halls.get().public_id,
            "participant": aino.public_id,
            "partner": wentao.public_id,
            "interpreter": lin.public_id,
            "list_import": listed.public_id,
            "organisation_list": organisations.public_id,
            "section": "network",
            "meeting_request": waiting.public_id,
            "meeting": meeting.public_id,
            "number": "1",
            "kind": "cluster",
            "subject": saxony.public_id,
            "claim": claim.public_id,
            "agreement": agreement.public_id,
            "article": article.slug,
            "photo": photo.public_id,
            "event": announced.slug,
            "obligation": duty.public_id,
            "milestone": milestone.public_id,
            "document": document.public_id,
            "first": saxony.slug,
            "second": zone.slug,
            "cluster": saxony.slug,
            "organisation": member.public_id,
            "site": site.public_id,
            "person": petra.public_id,
            "part": "label",
            "piece": ClusterLabel.objects.create(cluster=saxony, name="Bronze").public_id,
            "field": "name",
            "language": "en",
            "membership": membership.public_id,
            "organisation_claim": claim_to_edit.public_id,
            "merge": merge.public_id,
            "token": CalendarAddress.objects.create(participation=anna).token,
            "code": "00000-00000-00000-00000",
            "concept": "wafer-cleaning",
            "form": "ttl",
            "proposal": proposal.public_id,
        },
    )
