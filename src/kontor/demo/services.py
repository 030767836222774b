"""Build the sample event step by step: setting, people, matches, requests, plan. Each step leaves a consistent site."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count

from kontor.accounts.models import User
from kontor.accounts.services import issue_personal_code
from kontor.demo.people import (
    SECTORS,
    SampleOrganisation,
    SamplePerson,
    load,
    make_organisations,
    make_person,
    weighted,
)
from kontor.demo.profiles import compose
from kontor.directory.models import Organisation, Person, PersonLanguage
from kontor.directory.names import candidate_key, display, organisation_key, sort_key
from kontor.events.models import (
    Booth,
    Event,
    Hall,
    Interpreter,
    InterpreterUnavailability,
    Organiser,
    Participation,
    Unavailability,
)
from kontor.events.services.people import ZONES
from kontor.events.services.setting import add_block, save_hall
from kontor.events.table_names import parse_names
from kontor.i18n import Text
from kontor.jobs.context import JobContext
from kontor.matching.models import Recommendation
from kontor.matching.services import match_now
from kontor.meetings.languages import common_language, interpreted_pair
from kontor.meetings.models import Meeting, MeetingParty, MeetingRequest, Publication
from kontor.meetings.services.plan import plan_now, publish_plan

SLUG = "smec-2018"
PARTICIPANTS, FOREIGN, ORGANISATIONS, FOREIGN_ORGANISATIONS = 2000, 220, 860, 130
MATCHMAKING, EXHIBITORS, INTERPRETERS = 360, 90, 44
REQUESTS, ACCEPTED, DECLINED, EXPIRED = 1900, 912, 380, 494
"""what becomes of the requests; the rest is withdrawn"""
# Of 100 agreed meetings so many are held in each way (domain: "Resulting meeting language").
WAYS = {"en": 30, "zh": 3, "de": 2, "en-zh": 37, "de-zh": 28}
BATCH = 500
_INTERFACE = {"de": "de", "en": "en", "zh": "zh-hans"}
SHOWN_AT = datetime(2018, 11, 1, 5, 48, tzinfo=UTC)
"""13:48 in Jinan, twelve minutes before the first meeting: where the clock of the demonstration stands"""


def build(*, seed: int, scale: float, context: JobContext) -> None:
    """The whole event; steps that are done already (after a kill) are left alone."""
    context.progress(stage="people")
    event = Event.objects.filter(slug=SLUG).first() or _build_people(seed=seed, scale=scale)
    figures: dict[str, Any] = {"people": event.participations.count()}
    if not Recommendation.objects.filter(participation__event=event).exists():
        context.progress(stage="matches", **figures)
        match_now(event)
    figures["pairs"] = Recommendation.objects.filter(participation__event=event).count()
    if not event.meeting_requests.exists():
        context.progress(stage="requests", **figures)
        _build_requests(event, seed=seed, scale=scale)
    figures |= {"requests": event.meeting_requests.count(), "meetings": event.meetings.count()}
    if not Publication.objects.filter(event=event).exists():
        context.progress(stage="plan", **figures)
        _build_plan(event, report=lambda placed: context.progress(placed=placed))
    figures["placed"] = event.publications.get(number=1).measures["placed"]
    with context.finishing(stage="done", **figures):
        pass


@transaction.atomic
def _build_people(*, seed: int, scale: float) -> Event:
    rnd = random.Random(seed)  # noqa: S311 -- sample data, not secrets
    event = _setting()
    organiser = _user("Mara Klinger", "organiser@example.org", language="en", may_organise=True)
    Organiser.objects.create(event=event, user=organiser)
    _user(
        "Rolf Betrieb",
        "operator@example.org",
        language="en",
        may_organise=True,
        is_superuser=True,
        is_staff=True,
    )
    total = max(60, round(PARTICIPANTS * scale))
    foreign = max(20, round(FOREIGN * scale))
    samples = make_organisations(
        rnd,
        foreign=max(15, round(FOREIGN_ORGANISATIONS * scale)),
        chinese=max(30, round((ORGANISATIONS - FOREIGN_ORGANISATIONS) * scale)),
    )
    organisations = _write_organisations(samples)
    seats = _employers(rnd, organisations, total=total, foreign=foreign)
    _write_participants(rnd, event, seats, scale=scale)
    _write_interpreters(rnd, event, number=max(6, round(INTERPRETERS * scale)))
    return event


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


def _write_organisations(samples: list[SampleOrganisation]) -> list[tuple[Organisation, SampleOrganisation]]:
    rows = [
        Organisation(
            name=sample.name,
            name_key=organisation_key(sample.name.original_words().text),
            kind=sample.kind,
            country=sample.country,
            place=sample.place,
            num_staff=sample.num_staff,
            is_sample=True,
        )
        for sample in samples
    ]
    Organisation.objects.bulk_create(rows, batch_size=BATCH)
    return list(zip(rows, samples, strict=True))


Employer = tuple[Organisation, SampleOrganisation]


def _employers(
    rnd: random.Random, organisations: list[Employer], *, total: int, foreign: int
) -> list[tuple[Employer, str]]:
    """For whom each participant comes, and where they live: everybody somewhere, some organisations with many."""
    abroad = [one for one in organisations if one[1].country != "CN"]
    at_home = [one for one in organisations if one[1].country == "CN"]
    seats = []
    for pool, number in ((abroad, foreign), (at_home, total - foreign)):
        chosen = list(pool[:number])
        # 55 % of organisations send one person, few send many
        weights = [rnd.choices([0, 1, 2.5, 7], [55, 25, 12, 8])[0] + 0.01 for _ in pool]
        chosen += rnd.choices(pool, weights, k=max(0, number - len(chosen)))
        seats += [(one, one[1].country) for one in chosen]
    return seats


def _write_participants(
    rnd: random.Random, event: Event, seats: list[tuple[Employer, str]], *, scale: float
) -> None:
    people = [make_person(rnd, country) for _, country in seats]
    addresses = []
    for number, (_employer, country) in enumerate(seats, start=1):
        has_address = rnd.random() < (0.8 if country == "CN" else 0.99)
        domain = (
            "example.cn"
            if country == "CN"
            else "example.org"
            if country in ("DE", "AT", "CH")
            else "example.com"
        )
        addresses.append(f"p{number:04d}@{domain}" if has_address else None)
    rows = _write_persons(people, addresses, [country for _, country in seats], prefix="wx_sample_")
    categories = _categories(rnd, seats, scale=scale)
    booths = list(Booth.objects.filter(hall__event=event).order_by("id"))
    exhibitors = 0
    participations = []
    for person, sample, ((organisation, firm), _country), category in zip(
        rows, people, seats, categories, strict=True
    ):
        language = sample.language
        has_profile = category in ("matchmaking", "exhibitor") or (
            category == "delegate"
            and firm.kind in ("sme", "large", "institute", "university", "service")
            and rnd.random() < 0.62
        )
        booth = None
        if category == "exhibitor":
            booth = booths[exhibitors % len(booths)] if exhibitors < len(booths) else None
            exhibitors += 1
        wished = firm.sector if rnd.random() < 0.6 else weighted(rnd, SECTORS)
        participations.append(
            Participation(
                event=event,
                person=person,
                organisation=organisation,
                function=Text.of(
                    language, **{language: rnd.choice(load("sentences")[language]["functions"])}
                ),
                category=category,
                offers=compose(rnd, field=firm.sector, side="offers", language=language)
                if has_profile
                else Text(language),
                seeks=compose(rnd, field=wished, side="seeks", language=language)
                if has_profile and rnd.random() < 0.93
                else Text(language),
                booth=booth,
                is_listed=rnd.random() < 0.83,
                sort_key=person.sort_key,
                is_sample=True,
            )
        )
    Participation.objects.bulk_create(participations, batch_size=BATCH)
    _write_unavailabilities(rnd, event, participations)


def _write_persons(
    people: list[SamplePerson], addresses: list[str | None], countries: list[str], *, prefix: str
) -> list[Person]:
    users = [
        User(
            email=address,
            name=display(sample.name, "en"),
            language=_INTERFACE[sample.language],
            time_zone=ZONES.get(country, "Europe/Berlin"),
            password=make_password(None),
            is_sample=True,
        )
        for sample, address, country in zip(people, addresses, countries, strict=True)
    ]
    User.objects.bulk_create(users, batch_size=BATCH)
    rows = [
        Person(
            user=user,
            family=sample.name.family,
            given=sample.name.given,
            native_family=sample.name.native_family,
            native_given=sample.name.native_given,
            name_order=str(sample.name.order),
            title=sample.name.titles,
            email=address,
            # numbers that no network gives out
            phone=f"+86 531 0000 {number:04d}" if country == "CN" else f"+49 351 0000 {number:04d}",
            wechat=f"{prefix}{number:04d}" if country == "CN" else "",
            country=country,
            language=sample.language,
            sort_key=sort_key(sample.name),
            candidate_key=candidate_key(sample.name),
            is_sample=True,
        )
        for number, (user, sample, address, country) in enumerate(
            zip(users, people, addresses, countries, strict=True), start=1
        )
    ]
    Person.objects.bulk_create(rows, batch_size=BATCH)
    PersonLanguage.objects.bulk_create(
        (
            PersonLanguage(person=row, code=code, level=level, is_assumed=is_assumed)
            for row, sample in zip(rows, people, strict=True)
            for code, (level, is_assumed) in sample.levels.items()
        ),
        batch_size=BATCH,
    )
    return rows


def _categories(rnd: random.Random, seats: list[tuple[Employer, str]], *, scale: float) -> list[str]:
    """Badge categories: matchmaking half European, half Chinese companies; the others by their number."""
    categories = ["delegate"] * len(seats)
    firms = ("sme", "large", "institute", "university", "service")
    order = list(range(len(seats)))
    rnd.shuffle(order)
    able = [index for index in order if seats[index][0][1].kind in firms]
    europe = [index for index in able if seats[index][1] != "CN"]
    china = [index for index in able if seats[index][1] == "CN"]
    wanted = max(30, round(MATCHMAKING * scale))
    for_europe = min(len(europe), round(wanted * 0.47))
    chosen = europe[:for_europe] + china[: wanted - for_europe]
    for index in chosen:
        categories[index] = "matchmaking"
    rest = [index for index in order if categories[index] == "delegate"]
    start = 0
    for category, number in (
        ("exhibitor", EXHIBITORS),
        ("speaker", 78),
        ("vip", 64),
        ("media", 80),
        ("diplomatic", 24),
    ):
        count = round(number * scale)
        pool = [
            index for index in rest[start:] if category != "exhibitor" or seats[index][0][1].kind in firms
        ]
        for index in pool[:count]:
            categories[index] = category
        rest = [index for index in rest if categories[index] == "delegate"]
        start = 0
    return categories


def _write_unavailabilities(rnd: random.Random, event: Event, participations: list[Participation]) -> None:
    """Forums, late arrivals, early departures; and an Israeli guest's Friday afternoon."""
    zone = event.tzinfo

    def stretch(day: int, start: int, end: int) -> tuple[datetime, datetime]:
        midnight = datetime(2018, 11, day, tzinfo=zone)
        return midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)

    rows = []
    for one in participations:
        if one.category not in ("matchmaking", "exhibitor"):
            continue
        draw = rnd.random()
        if draw < 0.10:
            rows.append((one, *stretch(1, 14 * 60, 15 * 60)))  # a forum's opening
        elif draw < 0.16:
            rows.append((one, *stretch(1, 13 * 60, 15 * 60 + 30)))  # arrives late
        elif draw < 0.24:
            rows.append((one, *stretch(2, 10 * 60 + 30, 24 * 60)))  # leaves early
        elif draw < 0.28:
            rows.append((one, *stretch(2, 9 * 60, 10 * 60)))
        if one.person.country == "IL":
            rows.append((one, *stretch(2, 13 * 60, 24 * 60)))
    Unavailability.objects.bulk_create(
        [Unavailability(participation=one, starts_at=start, ends_at=end) for one, start, end in rows],
        batch_size=BATCH,
    )


def _write_interpreters(rnd: random.Random, event: Event, *, number: int) -> None:
    people = [make_person(rnd, "CN" if index % 3 else "DE") for index in range(number)]
    pairs = [
        ["de-zh"] if index % 9 < 4 else ["en-zh"] if index % 9 < 8 else ["de-zh", "en-zh"]
        for index in range(number)
    ]
    made = [
        SamplePerson(
            name=person.name,
            levels={code: ("C2", False) for pair in own for code in pair.split("-")} | {"zh": ("C2", False)},
            language=person.language,
        )
        for person, own in zip(people, pairs, strict=True)
    ]
    addresses: list[str | None] = [f"interpreter{index:02d}@example.org" for index in range(1, number + 1)]
    rows = _write_persons(made, addresses, ["CN"] * number, prefix="wx_interpreter_")
    interpreters = [
        Interpreter(event=event, person=row, pairs=own, max_run=4, is_sample=True)
        for row, own in zip(rows, pairs, strict=True)
    ]
    Interpreter.objects.bulk_create(interpreters)
    zone = event.tzinfo
    InterpreterUnavailability.objects.bulk_create(
        InterpreterUnavailability(
            interpreter=one,
            starts_at=datetime(2018, 11, 2, 9, 0, tzinfo=zone),
            ends_at=datetime(2018, 11, 2, 10, 15, tzinfo=zone),
        )
        for one in interpreters[::9]
    )


@transaction.atomic
def _build_requests(event: Event, *, seed: int, scale: float) -> None:
    """Requests among the best matches; who is accepted follows the mix of meeting languages of such events."""
    rnd = random.Random(f"requests-{seed}")  # noqa: S311 -- sample data, not secrets
    people = {
        one.pk: one
        for one in event.participations.filter(category__in=("matchmaking", "exhibitor"))
        .select_related("person", "booth")
        .prefetch_related("person__languages")
    }
    levels = {
        pk: {spoken.code: spoken.level for spoken in one.person.languages.all()} for pk, one in people.items()
    }
    pairs: dict[tuple[int, int], tuple[float, str]] = {}
    rows = Recommendation.objects.filter(participation__in=people, partner__in=people)
    for one, other, score in rows.order_by("-score", "id").values_list("participation", "partner", "score"):
        if (one, other) in pairs or (other, one) in pairs:
            continue
        way = common_language([levels[one], levels[other]]) or interpreted_pair(levels[one], levels[other])
        pairs[one, other] = (score, way)
    ranked = sorted(pairs.items(), key=lambda item: -item[1][0] + rnd.random() * 0.2)
    wanted = {
        "accepted": round(ACCEPTED * scale),
        "declined": round(DECLINED * scale),
        "expired": round(EXPIRED * scale),
    }
    total = round(REQUESTS * scale)
    accepted = _accepted(
        ranked,
        {pk: 10 if one.category == "matchmaking" else 6 for pk, one in people.items()},
        wanted["accepted"],
    )
    others = [pair for pair, _ in ranked if pair not in accepted]
    # people also ask whom nobody proposed to them
    able = list(people.values())
    while len(others) < total - len(accepted):
        first, second = rnd.sample(able, 2)
        pair = (first.pk, second.pk)
        known = pair in pairs or (pair[1], pair[0]) in pairs
        if not known and first.organisation_id != second.organisation_id:
            pairs[pair] = (0.0, "")
            others.append(pair)
    missing = wanted["accepted"] - len(accepted)
    accepted += others[:missing]
    others = others[missing : total - wanted["accepted"] + missing]
    states = ["declined"] * wanted["declined"] + ["expired"] * wanted["expired"]
    states += ["withdrawn"] * (len(others) - len(states))
    rnd.shuffle(states)
    _write_requests(
        rnd,
        event,
        people,
        [(pair, "accepted") for pair in accepted] + list(zip(others, states, strict=False)),
    )


def _accepted(
    ranked: list[tuple[tuple[int, int], tuple[float, str]]], room: dict[int, int], wanted: int
) -> list[tuple[int, int]]:
    """The best pairs within the shares of meeting languages and each person's room; then interpreted ones, then the rest."""
    quota = {way: round(wanted * share / 100) for way, share in WAYS.items()}
    chosen: dict[tuple[int, int], None] = {}
    passes = ({way for way, share in quota.items() if share}, {"en-zh", "de-zh", "de-en"}, None)
    for number, allowed in enumerate(passes):
        for pair, (_score, way) in ranked:
            if len(chosen) >= wanted:
                break
            if (
                pair in chosen
                or room[pair[0]] <= 0
                or room[pair[1]] <= 0
                or (allowed is not None and way not in allowed)
            ):
                continue
            if number == 0 and quota[way] <= 0:
                continue
            chosen[pair] = None
            quota[way] = quota.get(way, 0) - 1
            room[pair[0]] -= 1
            room[pair[1]] -= 1
    return list(chosen)


def _write_requests(
    rnd: random.Random,
    event: Event,
    people: dict[int, Participation],
    made: list[tuple[tuple[int, int], str]],
) -> None:
    requests, meetings, parties = [], [], []
    opened = datetime(2018, 10, 4, 1, 0, tzinfo=UTC)
    frames = load("sentences")["reasons"]
    for (one, other), state in made:
        sender, recipient = people[one], people[other]
        sent = opened + timedelta(minutes=rnd.randint(0, 19 * 24 * 60))
        language = sender.person.language
        answered = sent + timedelta(hours=72 if state == "expired" else rnd.randint(1, 70))
        request = MeetingRequest(
            event=event,
            sender=sender,
            recipient=recipient,
            reason=rnd.choice(frames[language]),
            reason_language=language,
            state=state,
            decline_reason=rnd.choice(MeetingRequest.DeclineReason.values) if state == "declined" else "",
            sent_at=sent,
            expires_at=sent + timedelta(hours=72),
            answered_at=answered,
            is_sample=True,
        )
        requests.append(request)
        if state == "accepted":
            levels = [
                {spoken.code: spoken.level for spoken in side.person.languages.all()}
                for side in (sender, recipient)
            ]
            language = common_language(levels)
            booth = recipient.booth or sender.booth
            meeting = Meeting(
                event=event,
                request=request,
                language=language,
                pair="" if language else interpreted_pair(levels[0], levels[1]),
                booth=booth,
                created_at=answered,
                is_sample=True,
            )
            meetings.append(meeting)
            parties += [(meeting, sender, 0), (meeting, recipient, 1)]
    MeetingRequest.objects.bulk_create(requests, batch_size=BATCH)
    Meeting.objects.bulk_create(meetings, batch_size=BATCH)
    MeetingParty.objects.bulk_create(
        (MeetingParty(meeting=meeting, participation=who, side=side) for meeting, who, side in parties),
        batch_size=BATCH,
    )


def _build_plan(event: Event, *, report: Callable[[int], None]) -> None:
    organiser = User.objects.get(organising__event=event)
    at = datetime(2018, 10, 29, 8, 0, tzinfo=UTC)
    run = plan_now(event, seconds=10, seed=1, by=organiser, at=at, report=report)
    publish_plan(run, after_number=0, by=organiser, at=at)
    for one in (
        Participation.objects.filter(event=event, person__email=None, seats__isnull=False)
        .distinct()
        .select_related("person__user")
    ):
        if one.person.user is not None:
            issue_personal_code(one.person.user, by=organiser, at=at)


def sample_sign_ins() -> dict[str, User]:
    """One person per role: a participant and an interpreter with many meetings, the organiser, the operator."""
    event = Event.objects.filter(slug=SLUG).first()
    if event is None:
        return {}
    found = {
        "participant": _busiest(
            event.participations.filter(person__country="DE", person__email__isnull=False)
        ),
        "interpreter": _busiest(event.interpreters.all()),
        "organiser": User.objects.filter(email="organiser@example.org").first(),
        "operator": User.objects.filter(email="operator@example.org").first(),
    }
    chinese = _busiest(event.participations.filter(person__country="CN", person__email__isnull=False))
    return {role: user for role, user in {**found, "participant_zh": chinese}.items() if user is not None}


def _busiest(rows: Any) -> User | None:
    row = rows.annotate(num=Count("seats")).order_by("-num", "id").select_related("person__user").first()
    return row.person.user if row is not None else None
